import { labelOf } from '../core/integrate/expected.js';
import type { LedgerRow } from '../core/integrate/ledger.js';
import type { Output } from '../core/integrate/merge/merged.js';
import { Kept, type Scratch } from '../core/integrate/wide/scratch.js';
import type { Digest, Json } from '../core/outcome/canonical.js';
import { Failure } from '../core/outcome/failure.js';
import { GIVING } from '../core/outcome/outcome.js';
import type { Store } from '../ports/store.js';
import { blobName, decodeValue, readBlob, readRef } from './artifacts.js';

/** The ledger as the store can bear it out, and what its rows delivered, in its order. */
export interface Delivered {
  readonly ledger: readonly LedgerRow[];
  readonly outputs: readonly Output[];
}

/**
 * Reads the output of every brief that gave one, one after the other, and puts it into scratch. Where the store answers that
 * it holds it no longer, or holds something else than was recorded, the brief is `missing`.
 * @throws Failure `StoreUnavailable` where the store does not answer.
 */
export async function deliveredOf(
  store: Store,
  digest: Digest,
  rows: readonly LedgerRow[],
  scratch: Scratch,
): Promise<Delivered> {
  const ledger: LedgerRow[] = [];
  const outputs: Output[] = [];
  for (const row of rows) {
    const found = await deliver(store, digest, row);
    ledger.push(found.row);
    if (found.value !== undefined) outputs.push(new KeptOutput(scratch, found.value, row));
  }
  return { ledger, outputs };
}

/** An output that lies in scratch. */
class KeptOutput extends Kept<Json> implements Output {
  readonly brief: string;
  readonly label: string;
  declare readonly key?: string;

  constructor(scratch: Scratch, value: Json, row: LedgerRow) {
    super(scratch, value);
    const { brief, key } = row;
    this.brief = brief;
    this.label = labelOf(row);
    if (key !== undefined) this.key = key;
  }
}

async function deliver(
  store: Store,
  digest: Digest,
  row: LedgerRow,
): Promise<{ readonly row: LedgerRow; readonly value?: Json }> {
  const { ref } = row;
  if (!ref || !GIVING.has(row.status)) return { row };
  try {
    const bytes = await readRef(store, ref);
    if (digest(bytes) !== ref.digest)
      return lost(row, 'its output is not what was recorded: it was cut short or changed since.');
    const value = decodeValue(bytes, ref.type);
    for (const { digest } of Object.values(row.files ?? {})) await readBlob(store, digest, FIRST_BYTE);
    return { row, value };
  } catch (error) {
    const gone = error instanceof Failure && (await goneOf(store, row));
    if (!gone) throw error;
    return lost(row, `its ${gone.what} ${gone.digest.slice(0, 12)} is no longer in the store.`);
  }
}

function lost({ ref: _, files: __, ...rest }: LedgerRow, why: string): { readonly row: LedgerRow } {
  const message = `It ended as ${rest.status}, but ${why}`;
  return { row: { ...rest, status: 'missing', reason: { type: 'StoreUnavailable', message } } };
}

const FIRST_BYTE = { offset: 0, length: 1 };

/** The first of what a row names that the store answers it has not. */
async function goneOf(
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
