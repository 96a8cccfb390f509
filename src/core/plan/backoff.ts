import type { Retry } from './plan.js';

/** How long to wait after the `failed`-th failed try, ms: doubled each time, from the least to the most. */
export const backoffMs = ({ backoff }: Pick<Retry, 'backoff'>, failed: number): number =>
  Math.min(backoff.maxMs, backoff.minMs * 2 ** (failed - 1));
