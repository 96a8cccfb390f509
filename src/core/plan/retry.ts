import type { FailureType } from '../outcome/failure.js';
import type { Backoff, Brief, OwnRetry, Retry } from './plan.js';

/*
 * When another try follows, as a function of how the tries before it ended, and of nothing else (E4).
 *  1. A type with `attempts` of its own is counted by itself; all others share those of the brief. Whichever count is
 *     full when a try ends ends the brief.
 *  2. A type under `on` is waited for by itself: its wait is doubled with each try that ended so, and with no other.
 */

/** What follows a try. */
export interface After {
  /** No try is left. */
  readonly spent: boolean;
  /** Before the next one. */
  readonly waitMs: number;
}

/** @param ended how each try ended, the latest last; at least one */
export function afterTries(retry: Retry, ended: readonly FailureType[]): After {
  const last = ended.at(-1)!;
  const own = ownOf(retry, last);
  const count = (alike: (type: FailureType) => boolean) => ended.filter(alike).length;
  const same = (type: FailureType) => type === last;
  const sharing = (type: FailureType) => ownOf(retry, type)?.attempts === undefined;
  const tries = own?.attempts === undefined ? count(sharing) : count(same);
  const waits = count(own ? same : (type) => !ownOf(retry, type));
  return {
    spent: tries >= (own?.attempts ?? retry.attempts),
    waitMs: backoffMs(own?.backoff ?? retry.backoff, waits),
  };
}

/** Most tries a brief can have, those of its fallback among them. */
export const mostTries = ({ retry, fallback }: Pick<Brief, 'retry' | 'fallback'>): number =>
  owns(retry).reduce((sum, { attempts = 1 }) => sum + attempts - 1, retry.attempts) +
  (fallback ? mostTries(fallback) : 0);

/** Longest time that can pass between the tries of a brief, ms; what a provider asks for is not in it. */
export function longestWaitMs(retry: Retry): number {
  const waits = (backoff: Backoff, attempts: number): number =>
    Array.from({ length: attempts - 1 }, (_, i) => backoffMs(backoff, i + 1)).reduce((a, b) => a + b, 0);
  const shared = owns(retry).flatMap(({ attempts, backoff }) => (attempts === undefined && backoff) || []);
  const apart = owns(retry).filter(({ attempts }) => attempts !== undefined);
  return (
    Math.max(...[retry.backoff, ...shared].map((backoff) => waits(backoff, retry.attempts))) +
    apart.reduce((sum, { attempts, backoff = retry.backoff }) => sum + waits(backoff, attempts!), 0)
  );
}

const backoffMs = ({ minMs, maxMs }: Backoff, nth: number): number => Math.min(maxMs, minMs * 2 ** (nth - 1));

const owns = ({ on = {} }: Retry): readonly OwnRetry[] => Object.values(on);
const ownOf = ({ on = {} }: Retry, type: FailureType): OwnRetry | undefined =>
  (on as { readonly [type in FailureType]?: OwnRetry })[type];
