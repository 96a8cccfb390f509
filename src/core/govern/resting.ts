import { without } from './circuit.js';
import type { Dealt, Stock } from './deal.js';
import { type Limits, type Message, onTheWayMs } from './lease.js';
import { freeBy, type Pieces, taken, together, totalOf } from './pieces.js';
import type { Held, State } from './state.js';

/*
 * What of the allowance is with nobody: the governor gives out of it, and what was spent rests in it until it is free.
 */

/** Nobody has anything, and all of it is free: a governor that begins anew takes nothing from anybody. */
export const isIdle = (state: State, now: number): boolean => {
  const { leases, resting } = expired(state, now);
  const rests = (pieces: Pieces) => pieces.some(([freeAt]) => freeAt > now);
  return Object.keys(leases).length === 0 && !rests(resting.requests) && !rests(resting.tokens);
};

/** Of leases that have ended: what might have been spent was, at the last moment. */
export function expired(state: State, now: number): State {
  const over = Object.entries(state.leases).filter(([, { until }]) => until <= now);
  if (over.length === 0) return state;
  let { resting, circuit } = state;
  const leases = { ...state.leases };
  for (const [worker, { until, limits, out, ...held }] of over) {
    delete leases[worker];
    circuit = without(circuit, worker);
    const spentBy = until + onTheWayMs(limits) + limits.windowMs;
    const spent = (pieces: Pieces, out: number): Pieces => [
      ...pieces.map(([freeAt, n]) => [freeAt < until ? spentBy : freeAt, n] as const),
      [spentBy, out],
    ];
    resting = {
      requests: together(limits.windowMs, now, resting.requests, spent(held.requests, out.requests)),
      tokens: together(limits.windowMs, now, resting.tokens, spent(held.tokens, out.tokens)),
    };
  }
  return { ...state, leases, resting, circuit };
}

/** A worker has what another governor gave out, that was ended by hand: what that gave to others is not known. */
export function afterAnother(state: State, limits: Limits, now: number): State {
  const at = now + limits.windowMs;
  const rest = (pieces: Pieces, all: number | undefined): Pieces =>
    all === undefined ? pieces : [[at, all]];
  return {
    ...state,
    resting: {
      requests: rest(state.resting.requests, limits.requests),
      tokens: rest(state.resting.tokens, limits.tokens),
    },
  };
}

/** With what a worker gave back. */
export const rested = (
  { resting }: State,
  { windowMs }: Limits,
  now: number,
  back: { readonly requests: Pieces; readonly tokens: Pieces },
): State['resting'] => ({
  requests: together(windowMs, now, resting.requests, back.requests).filter(([at]) => at > now),
  tokens: together(windowMs, now, resting.tokens, back.tokens).filter(([at]) => at > now),
});

/** What may be given out: what rests, and all that is with nobody. */
export function stockOf(
  { resting }: State,
  others: State['leases'],
  out: Message['out'],
  { requests, tokens }: Limits,
): Stock {
  const held = Object.values(others);
  const sum = (of: (one: Held) => number) => held.reduce((all, one) => all + of(one), 0);
  const free = (all: number, rests: Pieces, away: number): Pieces => {
    const n = all - totalOf(rests) - away;
    if (n >= 0) return n > 0 ? [[0, n], ...rests] : rests;
    // Less is allowed than before: what would be free first is not there any more.
    return taken(rests, -n, Infinity)?.left ?? [];
  };
  const away = {
    requests: sum((one) => totalOf(one.requests) + one.out.requests) + out.requests,
    tokens: sum((one) => totalOf(one.tokens) + one.out.tokens) + out.tokens,
  };
  return {
    ...(requests !== undefined && { requests: free(requests, resting.requests, away.requests) }),
    ...(tokens !== undefined && { tokens: free(tokens, resting.tokens, away.tokens) }),
  };
}

/** Half of what nobody wants now, for calls that are still to come; the other half is for other workers. */
export function spare(
  { requests = [], tokens = [] }: Stock,
  now: number,
): { requests: Pieces; tokens: Pieces } {
  const half = (pieces: Pieces): Pieces => {
    const n = Math.floor(freeBy(pieces, now) / 2);
    return taken(pieces, n, now)?.taken ?? [];
  };
  return { requests: half(requests), tokens: half(tokens) };
}

/** What rests after some of it was given out. */
export function resting(
  { resting }: State,
  { left, kept }: Dealt,
  { windowMs }: Limits,
  now: number,
): State['resting'] {
  const rest = (before: Pieces, left: Pieces | undefined, kept: Pieces): Pieces =>
    (left ? together(windowMs, now, left, kept) : before).filter(([at]) => at > now);
  return {
    requests: rest(resting.requests, left.requests, kept.requests),
    tokens: rest(resting.tokens, left.tokens, kept.tokens),
  };
}
