import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  condition,
  defineUpdate,
  setHandler,
} from '@temporalio/workflow';
import { type Patching, type Steered, UPDATES } from '../contracts/messages.js';
import type { RunName } from '../contracts/unit.js';
import type { UnitGraph } from '../core/graph/units.js';
import { sizeOf } from '../core/schedule/patch.js';
import type { Course } from './course.js';
import type { Dispatch } from './dispatch.js';
import { notePatch, readPatch } from './proxies.js';
import type { View } from './view.js';

/** Who asks before the run has begun is answered once it has. */
export function acceptPatches(view: View): void {
  const handle = async (asked: Patching): Promise<Steered> => {
    await condition(() => view.patch !== undefined);
    await CancellationScope.nonCancellable(() => view.patch!(asked));
    return { changed: true };
  };
  const validator = ({ from, plan }: Partial<Patching> = {}): void => {
    if (![from, plan].every((digest) => /^[0-9a-f]{64}$/.test(digest ?? '')))
      throw refuse(
        'It takes `from` and `plan`: digests of the stored plan that the run goes by, and of its patch.',
      );
    if (view.phase === 'integrating' || view.phase === 'closed') throw refuse(OVER);
  };
  setHandler(defineUpdate<Steered, [Patching]>(UPDATES.patch), handle, { validator });
}

/**
 * Whether a patch holds is asked of the plan by an activity, and of what has begun by the dispatcher, at the moment it
 * takes effect: all of it or nothing.
 */
export function patching({
  run,
  given,
  dispatch,
  course,
  courseBy,
  adopt,
}: {
  readonly run: RunName;
  /** Its plan came as JSON, or by a brief. */
  readonly given: boolean;
  readonly dispatch: Dispatch;
  /** What the run goes by now. */
  readonly course: () => Course;
  /** @param size briefs and instances that there are by then */
  readonly courseBy: (plan: string, graph: UnitGraph, size: number) => Course;
  readonly adopt: (course: Course) => void;
}): NonNullable<View['patch']> {
  return async ({ from, plan }) => {
    stillBy(from);
    const { graph, touched } = await readPatch({ run, from, plan, ...(given && { given }) }).catch(unwrapped);
    const added = graph.units.length - course().graph.units.length;
    const { allowance } = course();
    if (added > 0 && allowance && !(await allowance.take(added))) throw refuse(TOO_MANY);
    try {
      stillBy(from);
      const next = courseBy(plan, graph, sizeOf(dispatch.upToDate()) + added);
      if ((next.deadlineAt ?? Infinity) <= Date.now()) throw refuse(TOO_LATE);
      const objection = dispatch.patch({ ...next, touched });
      if (objection) throw refuse(saying(objection));
      adopt(next);
    } catch (error) {
      if (added > 0) allowance?.giveBack(added);
      throw error;
    }
    await notePatch({ run, plan });
  };

  function stillBy(from: string): void {
    if (course().plan !== from)
      throw refuse('The plan of the run has been patched since. Look at it again, and ask once more.');
  }

  function saying(objection: NonNullable<ReturnType<Dispatch['patch']>>): string {
    if ('over' in objection) return OVER;
    if ('size' in objection) return TOO_MANY;
    const { begun } = objection;
    const labels = begun.slice(0, 5).map((u) => course().graph.units[u]!.label);
    if (begun.length > labels.length) labels.push(`${begun.length - labels.length} more`);
    return `Nothing is patched: it would change what has begun or ended (${labels.join('; ')}). Leave that as it was, and put what is new into a brief of its own.`;
  }
}

const OVER =
  'Nothing is patched: the run is being integrated, and nothing is to be done now. If that sends something back to briefs, ask once more then.';
const TOO_MANY = 'Nothing is patched: the run would come to too many briefs.';
const TOO_LATE = 'Nothing is patched: the deadline that it says has passed already.';
const UNREAD = 'Nothing is patched: no worker has read the patch in time. Ask once more.';
const refuse = (why: string) => ApplicationFailure.nonRetryable(why, 'InvalidInput');

/** Whoever asked is told why the activity failed, and not that it did. */
function unwrapped(error: unknown): never {
  const cause = error instanceof ActivityFailure ? error.cause : undefined;
  throw cause instanceof ApplicationFailure ? cause : refuse(UNREAD);
}
