import type { Json, JsonObject } from '../../outcome/canonical.js';
import type { Material } from '../citable.js';
import { labelOf } from '../expected.js';
import type { Hole } from '../holes.js';
import type { Merged } from '../merge/merged.js';
import type { Unsupported } from '../support.js';
import type { Prose } from '../synthesis/prose.js';
import type { Room } from '../wide/scratch.js';

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
  /** Where what does not satisfy it stands in the merged data: `$.rows[3].cost`. */
  readonly at?: readonly string[];
  /** Of `provenance`: what is not found in what it rests on. */
  readonly unsupported?: readonly Unsupported[];
}

/** What requirements are held against. */
export interface Judged extends Material {
  readonly merged: Pick<Merged, 'data' | 'dropped' | 'duplicates' | 'said'>;
  readonly holes: readonly Hole[];
  /** The answer in words. */
  readonly prose?: Prose;
  /** Where what is looked at lies; absent: in memory. */
  readonly room?: Room;
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
