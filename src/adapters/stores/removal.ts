import {
  existsSync,
  linkSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmdirSync,
  type Stats,
  unlinkSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { isCode } from './errno.js';
import type { Folders } from './folders.js';
import { UNIQUE, unique } from './unique.js';

/*
 * Names taken away while other processes create them.
 *  1. `exists` is said only of a name that was made younger and was in its place after that (`refresh`).
 *  2. A name is moved aside before its age is looked at. Who made it younger until then is seen, and it is put back;
 *     who comes later finds no name, and creates it.
 *  3. What lies aside is there for all who read or list, so a process that dies between the two loses nothing: the next
 *     one that removes the name decides anew.
 *  4. Folders left empty go as well: whoever creates a name makes them again.
 *  5. Each moves names aside under a name of its own, so that none takes away what another one moved later.
 *  6. Nothing but regular files is touched.
 */
export interface Removal {
  /** Makes a name younger; false where it is not there any more. */
  refresh(path: string): boolean;
  /** Where the bytes of a name may lie, in the order in which they have to be looked for. */
  placesOf(name: string): Iterable<string>;
  /** Names that lie aside. */
  aside(): readonly string[];
  remove(name: string, since: number): Promise<number | undefined>;
}

const ASIDE = '.aside';
/** A name in one part, and who moved it; no name has the characters. */
const flat = (name: string, who: string): string => `${name.replaceAll('/', '+')}~${who}`;
const unflat = (entry: string): string => entry.replace(/~.*$/, '').replaceAll('+', '/');

/** A process that has not put a temporary file in its place within a day will not do so any more, ms. */
const TEMPORARY_MS = 86_400_000;

/** @param temporary the folder in which dead processes leave files that never got a name; cleared with the first removal */
export function removal(root: string, temporary: string, dirs: Folders): Removal {
  const beside = join(root, ASIDE);
  let cleared = false;
  let anyAside = false;

  const asideOf = (name: string): readonly string[] =>
    filesIn(beside).flatMap((entry) => (unflat(entry) === name ? join(beside, entry) : []));

  function refresh(path: string): boolean {
    try {
      const now = new Date();
      lutimesSync(path, now, now);
    } catch (error) {
      if (isCode(error, 'ENOENT')) return false;
      throw error;
    }
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  }

  function moveAside(path: string, to: string): void {
    if (!fileAt(path)) return;
    mkdirSync(beside, { recursive: true, mode: 0o700 });
    quietly(['ENOENT'], () => renameSync(path, to));
  }

  async function remove(name: string, since: number): Promise<number | undefined> {
    if (!cleared) clear(temporary);
    cleared = true;
    const path = join(root, name);
    moveAside(path, join(beside, flat(name, unique())));
    // Its own, and what processes left that died: of each is decided by its age.
    const found = asideOf(name).flatMap((at) => {
      const file = fileAt(at);
      return file ? [{ at, size: file.size, goes: file.mtimeMs < since }] : [];
    });
    if (found.length === 0) return undefined;
    let gone: number | undefined;
    for (const { at, size, goes } of found) {
      if (!goes) quietly(['EEXIST', 'ENOENT'], () => linkSync(at, path));
      // Of two that remove it at once, one has.
      if (quietly(['ENOENT'], () => unlinkSync(at))) gone ??= size;
    }
    const stays = found.some(({ goes }) => !goes);
    await syncUp(stays ? dirname(path) : withoutEmpty(dirname(path)));
    await syncUp(beside);
    return stays ? undefined : gone;
  }

  /** Removes the folder and those above it as long as they are empty; returns the first that stays. */
  function withoutEmpty(folder: string): string {
    let at = folder;
    try {
      for (; at !== root; at = dirname(at)) {
        rmdirSync(at);
        dirs.forget(at);
      }
    } catch (error) {
      if (!isCode(error, 'ENOTEMPTY', 'EEXIST', 'ENOENT', 'ENOTDIR')) throw error;
    }
    return at;
  }

  async function syncUp(folder: string): Promise<void> {
    try {
      await dirs.sync(folder);
    } catch (error) {
      if (!isCode(error, 'ENOENT') || folder === root) throw error;
      await syncUp(dirname(folder));
    }
  }

  return {
    refresh,
    // Put back between the first look and the second, it is found by the third.
    *placesOf(name) {
      yield join(root, name);
      // A name is moved only once there is somewhere to move it to.
      anyAside ||= existsSync(beside);
      if (!anyAside) return;
      yield* asideOf(name);
      yield join(root, name);
    },
    aside: () => filesIn(beside).map(unflat),
    remove,
  };
}

function clear(temporary: string): void {
  for (const entry of filesIn(temporary)) {
    const path = join(temporary, entry);
    const old = (fileAt(path)?.mtimeMs ?? Number.POSITIVE_INFINITY) < Date.now() - TEMPORARY_MS;
    if (old && UNIQUE.test(entry)) quietly(['ENOENT'], () => unlinkSync(path));
  }
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
      entry.isFile() ? entry.name : [],
    );
  } catch (error) {
    if (isCode(error, 'ENOENT')) return [];
    throw error;
  }
}

/** Undefined where nothing, or something else than a regular file, is there. */
function fileAt(path: string): Stats | undefined {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found?.isFile() ? found : undefined;
}

/** False where it failed with one of these. */
function quietly(codes: readonly string[], act: () => void): boolean {
  try {
    act();
    return true;
  } catch (error) {
    if (!isCode(error, ...codes)) throw error;
    return false;
  }
}
