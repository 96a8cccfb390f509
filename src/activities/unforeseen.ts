import { activityInfo } from '@temporalio/activity';
import type { Redactor } from '../ports/redactor.js';
import { toTemporal } from './failures.js';

/*
 * Errors nobody foresaw: bugs of Muster's.
 *  1. Temporal's attempts say nothing of them: tries, crashes and deploys are attempts as well. So each worker counts
 *     for itself, and another one, of a better release maybe, begins anew.
 *  2. Without `compile` or `integrate` there is no report at all. They are tried again, after up to 30 s, until they
 *     succeed: on a worker that was mended, or once what was in their way is gone.
 */

/** A unit ends with the third of them on one worker: a bug must not retry for ever, and the run goes on without it. */
const BOUND = 3;

type Activity<I, O> = (input: I) => Promise<O>;

/** What it throws is a Temporal failure; an error nobody foresaw is always tried again. */
export const persistent =
  (redactor: Redactor) =>
  <I, O>(activity: Activity<I, O>): Activity<I, O> =>
  async (input) => {
    try {
      return await activity(input);
    } catch (error) {
      throw toTemporal(error, redactor, () => false);
    }
  };

/** For the activities of one worker: as {@link persistent}, but each of them ends at {@link BOUND}. */
export function bounded(redactor: Redactor): <I, O>(activity: Activity<I, O>) => Activity<I, O> {
  const seen = new Map<string, number>();
  return (activity) => async (input) => {
    const { workflowExecution, activityId } = activityInfo();
    const id = `${workflowExecution?.runId} ${activityId}`;
    const count = () => {
      seen.set(id, (seen.get(id) ?? 0) + 1);
      return seen.get(id) === BOUND;
    };
    try {
      const result = await activity(input);
      seen.delete(id);
      return result;
    } catch (error) {
      const failure = toTemporal(error, redactor, count);
      if (failure.nonRetryable) seen.delete(id);
      throw failure;
    }
  };
}
