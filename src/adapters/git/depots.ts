import { randomBytes } from 'node:crypto';
import { mkdir, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../../core/outcome/failure.js';
import type { Redactor } from '../../ports/redactor.js';
import type { Depot, Depots } from '../../ports/trees.js';
import { depotIn } from './depot.js';
import { ownerName, sweep } from './owner.js';

export interface DepotOptions {
  /** Folder for depots and workspaces, shared by any number of processes; made if missing. */
  readonly root: string;
  /** Where git is looked for. */
  readonly path: string | undefined;
  /** Knows the secrets that no workspace may leave behind; absent: there are none. */
  readonly redactor?: Redactor;
  /** How long a depot nobody uses is kept, ms; a minute unless told. */
  readonly idleMs?: number;
}

interface Lent {
  readonly depot: Depot;
  readonly folder: string;
  uses: number;
  idle?: NodeJS.Timeout;
}

const TOUCHED_EVERY = 3_600_000;

/** One depot for each base, in a folder of this process's own; what dead processes left is cleared away first. */
export function depots({
  root,
  path,
  redactor,
  idleMs = 60_000,
}: DepotOptions): Depots & { close(): Promise<void> } {
  const lent = new Map<string, Lent>();
  const mine = join(root, `${ownerName()}-${randomBytes(4).toString('hex')}`);
  let ready: Promise<void> | undefined;
  let touching: NodeJS.Timeout | undefined;
  /** So that machines which cannot know see that somebody lives. */
  const touch = () => void utimes(mine, new Date(), new Date()).catch(() => {});

  async function prepare(): Promise<void> {
    try {
      await mkdir(root, { recursive: true, mode: 0o700 });
      await sweep(root);
      // Should this lie in somebody's repository, it is none of theirs.
      await writeFile(join(root, '.gitignore'), '*\n');
      await mkdir(mine, { recursive: true });
    } catch (cause) {
      const { message } = cause as Error;
      throw new Failure('StoreUnavailable', `There is no room for workspaces in ${root}: ${message}.`, {
        cause,
      });
    }
  }

  async function use<T>(base: string, work: (depot: Depot) => Promise<T>): Promise<T> {
    ready ??= prepare();
    ready.catch(() => {
      ready = undefined;
    });
    await ready;
    const one = lent.get(base) ?? open(base);
    one.uses++;
    touch();
    touching ??= setInterval(touch, TOUCHED_EVERY).unref();
    clearTimeout(one.idle);
    try {
      return await work(one.depot);
    } finally {
      if (--one.uses === 0) one.idle = setTimeout(() => void drop(base, one), idleMs).unref();
    }
  }

  function open(base: string): Lent {
    const folder = join(mine, randomBytes(6).toString('hex'));
    const one = { depot: depotIn(folder, path, redactor), folder, uses: 0 };
    lent.set(base, one);
    return one;
  }

  async function drop(base: string, one: Lent): Promise<void> {
    lent.delete(base);
    await rm(one.folder, { recursive: true, force: true, maxRetries: 2 }).catch(() => {});
  }

  return Object.assign(use, {
    async close() {
      for (const { idle } of lent.values()) clearTimeout(idle);
      lent.clear();
      clearInterval(touching);
      await rm(mine, { recursive: true, force: true, maxRetries: 2 }).catch(() => {});
    },
  });
}
