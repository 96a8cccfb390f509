import { randomBytes } from 'node:crypto';
import {
  closeSync,
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
import type { Kept, Store } from '../../ports/store.js';
import { isCode, unavailable } from './errno.js';
import { folders } from './folders.js';
import { limit } from './limit.js';
import { checkName } from './names.js';
import { removal } from './removal.js';
import { unique } from './unique.js';

/*
 *  1. A name appears with all its bytes or not at all: they are written and fsynced under another name first.
 *  2. A name is created once: `link` refuses one that is there, where `rename` would silently replace it.
 *  3. `created` and `exists` are both said only after the name is durable (folders.ts).
 *  4. What dead processes left lies in `.tmp`, where no name can lead.
 *  5. What always waits for the disk, or moves many bytes, is done beside the thread; what a local file system answers
 *     from memory or its journal is done in it, for handing it over costs more (bench/README.md).
 *  6. When a name was last answered for is its file's time of modification; how names go, removal.ts says.
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
  const removing = removal(root, join(root, TEMPORARY), dirs);
  const limited = limit(OPEN_FILES);

  async function create(name: string, bytes: Uint8Array): Promise<'created' | 'exists'> {
    const path = join(root, name);
    const parent = dirname(path);
    const put = async () => {
      await dirs.make(parent);
      return limited(async () =>
        bytes.length > LARGE && removing.refresh(path)
          ? 'exists'
          : linkNew(path, join(root, TEMPORARY, unique()), bytes, removing.refresh),
      );
    };
    try {
      const done = await put().catch((error) => {
        // Its folder was left empty, and went.
        if (!isCode(error, 'ENOENT')) throw error;
        dirs.forget(parent);
        return put();
      });
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
    for (const path of removing.placesOf(name)) {
      try {
        if (!statSync(path, { throwIfNoEntry: false })) continue;
        if (range) return await limited(() => readRange(path, range));
        return how.blocking ? readFileSync(path) : await limited(() => file.read(path));
      } catch (error) {
        if (!isCode(error, 'ENOENT', 'ENOTDIR', 'EISDIR')) throw unavailable(error, `read ${path}`);
      }
    }
    return undefined;
  }

  function look(name: string): Kept | undefined {
    for (const path of removing.placesOf(name)) {
      const found = statSync(path, { throwIfNoEntry: false });
      if (found?.isFile()) return { size: found.size, at: found.mtimeMs };
    }
    return undefined;
  }

  /** Walks only the folder that `prefix` names as far as its last slash. */
  async function list(prefix: string): Promise<readonly string[]> {
    const within = prefix.slice(0, prefix.lastIndexOf('/') + 1);
    try {
      const names = new Set([...(await filesBelow(join(root, within), within)), ...removing.aside()]);
      return [...names].filter((name) => name.startsWith(prefix) && name !== IDENTITY);
    } catch (error) {
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
    look: async (name) => {
      checkName(name);
      return look(name);
    },
    remove: async (name, since = Number.POSITIVE_INFINITY) => {
      checkName(name);
      try {
        return await removing.remove(name, since);
      } catch (error) {
        throw unavailable(error, `remove ${join(root, name)}`);
      }
    },
  };
}

/** Regular files below a folder, as names; hidden ones are none, and links are not followed. */
async function filesBelow(folder: string, within: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error) => {
    if (isCode(error, 'ENOENT', 'ENOTDIR')) return [];
    throw error;
  });
  const found = entries.map((entry): readonly string[] | Promise<readonly string[]> => {
    if (entry.name.startsWith('.')) return [];
    const name = within + entry.name;
    if (entry.isDirectory()) return filesBelow(join(folder, entry.name), `${name}/`);
    return entry.isFile() ? [name] : [];
  });
  return (await Promise.all(found)).flat();
}

async function linkNew(
  path: string,
  temporary: string,
  bytes: Uint8Array,
  refresh: (path: string) => boolean,
): Promise<'created' | 'exists'> {
  const handle = openSync(temporary, 'wx', 0o600);
  try {
    try {
      if (bytes.length > LARGE) await file.write(handle, bytes);
      else writeFileSync(handle, bytes);
      await file.sync(handle);
    } finally {
      closeSync(handle);
    }
    // What is gone again by the time it is answered for is created after all.
    while (!linked(temporary, path)) if (refresh(path)) return 'exists';
    return 'created';
  } finally {
    remove(temporary);
  }
}

function linked(temporary: string, path: string): boolean {
  try {
    linkSync(temporary, path);
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
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
