import { labelOf } from '../core/integrate/expected.js';
import type { LedgerRow } from '../core/integrate/ledger.js';
import type { Output } from '../core/integrate/merge.js';
import { Failure } from '../core/outcome/failure.js';
import { GIVING } from '../core/outcome/outcome.js';
import type { Store } from '../ports/store.js';
import { blobName, readValue } from './artifacts.js';

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
    return { row, output: { brief, label: labelOf(row), ...(key !== undefined && { key }), value } };
  } catch (error) {
    const lost =
      error instanceof Failure && !ref.at && (await store.read(blobName(ref.digest))) === undefined;
    if (!lost) throw error;
    const { ref: _, ...rest } = row;
    const message = `It ended as ${row.status}, but its output ${ref.digest.slice(0, 12)} is no longer in the store.`;
    return { row: { ...rest, status: 'missing', reason: { type: 'StoreUnavailable', message } } };
  }
}
