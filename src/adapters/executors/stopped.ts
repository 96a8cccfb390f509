import { Failure, type FailureDetail } from '../../core/outcome/failure.js';
import type { Task } from '../../ports/executor.js';

/**
 * The failure a task ends with when its signal aborted: the signal's own reason where that is a `Failure`
 * (`TimedOut`, `Superseded`, …), else `Cancelled`; with what there was of an output.
 */
export function stopped(task: Pick<Task, 'signal' | 'label'>, left: FailureDetail = {}): Failure {
  const why: unknown = task.signal.reason;
  return why instanceof Failure
    ? new Failure(why.type, why.message, { ...why.detail, ...left })
    : new Failure('Cancelled', `${task.label} was cancelled while it ran.`, left);
}
