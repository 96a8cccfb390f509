import { isHole, type Status } from '../outcome/outcome.js';

/**
 * How a need ended, as its dependant sees it: a brief's status, a fan's `done` once all its instances have ended,
 * whatever each came to, or the status of a fan that never opened.
 */
export type End = Status | 'done';

/** What becomes of a node whose needs have all ended; `by` is the place of the first need that decides it. */
export type Join = 'ready' | { readonly status: 'skipped' | 'not-needed'; readonly by: number };

/**
 * The rule of every join in this version. A need that left a hole (failed, missing, skipped, refused, cancelled, …)
 * skips the dependant; else one that was not needed spreads; else the dependant may start. Asked only when all have
 * ended, so the order in which they did cannot matter. The ledger names its culprits by the same rule.
 */
export function join(ends: readonly End[]): Join {
  const hole = ends.findIndex((end) => end !== 'done' && isHole(end));
  if (hole >= 0) return { status: 'skipped', by: hole };
  const unneeded = ends.indexOf('not-needed');
  return unneeded >= 0 ? { status: 'not-needed', by: unneeded } : 'ready';
}
