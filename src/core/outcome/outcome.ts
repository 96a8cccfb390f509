import type { FailureType } from './failure.js';

export type { Usage } from './usage.js';

/** How a brief ended. Every expected brief has exactly one of these in the ledger (DESIGN, invariant 1). */
export const STATUSES = [
  'succeeded',
  'repaired',
  'partial',
  'failed',
  'missing',
  'skipped',
  'not-needed',
  'cancelled',
  'over-budget',
  'not-reached',
  'refused',
] as const;
export type Status = (typeof STATUSES)[number];

/** The states in which a brief delivered what was asked; `not-needed` delivered nothing and is no hole either. */
export const DELIVERED: ReadonlySet<Status> = new Set<Status>(['succeeded', 'repaired']);
/** The states whose output is one, to dependants and to the answer. What others left is kept for people only. */
export const GIVING: ReadonlySet<Status> = new Set<Status>([...DELIVERED, 'partial']);
export const isHole = (status: Status): boolean => !DELIVERED.has(status) && status !== 'not-needed';

/**
 * How a run ended. `complete`: no hole, no requirement missing or contradicted, verification holds. `partial`: a report
 * with a hole in it. `failed`: nothing usable, or stopped by a failure.
 */
export type RunStatus = 'complete' | 'partial' | 'failed' | 'cancelled';

/** What one try came to; of `timed-out` and `crashed` nobody knows whether the effect took place. A brief's status follows from its last try and its retry policy. */
export type Verdict = 'succeeded' | 'failed' | 'rejected' | 'timed-out' | 'crashed' | 'cancelled';

/**
 * Where a stored value lies. Up to 64 KB it is a slice of the segment that names it (`at`);
 * larger ones are files by digest.
 */
export interface Ref {
  /** Lower-case hex SHA-256 of the bytes. */
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
  /** Media type: `application/json` or `text/plain`. */
  readonly type: string;
  readonly at?: Slice;
}
export interface Slice {
  /** First execution run id. */
  readonly run: string;
  readonly unit: string;
  readonly seq: number;
  /** Bytes from the start of the segment's bodies. */
  readonly offset: number;
  readonly length: number;
}

/** Characters of a reason. */
export const REASON_LENGTH = 500;

export interface Reason {
  readonly type: FailureType;
  /** One sentence a person can act on: what happened, where, what next. At most 500 characters. */
  readonly message: string;
}

/** (dispatch, attempt), compared in that order. */
export interface Holder {
  readonly dispatch: number;
  readonly attempt: number;
}
export const compareHolders = (a: Holder, b: Holder): number =>
  a.dispatch - b.dispatch || a.attempt - b.attempt;
