import type { Failure } from '../core/outcome/failure.js';
import type { UnitState } from '../core/outcome/fold.js';
import type { OutcomeRow } from '../core/outcome/rows.js';
import type { Brief, Plan } from '../core/plan/plan.js';
import type { AskWork } from '../core/plan/render.js';
import type { Depot } from '../ports/trees.js';
import type { Effects, Lease } from './lease.js';
import type { Log } from './log.js';

/** One brief or instance in the hands of one holder. */
export interface Unit {
  readonly lease: Lease;
  readonly effects: Effects;
  readonly plan: Plan;
  readonly brief: Brief;
  readonly log: Log;
  /** Of an instance: the log of its fan, which holds its item. */
  readonly fan?: UnitState;
  readonly key?: string;
  /** Why what is to be asked would wait for a raise of its budget now. */
  readonly held: (work: AskWork, label: string) => Promise<Failure | undefined>;
  /** `dig` or `dig[pricing]`. */
  readonly label: string;
  /** When the brief's time is over, ms since the epoch. */
  readonly endsAt: number;
  /** Of a brief with a workspace of its own: where it is made. */
  readonly depot?: Depot;
}

/** A try under way, or none: number 0. */
export interface Under {
  readonly number: number;
  /** ms since the epoch. */
  readonly started: number;
  /** Of a re-run: why it is made at all. */
  readonly anew?: OutcomeRow['anew'];
}
