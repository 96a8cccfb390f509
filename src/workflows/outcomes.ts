import { ActivityFailure, ApplicationFailure, isCancellation } from '@temporalio/workflow';
import type { Status } from '../core/outcome/outcome.js';

/**
 * The outcome in what an activity failed with: a unit whose tries are spent carries its result in the details. One that
 * would have been tried again, had it not been recalled meanwhile, is cancelled.
 */
export function outcomeOf<R>(error: unknown): R | { readonly status: Status; readonly count?: undefined } {
  const recalled = error instanceof ActivityFailure && error.retryState === 'CANCEL_REQUESTED';
  if (recalled || isCancellation(error)) return { status: 'cancelled' };
  const cause = error instanceof ActivityFailure ? error.cause : undefined;
  const result = cause instanceof ApplicationFailure ? (cause.details?.[0] as R | undefined) : undefined;
  return result ?? { status: 'failed' };
}
