import type { TriggerRule } from '../graph/triggerRules.js';
import type { Status } from '../outcome/outcome.js';

/**
 * How many of those waited for ended in which way, the instances of a fan each for itself.
 * Airflow's words are `success`, `failed`, `upstream_failed` (here `passedOver`) and `skipped` (here `unneeded`);
 * `short` is what came to no more than part of an output, or to none though it may: done, but neither failed nor a success.
 */
export interface Tally {
  readonly open: number;
  readonly success: number;
  readonly failed: number;
  readonly passedOver: number;
  readonly unneeded: number;
  readonly short: number;
}
export type Kind = Exclude<keyof Tally, 'open'>;

const KINDS: { readonly [S in Status]: Kind } = {
  succeeded: 'success',
  repaired: 'success',
  partial: 'short',
  missing: 'short',
  failed: 'failed',
  refused: 'failed',
  cancelled: 'failed',
  'over-budget': 'failed',
  'not-reached': 'failed',
  skipped: 'passedOver',
  'not-needed': 'unneeded',
};
export const kindOf = (status: Status): Kind => KINDS[status];

/** `skipped`: what it waited for left a hole; `not-needed`: it was not to run as things went. */
export type Verdict = 'waits' | 'starts' | 'skipped' | 'not-needed';

/**
 * What a rule says so far. A start is said as soon as nothing can change it any more; anything else only when all have
 * ended, so that it does not depend on their order.
 */
export function judge(rule: TriggerRule, tally: Tally): Verdict {
  const { open, success, failed, passedOver, unneeded, short } = tally;
  const bad = failed + passedOver;
  const all = open + success + bad + unneeded + short;
  /** It may start as soon as this holds; where it never comes to hold, what is said then. */
  const once = (holds: boolean, otherwise: Verdict): Verdict =>
    holds ? 'starts' : open > 0 ? 'waits' : otherwise;
  /** Whatever holds now may not hold later. */
  const atLast = (holds: boolean, otherwise: Verdict): Verdict => once(open === 0 && holds, otherwise);
  const unlessUnneeded: Verdict = bad + short > 0 ? 'skipped' : 'not-needed';
  switch (rule) {
    case 'all_success':
      return once(success === all, unlessUnneeded);
    case 'all_failed':
      return once(bad === all, 'not-needed');
    case 'all_done':
      return once(open === 0, 'skipped');
    case 'all_done_min_one_success':
      return atLast(success > 0, unlessUnneeded);
    case 'all_skipped':
      return once(unneeded === all, 'not-needed');
    case 'one_failed':
      return once(bad > 0, 'not-needed');
    case 'one_success':
      return once(success > 0, unlessUnneeded);
    case 'one_done':
      return once(success + failed + short > 0, unlessUnneeded);
    case 'none_failed':
      return atLast(bad === 0, 'skipped');
    case 'none_failed_min_one_success':
      return atLast(bad === 0 && success > 0, unlessUnneeded);
    case 'none_skipped':
      return atLast(unneeded === 0, 'not-needed');
    case 'always':
      return 'starts';
  }
}

/** The same for `atLeast`: a number of those waited for, or where it is below 1 a share of them. */
export function judgeAtLeast(atLeast: number, tally: Tally): Verdict {
  const { open, success, failed, passedOver, unneeded, short } = tally;
  const all = open + success + failed + passedOver + unneeded + short;
  const enough = atLeast < 1 ? Math.ceil(atLeast * all - 1e-9) : atLeast;
  if (success >= enough) return 'starts';
  if (open > 0) return 'waits';
  return failed + passedOver + short > 0 ? 'skipped' : 'not-needed';
}
