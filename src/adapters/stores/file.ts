import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsync,
  linkSync,
  openSync,
  readFile,
  readFileSync,
  statSync,
  unlinkSync,
  writeFile,
  writeFileSync,
} from 'node:fs';
import { mkdir, open, readdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { Failure } from '../../core/outcome/failure.js';
import type { Store } from '../../ports/store.js';
import { folders } from './folders.js';
import { limit } from './limit.js';
import { checkName } from './names.js';

/*
 *  1. A name appears with all its bytes or not at all: they are written and fsynced under another name first.
 *  2. A name is created once: `link` refuses one that is there, where `rename` would silently replace it.
 *  3. `created` and `exists` are both said only after the name is durable (folders.ts).
 *  4. What dead processes left lies in `.tmp`, where no name can lead.
 *  5. What always waits for the disk, or moves many bytes, is done beside the thread; what a local file system answers
 *     from memory or its journal is done in it, for handing it over costs more (bench/README.md).
 */

const file = { read: promisify(readFile), write: promisify(writeFile), sync: promisify(fsync) };

/** Files open at a time, well below the usual limit of 1,024 for a process. */
const OPEN_FILES = 64;
/** Bytes: what is larger is looked for before it is written again (for what is smaller `link` will tell), and written aside. */
const LARGE = 64 * 1024;
const IDENTITY = 'store.json';
const TEMPORARY = '.tmp';

/**
 * A store in a folder of a local file system, shared by any number of processes; the folder is made if missing.
 * @param how `blocking`: reads hold up the thread, for one that serves nobody else; many small files in a third of the time
 * @throws Failure `StoreUnavailable`
 */
export async function fileStore(folder: string, how: { readonly blocking?: boolean } = {}): Promise<Store> {
  const root = resolve(folder);
  const dirs = folders(root);
  const limited = limit(OPEN_FILES);
  let count = 0;
  const own = `${process.pid}-${randomBytes(6).toString('hex')}`;

  async function create(name: string, bytes: Uint8Array): Promise<'created' | 'exists'> {
    const path = join(root, name);
    const parent = dirname(path);
    try {
      await dirs.make(parent);
      const done = await limited(async () =>
        bytes.length > LARGE && existsSync(path)
          ? 'exists'
          : linkNew(path, join(root, TEMPORARY, `${own}-${count++}`), bytes),
      );
      await dirs.sync(parent);
      return done;
    } catch (error) {
      dirs.forget(parent);
      throw unavailable(error, `write ${path}`);
    }
  }

  async function read(
    name: string,
    range?: { readonly offset: number; readonly length: number },
  ): Promise<Uint8Array | undefined> {
    const path = join(root, name);
    try {
      if (!statSync(path, { throwIfNoEntry: false })) return undefined;
      if (range) return await limited(() => readRange(path, range));
      return how.blocking ? readFileSync(path) : await limited(() => file.read(path));
    } catch (error) {
      if (isCode(error, 'ENOENT', 'ENOTDIR', 'EISDIR')) return undefined;
      throw unavailable(error, `read ${path}`);
    }
  }

  /** Walks only the folder that `prefix` names as far as its last slash. */
  async function list(prefix: string): Promise<readonly string[]> {
    const within = prefix.slice(0, prefix.lastIndexOf('/') + 1);
    try {
      const entries = await readdir(join(root, within), { withFileTypes: true, recursive: true });
      return entries
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
        .filter((name) => name.startsWith(prefix) && !name.startsWith(TEMPORARY) && name !== IDENTITY);
    } catch (error) {
      if (isCode(error, 'ENOENT', 'ENOTDIR')) return [];
      throw unavailable(error, `list ${join(root, within)}`);
    }
  }

  try {
    const topmost = await mkdir(join(root, TEMPORARY), { recursive: true });
    for (let at = root; topmost && at.length >= dirname(topmost).length; at = dirname(at)) {
      await dirs.sync(at);
      if (at === dirname(at)) break;
    }
  } catch (error) {
    throw unavailable(error, `make the folder ${root}`);
  }
  await create(IDENTITY, Buffer.from(`${JSON.stringify({ v: 1, id: randomBytes(6).toString('hex') })}\n`));
  return {
    id: identity(await read(IDENTITY), join(root, IDENTITY)),
    // async, so that a name that cannot be kept is a rejection like any other failure
    create: async (name, bytes) => {
      checkName(name);
      return create(name, bytes);
    },
    read: async (name, range) => {
      checkName(name);
      return read(name, range);
    },
    list,
  };
}

async function linkNew(path: string, temporary: string, bytes: Uint8Array): Promise<'created' | 'exists'> {
  const handle = openSync(temporary, 'wx', 0o600);
  try {
    try {
      if (bytes.length > LARGE) await file.write(handle, bytes);
      else writeFileSync(handle, bytes);
      await file.sync(handle);
    } finally {
      closeSync(handle);
    }
    linkSync(temporary, path);
    return 'created';
  } catch (error) {
    if (isCode(error, 'EEXIST')) return 'exists';
    throw error;
  } finally {
    remove(temporary);
  }
}

function remove(temporary: string): void {
  try {
    unlinkSync(temporary);
  } catch {
    // What stays behind does no harm: invariant 4.
  }
}

async function readRange(
  path: string,
  { offset, length }: { readonly offset: number; readonly length: number },
): Promise<Uint8Array> {
  const handle = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(length);
    let filled = 0;
    while (filled < length) {
      const { bytesRead } = await handle.read(buffer, filled, length - filled, offset + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return buffer.subarray(0, filled);
  } finally {
    await handle.close();
  }
}

const isCode = (error: unknown, ...codes: readonly string[]): boolean =>
  error instanceof Error && codes.includes(String((error as NodeJS.ErrnoException).code));

function identity(bytes: Uint8Array | undefined, path: string): string {
  try {
    const { id } = JSON.parse(Buffer.from(bytes ?? []).toString()) as { id?: unknown };
    if (typeof id === 'string' && /^[a-z0-9]+$/.test(id)) return id;
  } catch {
    // said below
  }
  throw new Failure(
    'StoreUnavailable',
    `${path} does not hold the identity of a store. Restore that file, or point MUSTER_HOME at another folder.`,
  );
}

const ADVICE: { readonly [code: string]: string } = {
  ENOSPC: 'The disk is full: free some space.',
  EDQUOT: 'The disk quota is used up: free some space.',
  EROFS: 'The file system is read-only: point MUSTER_HOME at a folder that can be written.',
  EACCES: 'Permission is denied: give this user the folder, or point MUSTER_HOME at another.',
  EPERM: 'The file system may not support hard links: point MUSTER_HOME at a local disk.',
  ENOTSUP: 'The file system does not support hard links: point MUSTER_HOME at a local disk.',
  EIO: 'The disk reports an error: check it.',
  EMFILE: 'Too many files are open: raise the limit (ulimit -n).',
  ENFILE: 'Too many files are open on this machine.',
};

function unavailable(cause: unknown, doing: string): Failure {
  const code = (cause as NodeJS.ErrnoException).code ?? '';
  const advice = ADVICE[code] ?? 'Check the folder and its disk.';
  return new Failure(
    'StoreUnavailable',
    `The store could not ${doing} (${code || String(cause)}). ${advice} What was running goes on from its log once the store is back.`,
    { cause },
  );
}
