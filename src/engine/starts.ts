import type { Store } from '../ports/store.js';
import { encodeId } from './runIndex.js';

/*
 * Runs about to begin: `starts/<id>_<nonce>`. What is stored for a run is referred to by nothing until its entry in the index
 * is opened, which takes as long as no worker is there. So a start is announced before anything is stored for it, and
 * stays until the run is open or known never to be.
 */

export interface Start {
  /** Of the run. */
  readonly id: string;
  /** When it was announced, ms since the epoch: nothing stored or found since then is taken away. */
  readonly at: number;
  /** Of a re-run: first execution run id of the run it repeats, which stays as well. */
  readonly base?: string;
}

/**
 * @param nonce tells starts under one id apart
 * @returns its name, to withdraw it
 */
export async function announce(store: Store, start: Start, nonce: string): Promise<string> {
  const name = `starts/${encodeId(start.id)}_${nonce}`;
  await store.create(name, new TextEncoder().encode(JSON.stringify({ v: 1, ...start })));
  return name;
}

/** It came to nothing, or its run is open. */
export const withdraw = async (store: Store, name: string): Promise<void> => void (await store.remove(name));

export async function listStarts(store: Store): Promise<readonly (Start & { readonly name: string })[]> {
  const all = await Promise.all(
    (await store.list('starts/')).map(async (name) => {
      const bytes = await store.read(name);
      return bytes ? [{ ...(JSON.parse(new TextDecoder().decode(bytes)) as Start), name }] : [];
    }),
  );
  return all.flat();
}
