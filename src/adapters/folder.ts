import { constants } from 'node:fs';
import { access, readFile, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join, posix, resolve } from 'node:path';
import { glob } from 'tinyglobby';
import { Failure } from '../core/outcome/failure.js';
import type { Surroundings } from '../core/plan/surroundings.js';
import { sha256 } from './digest.js';
import { baseOf } from './git/base.js';
import { knownPrices } from './prices.js';
import { OWN_ROLES, ownRole } from './roles.js';
import { limit } from './stores/limit.js';

/** Files open at a time, well below the usual limit of 1,024 for a process. */
const OPEN_FILES = 64;

/**
 * What compiling needs of the world around, from this machine's file system. Commands are looked for on `path`, written
 * as PATH is; absent, where they will run is not known, and any name may be one.
 */
export function surroundings(path?: string): Surroundings {
  return {
    digest: sha256,
    glob: filesIn,
    read: textOf,
    ownRoles: OWN_ROLES,
    get prices() {
      return knownPrices();
    },
    ownRole,
    commandExists: (name, folder) => commandExists(name, path, folder),
    base: (kind, folder, file) => baseOf(kind, folder, { path, ...(file !== undefined && { file }) }),
  };
}

/**
 * Regular files that match, sorted by path, each once. Folders that are links are not entered: they could lead round
 * in a circle or out of the folder.
 * @throws Failure `InvalidInput` where one of them cannot be read
 */
const filesIn = (pattern: string, folder: string) =>
  eachFile(pattern, folder, (path, bytes) => ({ path, bytes }));

/**
 * One digest over paths and content of the files that match any of the patterns; of none, that of nothing.
 * @throws Failure `InvalidInput` where one of them cannot be read
 */
export async function filesDigest(patterns: readonly string[], folder: string): Promise<string> {
  const files = await Promise.all(
    patterns.map((pattern) => eachFile(pattern, folder, (path, bytes) => `${sha256(bytes)} ${path}`)),
  );
  return sha256([...new Set(files.flat())].sort().join('\n'));
}

const HIDDEN = /(^|\/)\.(?!\.?(\/|$))/;
const SPELLS_HIDDEN = /(^|[/{(,|])\./;

async function eachFile<T>(
  pattern: string,
  folder: string,
  as: (path: string, bytes: Uint8Array) => T,
): Promise<T[]> {
  const { base, rest } = whereItBegins(pattern);
  const found = await glob([rest], {
    cwd: resolve(folder, base),
    onlyFiles: true,
    dot: false,
    followSymbolicLinks: false,
    expandDirectories: false,
  });
  const paths = found
    .map((path) => path.replaceAll('\\', '/'))
    // picomatch 4.0 lets `!(…)` name a hidden file, though told that only a pattern that spells the dot may.
    .filter((path) => !HIDDEN.test(path) || SPELLS_HIDDEN.test(rest))
    .map((path) => base + path)
    .sort((a, b) => (a < b ? -1 : 1));
  const limited = limit(OPEN_FILES);
  const read = (path: string) =>
    limited(async () => as(path, await readFile(resolve(folder, path)))).catch(unreadable(path));
  return Promise.all(paths.map(read));
}

/**
 * The folders that a pattern names as they are, and what is a pattern below them. It is matched from there: of one that
 * leads above the folder it starts from (`../**`), tinyglobby 0.2 would leave out what is in that folder.
 */
function whereItBegins(pattern: string): { readonly base: string; readonly rest: string } {
  const parts = pattern.split('/');
  const magic = parts.findIndex((part) => /[\\*?[\]{}()]/.test(part));
  const at = magic < 0 ? parts.length - 1 : magic;
  const base = posix.normalize(
    parts
      .slice(0, at)
      .map((part) => `${part}/`)
      .join(''),
  );
  return { base: base === '.' || base === './' ? '' : base, rest: parts.slice(at).join('/') };
}

/** @throws Failure `InvalidInput` where there is one, and it cannot be read */
async function textOf(path: string, folder: string): Promise<string | undefined> {
  try {
    return await readFile(resolve(folder, path), 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    return unreadable(path)(error);
  }
}

const unreadable = (path: string) => (cause: unknown) => {
  const { message } = cause as Error;
  throw new Failure(
    'InvalidInput',
    `\`${path}\` cannot be read: ${message}. Make it readable, or name another file.`,
    { cause },
  );
};

/** A name with a slash is a path, from the folder. Relative folders on PATH do not count: `run` leaves them out too. */
async function commandExists(name: string, path: string | undefined, folder = '/'): Promise<boolean> {
  if (name.includes('/')) return executable(resolve(folder, name));
  if (path === undefined) return true;
  for (const place of path.split(delimiter).filter(isAbsolute)) {
    if (await executable(join(place, name))) return true;
  }
  return false;
}

async function executable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

const isMissing = (error: unknown): boolean =>
  ['ENOENT', 'ENOTDIR', 'EISDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
