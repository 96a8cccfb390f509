import type { Limits } from './lease.js';

/**
 * Calls at once where no rate is stated: halved when the provider refuses one, one more now and then while calls wait
 * (additive increase, multiplicative decrease; Chiu and Jain, 1989).
 */
export interface Width {
  readonly calls: number;
  /** When it was changed last, ms. */
  readonly at: number;
}

/** Where nothing is stated. */
const FIRST = 50;
const MOST = 500;
/** Between two changes, ms: calls of one moment are refused together. */
const GROWS = 1_000;
const CUTS = 2_000;

/** What is found out; undefined where it is stated. */
export function widthAfter(
  width: Width | undefined,
  limits: Limits,
  { limited, waiting }: { readonly limited: boolean; readonly waiting: boolean },
  now: number,
): Width | undefined {
  if (limits.requests !== undefined || limits.tokens !== undefined) return undefined;
  const most = limits.concurrency ?? MOST;
  const { calls, at } = width ?? { calls: Math.min(most, limits.concurrency ?? FIRST), at: 0 };
  if (limited && now - at >= CUTS) return { calls: Math.max(1, Math.floor(calls / 2)), at: now };
  if (!limited && waiting && calls < most && now - at >= GROWS) return { calls: calls + 1, at: now };
  return { calls: Math.min(calls, most), at };
}

/** Calls at once, by all workers. */
export const callsAtOnce = (width: Width | undefined, { concurrency }: Limits): number =>
  width?.calls ?? concurrency ?? MOST;
