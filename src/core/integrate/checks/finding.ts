import type { Json, JsonObject } from '../../outcome/canonical.js';
import type { Plan } from '../../plan/plan.js';
import { labelOf } from '../expected.js';
import type { Hole } from '../holes.js';
import type { LedgerRow } from '../ledger.js';
import type { Merged } from '../merge/merged.js';

/**
 * `covered`: what was found satisfies it. `contradicted`: what was found says otherwise. `missing`: what it asks for is
 * not there, or the check found nothing it could judge. `unchecked`: the plan gives no check.
 */
type CoverageStatus = 'covered' | 'missing' | 'contradicted' | 'unchecked';

export interface Coverage {
  readonly id: string;
  readonly says: string;
  readonly status: CoverageStatus;
  /** One sentence: what was looked at, and what was found. */
  readonly evidence: string;
  /** Of `covers`: the members nothing was found for. */
  readonly lacking?: readonly Json[];
  /** Labels of the briefs whose holes explain what is lacking. */
  readonly wouldHaveComeFrom?: readonly string[];
}

/** What requirements are held against. */
export interface Judged {
  readonly plan: Plan;
  readonly merged: Pick<Merged, 'data' | 'dropped' | 'duplicates' | 'said'>;
  readonly ledger: readonly LedgerRow[];
  readonly holes: readonly Hole[];
}

export type Finding = Omit<Coverage, 'id' | 'says'>;

export const missing = (evidence: string): Finding => ({ status: 'missing', evidence });

/** What expressions of requirements see. */
export const scopeOf = ({ plan, merged, ledger }: Judged): { readonly [name: string]: Json } => ({
  data: merged.data,
  params: plan.params,
  inputs: plan.inputs as unknown as Json,
  ledger: ledger.map(
    (row): JsonObject => ({
      brief: row.brief,
      ...(row.key !== undefined && { key: row.key }),
      label: labelOf(row),
      status: row.status,
    }),
  ),
});
