import { expectedOf, type LedgerInput, labelOf } from '../core/integrate/expected.js';
import { type Files, filesOf } from '../core/integrate/files/files.js';
import type { LedgerRow } from '../core/integrate/ledger.js';
import type { Digest } from '../core/outcome/canonical.js';
import { expecting, Failure } from '../core/outcome/failure.js';
import { DELIVERED } from '../core/outcome/outcome.js';
import type { FilesMade } from '../core/outcome/rows.js';
import type { Plan } from '../core/plan/plan.js';
import type { Store } from '../ports/store.js';
import type { Depot } from '../ports/trees.js';
import { inMergeOrder, type Made, mergeMade } from './contributions.js';
import { storeFiles } from './filesMade.js';

/** The merged tree of a run, durable by digest, and what is said of it. */
export interface Integrated {
  readonly files: Files;
  /** Absent where it is more than can be kept. */
  readonly made?: FilesMade;
}

/** @throws Failure `StoreUnavailable` */
export async function integrateFiles(
  { store, digest, plan }: { readonly store: Store; readonly digest: Digest; readonly plan: Plan },
  depot: Depot,
  ledger: readonly LedgerRow[],
  expansions: LedgerInput['expansions'],
): Promise<Integrated> {
  const expected = expectedOf(plan, expansions);
  const all = ledger.flatMap((row, n): Made[] => {
    const { u, k } = expected[n]!;
    if (!row.files || !DELIVERED.has(row.status)) return [];
    return [{ u, ...(k !== undefined && { k }), label: labelOf(row), files: row.files }];
  });
  const { manifests, ...merged } = await mergeMade({ store, plan }, depot, inMergeOrder(plan, all));
  // Of many briefs, each within its bounds, it may be too much: the report is worth having without it.
  const made = await storeFiles({ store, digest }, depot, merged.changes).catch(expecting('OutputInvalid'));
  return { files: filesOf(merged, manifests), ...(!(made instanceof Failure) && { made }) };
}
