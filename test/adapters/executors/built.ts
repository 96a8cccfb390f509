import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll } from 'vitest';

/** What threads and child processes are started from: Node runs no TypeScript, so the code lies here as it is built. */
export async function builtEntries(): Promise<{ readonly call: URL; readonly host: URL }> {
  const cache = join(import.meta.dirname, '../../../node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const outdir = mkdtempSync(join(cache, 'muster-test-'));
  afterAll(() => rmSync(outdir, { recursive: true }));
  await build({
    entryPoints: [
      'src/adapters/executors/*.ts',
      'src/threads/*.ts',
      'src/ports/*.ts',
      'src/core/outcome/*.ts',
      'src/core/plan/nearest.ts',
    ],
    outbase: 'src',
    outdir,
    platform: 'node',
    format: 'esm',
  });
  const url = (path: string) => pathToFileURL(join(outdir, path));
  return { call: url('threads/call.js'), host: url('threads/host.js') };
}

export const FUNCTIONS = pathToFileURL(join(import.meta.dirname, '../../support/functions.mjs')).href;
