import { labelOf } from '../core/integrate/expected.js';
import type { LedgerRow } from '../core/integrate/ledger.js';
import type { Output } from '../core/integrate/merge/merged.js';
import { Failure } from '../core/outcome/failure.js';
import { GIVING } from '../core/outcome/outcome.js';
import type { Store } from '../ports/store.js';
import { blobName, readBlob, readValue } from './artifacts.js';

/** The ledger as the store can bear it out, and what its rows delivered, in its order. */
export interface Delivered {
  readonly ledger: readonly LedgerRow[];
  readonly outputs: readonly Output[];
}

/**
 * Reads the output of every brief that gave one. Where the store answers that it holds it no longer, the brief is
 * `missing`.
 * @throws Failure `StoreUnavailable` where the store does not answer.
 */
export async function deliveredOf(store: Store, rows: readonly LedgerRow[]): Promise<Delivered> {
  const read = await Promise.all(rows.map((row) => deliver(store, row)));
  return { ledger: read.map(({ row }) => row), outputs: read.flatMap(({ output }) => output ?? []) };
}

async function deliver(
  store: Store,
  row: LedgerRow,
): Promise<{ readonly row: LedgerRow; readonly output?: Output }> {
  const { ref, brief, key } = row;
  if (!ref || !GIVING.has(row.status)) return { row };
  try {
    const value = await readValue(store, ref);
    for (const { digest } of Object.values(row.files ?? {})) await readBlob(store, digest, FIRST_BYTE);
    return { row, output: { brief, label: labelOf(row), ...(key !== undefined && { key }), value } };
  } catch (error) {
    const lost = error instanceof Failure && (await lostOf(store, row));
    if (!lost) throw error;
    const { ref: _, files: __, ...rest } = row;
    const message = `It ended as ${row.status}, but its ${lost.what} ${lost.digest.slice(0, 12)} is no longer in the store.`;
    return { row: { ...rest, status: 'missing', reason: { type: 'StoreUnavailable', message } } };
  }
}

const FIRST_BYTE = { offset: 0, length: 1 };

/** The first of what a row names that the store answers it has not. */
async function lostOf(
  store: Store,
  { ref, files }: LedgerRow,
): Promise<{ readonly what: string; readonly digest: string } | undefined> {
  const named = [
    ...(ref && !ref.at ? [{ what: 'output', digest: ref.digest }] : []),
    ...Object.values(files ?? {}).map(({ digest }) => ({ what: 'files', digest })),
  ];
  for (const one of named) if ((await store.read(blobName(one.digest), FIRST_BYTE)) === undefined) return one;
  return undefined;
}
