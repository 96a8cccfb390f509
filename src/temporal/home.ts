import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

/** The state folder; what Muster makes in it is readable by its owner alone, even where the folder itself was there. */
export function prepareHome(home: string): void {
  for (const folder of [home, join(home, 'logs'), serverFolder(home)])
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  // Should it lie in somebody's repository or in a plan's folder, it is none of theirs.
  if (readdirSync(home).every((name) => OURS.has(name)))
    writeFileSync(join(home, '.gitignore'), '*\n', { mode: 0o600 });
}

/** What may be there before: never hide what somebody else keeps in that folder. */
const OURS = new Set(['logs', 'server', 'store', 'workspaces', 'reports', '.gitignore']);

export const serverFolder = (home: string): string => join(home, 'server');

export const logFile = (home: string, name: LogName): string => join(home, 'logs', `${name}.log`);
export type LogName = 'server' | 'worker' | 'supervisor';

/** Lends a descriptor to append to; a log beyond 10 MB is set aside first, over the one before it. */
export function withLog<T>(home: string, name: LogName, use: (descriptor: number) => T): T {
  const path = logFile(home, name);
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 10e6) renameSync(path, `${path}.old`);
  const descriptor = openSync(path, 'a', 0o600);
  try {
    return use(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** The last lines of a log, for an error message. */
export function tailOf(home: string, name: LogName, lines = 5): string {
  try {
    return readFileSync(logFile(home, name), 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  } catch {
    return '';
  }
}
