import { closeSync, fsync, openSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

const fsyncAside = promisify(fsync);

/*
 *  1. A name is durable once its folder was fsynced after the name appeared in it.
 *  2. A folder is durable once its parent was, so each process fsyncs every parent once itself: whoever made
 *     the folder may have died in between.
 *  3. One fsync serves all who asked before it began; who asks while it runs waits for the next.
 */
export interface Folders {
  /** Makes the folder and all above it, down from the root, durably. */
  make(folder: string): Promise<void>;
  /** Makes the names in the folder durable. */
  sync(folder: string): Promise<void>;
  /** Believes nothing about the folder any more, after an error. */
  forget(folder: string): void;
}

export function folders(root: string): Folders {
  const made = new Map<string, Promise<void>>();
  const running = new Map<string, Promise<void>>();
  const queued = new Map<string, Promise<void>>();

  function sync(folder: string): Promise<void> {
    const current = running.get(folder);
    if (!current) return begin(folder);
    let next = queued.get(folder);
    if (!next) {
      next = current
        .catch(() => undefined)
        .then(() => {
          queued.delete(folder);
          return begin(folder);
        });
      queued.set(folder, next);
    }
    return next;
  }

  function begin(folder: string): Promise<void> {
    const one = syncFolder(folder).finally(() => running.delete(folder));
    running.set(folder, one);
    return one;
  }

  function make(folder: string): Promise<void> {
    if (folder === root) return Promise.resolve();
    let one = made.get(folder);
    if (!one) {
      one = makeIn(dirname(folder), folder);
      made.set(folder, one);
      one.catch(() => made.delete(folder));
    }
    return one;
  }

  async function makeIn(parent: string, folder: string): Promise<void> {
    await make(parent);
    await mkdir(folder, { recursive: true });
    await sync(parent);
  }

  return {
    make,
    sync,
    forget(folder) {
      for (let at = folder; at.length > root.length; at = dirname(at)) made.delete(at);
    },
  };
}

async function syncFolder(folder: string): Promise<void> {
  const handle = openSync(folder, 'r');
  try {
    await fsyncAside(handle);
  } finally {
    closeSync(handle);
  }
}
