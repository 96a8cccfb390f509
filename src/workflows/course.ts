import type { UnitGraph } from '../core/graph/units.js';
import type { Allowance } from '../core/schedule/allowance.js';

/** What a dispatcher goes by. */
export interface Course {
  /** Digest of the stored plan. */
  readonly plan: string;
  readonly graph: UnitGraph;
  /** ms since the epoch. */
  readonly deadlineAt?: number;
  /** Where runs may be within it, or it is within one: what it may come to with them. */
  readonly allowance?: Allowance;
}
