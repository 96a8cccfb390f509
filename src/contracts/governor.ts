import type { State } from '../core/govern/state.js';

/** Workflow type: what all workers of a store together ask of one provider and model. */
export const GOVERNOR = 'governor';
/** Its update: argument `Message`, answer `Lease` (`core/govern/lease`). */
export const LEASE = 'lease';
/** Its query: a {@link Governed}. */
export const GOVERNED = 'governed';

export interface GovernorInput {
  /** Nobody has asked for so long: it ends, and whoever asks then begins another, ms; two minutes unless told. */
  readonly idleMs?: number;
  /** Set by the workflow itself when it continues as new. */
  readonly state?: State;
}

/** How a provider is used now. */
export interface Governed {
  /** Workers that hold a part. */
  readonly workers: number;
  /** Calls that wait, as far as workers have told. */
  readonly waiting: number;
  /** Calls at once that are allowed now; absent: a rate is stated instead. */
  readonly atOnce?: number;
  /** Nothing goes out before, ms since the epoch. */
  readonly notBefore?: number;
  /** It failed so often in a row that it is left alone. */
  readonly down?: true;
}

/** Of a queue, as that is of a store: workers of another store could not carry it out. */
export const governorId = (taskQueue: string, host: string, model: string): string =>
  `${taskQueue}/governor/${host}/${model}`;
