import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { type Config, readConfig } from '../../src/config.js';
import { stopSupervisor } from '../../src/temporal/bringUp.js';
import { locate } from '../../src/temporal/locate.js';

/** The environment of these tests, without any service of the person who runs them. */
export function settings(extra: { readonly [name: string]: string } = {}): { [name: string]: string } {
  const kept = Object.entries(process.env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && !/^(TEMPORAL|MUSTER|OPENAI)_/.test(entry[0]),
  );
  return { ...Object.fromEntries(kept), ...extra };
}

/** Folders that are removed, and supervisors that are stopped, when the tests of a file are over. */
export function homes() {
  const made: Config[] = [];
  const folders: string[] = [];
  const folder = (): string => {
    const path = mkdtempSync(join(tmpdir(), 'muster-home-'));
    folders.push(path);
    return path;
  };
  return {
    folder,
    config(extra: { readonly [name: string]: string } = {}): Config {
      const config = readConfig(settings({ MUSTER_HOME: join(folder(), 'state'), ...extra }));
      made.push(config);
      return config;
    },
    async clear(): Promise<void> {
      await Promise.all(made.map(stopSupervisor));
      for (const path of folders) rmSync(path, { recursive: true, force: true });
    },
  };
}

/** A machine that never had a server builds one first, which takes minutes. */
export const FIRST_TIME_MS = 1_200_000;

/**
 * Stands for the command line's main file: `dev` supervises, `worker` is a worker that does nothing.
 * The server is in place when it returns.
 */
export async function builtEntry(): Promise<string> {
  await locate(readConfig(settings()));
  const outfile = fileURLToPath(new URL('../../.cache/entry.mjs', import.meta.url));
  await build({
    entryPoints: [fileURLToPath(new URL('./entry.ts', import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'silent',
  });
  return outfile;
}
