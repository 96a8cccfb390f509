import { createRequire } from 'node:module';

/** Of Muster, as its package says. */
export const { version: VERSION } = createRequire(import.meta.url)('../package.json') as { version: string };
