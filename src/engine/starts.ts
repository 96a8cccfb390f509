import { Failure } from '../core/outcome/failure.js';
import type { Store } from '../ports/store.js';
import { encodeId, entryOf, type RunEntry } from './runIndex.js';

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

/**
 * To be asked after it was announced that the run is used: it may have been removed before.
 * @throws Failure `InvalidInput`
 */
export async function stillThere(store: Store, run: Pick<RunEntry, 'id' | 'first'>): Promise<void> {
  if (!(await entryOf(store, run)))
    throw new Failure('InvalidInput', `${run.id} was just removed. See what is left: muster list`);
}

/**
 * Work on a run that has begun long since, and stores what nothing refers to yet: announced like a start, under a name
 * that no run has, so that nobody knows it to be over while it lasts.
 * @param nonce tells uses of one run apart
 */
export async function using<T>(
  store: Store,
  run: Pick<RunEntry, 'id' | 'first'>,
  { what, at, nonce }: { readonly what: string; readonly at: number; readonly nonce: string },
  work: () => Promise<T>,
): Promise<T> {
  const announced = await announce(store, { id: `${what} of ${run.id}`, at, base: run.first }, nonce);
  try {
    await stillThere(store, run);
    return await work();
  } finally {
    await withdraw(store, announced);
  }
}

/** @throws Failure `ContractViolation` where what is under way cannot be known */
export async function listStarts(store: Store): Promise<readonly (Start & { readonly name: string })[]> {
  const all = await Promise.all(
    (await store.list('starts/')).map(async (name) => {
      const bytes = await store.read(name);
      return bytes ? [{ ...parsed(name, bytes), name }] : [];
    }),
  );
  return all.flat();
}

function parsed(name: string, bytes: Uint8Array): Start {
  try {
    const { v, ...start } = JSON.parse(new TextDecoder().decode(bytes)) as Start & { v: unknown };
    if (v === 1 && typeof start.id === 'string' && Number.isFinite(start.at)) return start;
  } catch {
    // said below
  }
  throw new Failure(
    'ContractViolation',
    `\`${name}\` in the store is damaged, or of a later format, so nobody knows what is under way. Use a newer version of Muster, or take that file away.`,
  );
}
