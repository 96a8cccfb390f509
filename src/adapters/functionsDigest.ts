import { readFileSync } from 'node:fs';
import { sha256 } from './digest.js';

/** Of the module of functions at a URL, as it is now. */
export const functionsDigest = (functions: string): string => sha256(readFileSync(new URL(functions)));
