import { cut } from '../core/integrate/words.js';
import type { Failure, FailureType } from '../core/outcome/failure.js';
import type { UnitState } from '../core/outcome/fold.js';
import { REASON_LENGTH, type Reason, type Status, type Verdict } from '../core/outcome/outcome.js';
import type { Brief } from '../core/plan/plan.js';
import { afterTries } from '../core/plan/retry.js';

/** What follows a try that brought nothing acceptable. */
export type Next = { readonly status: Status } | { readonly notBefore: number; readonly then?: 'fallback' };

/**
 * Another try after its back-off; none where tries or time are spent, or none can mend it: then the fallback, if there is
 * one and time for it.
 *
 * The back-off is longer where a provider asked for it. Where it would end past the brief's `within`, the brief ends
 * now: a try that begins with no time left says less than this one's reason.
 *
 * @param earlier how the tries before this one ended
 */
export function afterTry(
  brief: Brief,
  earlier: readonly FailureType[],
  failure: Failure,
  { now, endsAt }: { readonly now: number; readonly endsAt: number },
): Next {
  const { spent, waitMs } = afterTries(brief.retry, [...earlier, failure.type]);
  const notBefore = now + Math.max(waitMs, failure.detail.retryAfterMs ?? 0);
  const ends = failure.permanent || spent || notBefore >= endsAt;
  if (!ends) return { notBefore };
  const faultOfPlan = NO_FALLBACK.has(failure.type) && !isProduced(brief, failure);
  const fallsBack = brief.fallback && !faultOfPlan && now < endsAt;
  return fallsBack ? { notBefore: now, then: 'fallback' } : { status: spentStatus(brief, failure) };
}

/** Nothing was wrong with what the brief does: a person has to mend the plan or Muster, or wanted it to end. */
const NO_FALLBACK: ReadonlySet<FailureType> = new Set<FailureType>([
  'InvalidPlan',
  'ContractViolation',
  'OverBudget',
  'IntegrationInvalid',
  'Cancelled',
  'Superseded',
]);

/** The plan that a brief was given to run, not the one it is in. */
const isProduced = ({ executor }: Brief, { type }: Failure): boolean =>
  executor.kind === 'plan' && type === 'InvalidPlan';

/** How the tries ended that count, in order; what somebody asked for once more begins anew. */
export const endedSoFar = ({
  counted,
  spent,
}: Pick<UnitState, 'counted' | 'spent'>): readonly FailureType[] =>
  counted.flatMap(({ try: number, reason }) => (number > spent && reason ? [reason.type] : []));

/**
 * What a brief is when no try follows. Output that a timeout cut short counts as `partial` only where the brief
 * asks nothing of its output that a beginning of it could violate.
 */
export function spentStatus(brief: Brief, { type, detail: { partial } }: Failure): Status {
  const asksNothing =
    !brief.output && brief.accept.length === 0 && (brief.parse === 'text' || brief.parse === 'lines');
  if (brief.variants && Array.isArray(partial) && partial.length > 0) return 'partial';
  if (type === 'OverBudget') return 'over-budget';
  if (type === 'TimedOut' && asksNothing && typeof partial === 'string' && partial !== '') return 'partial';
  return brief.retry.then === 'missing' ? 'missing' : 'failed';
}

/**
 * `OutputInvalid` is a rejection whoever found it: the effect came to an end, and its output is not good enough. An effect
 * of which nobody knows how far it came counts as one that crashed.
 */
export function verdictOf({ type, detail }: Failure): Verdict {
  if (detail.uncertain) return 'crashed';
  switch (type) {
    case 'OutputInvalid':
      return 'rejected';
    case 'TimedOut':
      return 'timed-out';
    case 'WorkerCrashed':
      return 'crashed';
    case 'Cancelled':
      return 'cancelled';
    default:
      return 'failed';
  }
}

export const reasonOf = ({ type, message }: Failure): Reason => ({
  type,
  message: cut(message, REASON_LENGTH),
});
