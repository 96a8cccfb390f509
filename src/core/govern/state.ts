import { type Circuit, CLOSED } from './circuit.js';
import type { Claim, Limits, Message } from './lease.js';
import type { Pieces } from './pieces.js';
import type { Width } from './width.js';

/** What a governor knows. */
export interface State {
  readonly v: 1;
  readonly epoch: string;
  readonly leases: { readonly [worker: string]: Held };
  /** What is with nobody and not free yet. All the rest of the allowance is free. */
  readonly resting: { readonly requests: Pieces; readonly tokens: Pieces };
  /** What each run that wants something has had. */
  readonly turns: readonly Share[];
  /** And what each worker has had. */
  readonly served: readonly Share[];
  readonly circuit: Circuit;
  readonly width?: Width;
  /** The provider said so: nothing goes out before, ms. */
  readonly notBefore: number;
  /** Refusals as too many, since the last answer. */
  readonly refusals: number;
  /** The last time anybody asked, ms. */
  readonly asked: number;
}

export type Share = readonly [name: string, share: number];

/** What a worker has. */
export interface Held {
  readonly number: number;
  /** Of the message it was given for. */
  readonly seq: number;
  readonly until: number;
  /** Whether calls under way are of it: said once, and again to a worker that has not heard it. */
  readonly kept: boolean;
  readonly limits: Limits;
  readonly requests: Pieces;
  readonly tokens: Pieces;
  readonly out: Message['out'];
  /** Calls at once: it may have so many under way. */
  readonly calls: number;
  /** What it wants at once: calls under way and those that wait. */
  readonly wants: number;
  /** More than so many it will not get done before it tells again: calls at once, and twice what it got done before. */
  readonly room: number;
  /** Calls that it has got nothing for. */
  readonly unserved: readonly Claim[];
  /** What it has got something for, by run, and has not told of yet. */
  readonly pending: readonly Share[];
}

export const fresh = (epoch: string): State => ({
  v: 1,
  epoch,
  leases: {},
  resting: { requests: [], tokens: [] },
  turns: [],
  served: [],
  circuit: CLOSED,
  notBefore: 0,
  refusals: 0,
  asked: 0,
});

/** For people. */
export const shown = ({ leases, width, notBefore, circuit }: State) => ({
  workers: Object.keys(leases).length,
  waiting: Object.values(leases).reduce((sum, { unserved }) => sum + unserved.length, 0),
  ...(width && { atOnce: width.calls }),
  ...(notBefore > 0 && { notBefore }),
  ...(circuit.until !== undefined && { down: true as const }),
});
