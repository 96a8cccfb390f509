import { ApplicationFailure } from '@temporalio/common';
import type { UnitResult } from '../contracts/unit.js';
import { Failure } from '../core/outcome/failure.js';
import type { Reason } from '../core/outcome/outcome.js';
import type { Redactor } from '../ports/redactor.js';

/**
 * The one place where an error becomes a Temporal failure, of which no secret is left: history keeps message, stack, causes
 * and details.
 * @param isLast asked of an error nobody foresaw: whether the activity ends with it
 */
export function toTemporal(error: unknown, redactor: Redactor, isLast: () => boolean): ApplicationFailure {
  const failure = failureOf(error, isLast);
  const { message, cause, stack = '' } = redactor.error(failure) as Error;
  return Object.assign(failure, { message, stack, ...(cause !== undefined && { cause }) });
}

function failureOf(error: unknown, isLast: () => boolean): ApplicationFailure {
  if (error instanceof ApplicationFailure) return error;
  if (error instanceof Failure) {
    return ApplicationFailure.create({
      type: error.type,
      message: error.message,
      nonRetryable: error.permanent && error.type !== 'Superseded',
      ...(error.detail.retryAfterMs === undefined
        ? {}
        : { nextRetryDelay: Math.max(1, error.detail.retryAfterMs) }),
      cause: error,
    });
  }
  const message = error instanceof Error ? error.message : String(error);
  return ApplicationFailure.create({
    type: 'Unforeseen',
    message: `${message} (this is a bug of Muster's; please report it with the worker's log)`,
    nonRetryable: isLast(),
    ...(error instanceof Error ? { cause: error } : {}),
  });
}

/** What a brief came to is no error of a program: it goes without a stack. */
function verdict(options: Parameters<typeof ApplicationFailure.create>[0]): ApplicationFailure {
  const failure = ApplicationFailure.create(options);
  failure.stack = '';
  return failure;
}

/** Another try follows: the activity fails, retryable, and Temporal waits as long as the brief's back-off says. */
export const again = (reason: Reason, delayMs: number): ApplicationFailure =>
  verdict({ ...reason, nonRetryable: false, nextRetryDelay: Math.max(1, delayMs) });

/** Tries are spent: `details[0]` is the same result that a success returns. */
export const spent = (reason: Reason, result: UnitResult): ApplicationFailure =>
  verdict({ ...reason, nonRetryable: true, details: [result] });

/** This worker goes away in good order; whoever comes next may start at once. */
export const handedBack = (): ApplicationFailure =>
  verdict({
    type: 'Released',
    message: 'handed back by a worker that is shutting down',
    nextRetryDelay: 1,
  });
