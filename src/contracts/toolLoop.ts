import type { Unit } from '../core/graph/units.js';
import type { Standing } from '../core/outcome/toolLoop.js';
import type { LoopBegun, UnitInput } from './unit.js';

/** Workflow type `toolLoop`: a brief whose model may call tools, on behalf of the run or shard that is its parent. */
export interface LoopInput {
  /** What `unit` is asked. */
  readonly input: UnitInput;
  readonly unit: Unit;
  /** `u`, or `u.k`. */
  readonly node: string;
  readonly summary: string;
  /** When its `within` is over, and the time of the run; ms since the epoch. */
  readonly endsAt?: number;
  readonly deadlineAt?: number;
  /** Set by the workflow itself when it continues as new. */
  readonly resume?: {
    /** How often it has asked `unit` by now. */
    readonly holders: number;
    readonly at: LoopAt;
  };
}

/** A loop under way. */
export interface LoopAt {
  readonly loop: LoopBegun;
  /** ms since the epoch. */
  readonly since: number;
  readonly standing: Standing;
}
