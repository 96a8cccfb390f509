import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Depots } from '../../ports/trees.js';
import { depots } from './depots.js';

/** Depots for one use after the other, for a program that asks for files now and then and keeps none. */
export const depotsFor =
  (root: string | undefined, path: string | undefined) =>
  async <T>(work: (depots: Depots) => Promise<T>): Promise<T> => {
    const folder = root ?? (await mkdtemp(join(tmpdir(), 'muster-workspaces-')));
    const lent = depots({ root: folder, path });
    try {
      return await work(lent);
    } finally {
      await lent.close();
      if (root === undefined) await rm(folder, { recursive: true, force: true });
    }
  };
