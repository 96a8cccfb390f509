import type { Pieces } from './pieces.js';

/** What a provider allows for one model, as whoever runs the workers says. Nothing stated: it is found out. */
export interface Limits {
  /** Requests in any window. */
  readonly requests?: number;
  /** Tokens in any window, of questions and answers. */
  readonly tokens?: number;
  /** The window, ms. */
  readonly windowMs: number;
  /** Calls at once. */
  readonly concurrency?: number;
}

/** A call that waits: the run it is for, and the tokens it may take. */
export type Claim = readonly [run: string, tokens: number];

/** What a worker tells the governor: all it held comes back with it, and it spends nothing until it is answered. */
export interface Message {
  /** Of the worker process; no other has it, also later. */
  readonly worker: string;
  /** Counted up each time that it tells something: what comes late, and was told anew meanwhile, is not heard. */
  readonly seq: number;
  /** The lease it had, where it had one. */
  readonly had?: { readonly epoch: string; readonly number: number };
  readonly limits: Limits;
  /** What it held of that lease, by the governor's clock. */
  readonly requests: Pieces;
  readonly tokens: Pieces;
  /** Of that lease, what calls under way may still spend. */
  readonly out: { readonly requests: number; readonly tokens: number };
  /** Calls under way, of whatever lease. */
  readonly calls: number;
  /** What went out since the last message, by run, as parts of the allowance. */
  readonly spent: readonly (readonly [run: string, share: number])[];
  /** The first calls that wait, in order. None, and no calls under way: the worker is done. */
  readonly waiting: readonly Claim[];
  /** What became of calls since the last message. */
  readonly seen: Seen;
}

export interface Seen {
  /** Calls that were answered, whatever was said. */
  readonly answered: number;
  /** Calls since the last answer that the provider failed. */
  readonly unavailable: number;
  /** Calls that it refused as too many. */
  readonly limited: number;
  /** The longest it asked anybody to wait, ms. */
  readonly retryAfterMs?: number;
}

/** Whether whoever says that has nothing more to do. */
export const isDone = ({ waiting, calls }: Pick<Message, 'waiting' | 'calls'>): boolean =>
  waiting.length === 0 && calls === 0;

/** What a worker may do until the lease ends. Times are by the governor's clock, ms. */
export interface Lease {
  /** Of the governor: another one knows nothing of this lease. */
  readonly epoch: string;
  readonly number: number;
  /** Whether calls under way are still of it: not so where the lease before had ended. */
  readonly kept: boolean;
  readonly now: number;
  readonly until: number;
  /** By which it was dealt: the least that any worker says. */
  readonly limits: Limits;
  /** What the worker may spend; absent: no such limit is stated. */
  readonly requests?: Pieces;
  readonly tokens?: Pieces;
  /** Whose calls that is for, one after the other: sizes were added up in this order. */
  readonly order: readonly string[];
  /** Calls at once, those under way included. */
  readonly calls: number;
  /** Nothing goes out before, and why. */
  readonly notBefore?: { readonly at: number; readonly why: 'limited' | 'down' };
  /** When to tell again at the latest, ms from `now`. */
  readonly renewMs: number;
}

/** The longest lease, ms. */
const LONGEST = 10_000;
/** The lease's part of a window; and of a lease, after which a worker tells again. */
const OF_WINDOW = 6;
const RENEWED = 3;
/** Of a window, how long a request may take to the provider before it is taken to be counted. */
const UNDER_WAY = 20;

export const leaseMs = ({ windowMs }: Limits): number => Math.min(LONGEST, Math.round(windowMs / OF_WINDOW));
export const renewMs = (limits: Limits): number => Math.round(leaseMs(limits) / RENEWED);
/** How much later than it was sent a request is counted, at most, ms. */
export const onTheWayMs = ({ windowMs }: Limits): number => Math.round(windowMs / UNDER_WAY);

/** Of the allowance, the part that a call takes: of requests or of tokens, whichever is more. */
export const shareOf = ({ requests, tokens }: Limits, wanted: number): number =>
  requests === undefined && tokens === undefined
    ? 1
    : Math.max(1 / (requests ?? Infinity), wanted / (tokens ?? Infinity));

/** What a call can ever get: one that wants more than there is waits for all there is. */
export const within = ({ tokens }: Limits, wanted: number): number => Math.min(wanted, tokens ?? Infinity);
