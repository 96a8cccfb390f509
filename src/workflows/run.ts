import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  type WorkflowInfo,
  workflowInfo,
} from '@temporalio/workflow';
import type { RunInput, RunResult, Scheduled } from '../contracts/run.js';
import type { Part } from '../contracts/subRun.js';
import { mostOf, type UnitGraph } from '../core/graph/units.js';
import type { Allowance } from '../core/schedule/allowance.js';
import { type ClosingNote, closingNote, packed } from '../core/schedule/closing.js';
import { sentBack } from '../core/schedule/sendBack.js';
import type { State } from '../core/schedule/state.js';
import { resumed } from '../core/schedule/step.js';
import { allowanceOf, returnTo } from './allowances.js';
import type { Course } from './course.js';
import { createDispatch, type Dispatch } from './dispatch.js';
import { installHandlers, show } from './handlers.js';
import { partOf } from './part.js';
import { patching } from './patching.js';
import { compile, integrate } from './proxies.js';
import { createTimers } from './timers.js';

/**
 * One execution of a plan: read it, dispatch its waves, integrate whatever there is.
 * Cancelling it stops what runs and still integrates; it then completes with status `cancelled`.
 * @throws ApplicationFailure `InvalidPlan`, `InvalidInput` or `CommandNotAllowed` before anything was started.
 */
export async function run(input: RunInput): Promise<RunResult> {
  const view = installHandlers();
  const info = workflowInfo();
  const { base, part, resume } = input;
  const name = {
    ...{ id: info.workflowId, first: info.firstExecutionRunId },
    ...(base && { base: { first: base.first, plan: base.plan } }),
    ...(part && { depth: part.depth }),
  };
  const root = CancellationScope.current();

  const { plan, graph } =
    resume ??
    (await CancellationScope.nonCancellable(() =>
      compile({
        ...{ run: name, plan: input.plan, ...scheduledBy(info) },
        ...(base && { rerunOf: base.id }),
        ...(part && { partOf: { ...part.of, node: part.node } }),
      }),
    ));
  const asJson = resume ? resume.given === true : 'inline' in input.plan;
  const startedAt = resume?.startedAt ?? info.startTime.getTime();
  const courseBy = (plan: string, graph: UnitGraph, size: number, known?: Allowance): Course => {
    const deadlineAt = deadlineOf(startedAt, graph, part);
    const allowance = known ?? allowanceFor(graph, input, size);
    return { plan, graph, ...(deadlineAt !== undefined && { deadlineAt }), ...(allowance && { allowance }) };
  };

  return CancellationScope.nonCancellable(async () => {
    let course = courseBy(plan, graph, graph.units.length);
    show(view, course);
    const within = part && partOf(part);
    const dispatch: Dispatch = createDispatch({
      ...{ run: name, ...course },
      ...(resume && { state: resumed(resume.state) }),
      ...(within && { changed: within.changed }),
    });
    const timers = createTimers(startedAt, dispatch.give);
    view.dispatch = dispatch;
    view.patch = patching({
      ...{ run: name, given: asJson || part !== undefined, dispatch, course: () => course },
      courseBy: (plan, graph, size) => courseBy(plan, graph, size, course.allowance),
      adopt(next) {
        course = next;
        show(view, course);
        timers.follow(course);
      },
    });
    root.cancelRequested.catch(() => dispatch.give({ kind: 'cancel' }));
    timers.follow(course);

    within?.begin(dispatch, part?.paused === true && !resume);
    void dispatch.give({ kind: root.consideredCancelled ? 'cancel' : 'begin' });
    const how = await dispatch.settled;
    within?.end();
    timers.stop();
    if (how === 'continue') await within?.tellTheLast();
    // Nothing is awaited after this: what people say meanwhile goes on with it.
    await condition(allHandlersFinished);
    const { allowance, ...by } = course;
    const goOn = (state: State, repairs: number | undefined) =>
      continueAsNew<typeof run>({
        plan: { digest: by.plan },
        ...(base && { base }),
        ...(part && within && { part: { ...part, slots: within.held() } }),
        resume: {
          ...{ plan: by.plan, graph: by.graph, state, startedAt },
          ...(asJson && { given: true }),
          ...(repairs !== undefined && { repairs }),
          ...(allowance && { allowance: allowance.state }),
        },
      });
    if (how === 'continue') return goOn(dispatch.state(), resume?.repairs);
    if (part && allowance) await returnTo(info.parent!.workflowId, allowance);
    view.phase = 'integrating';
    const repairs = part ? undefined : (resume?.repairs ?? 0);
    const done = (note: ClosingNote, repairs?: number) =>
      integrate({
        ...{ run: name, plan: by.plan, note: packed(note) },
        ...(repairs !== undefined && { repairs }),
      });
    let result = await done(closingNote(dispatch.state()), repairs);
    // Cancelled meanwhile, it does not go on.
    if ('sentBack' in result && root.consideredCancelled)
      result = await done({ ...closingNote(dispatch.state()), reason: 'cancelled' });
    if ('sentBack' in result)
      return goOn(sentBack(by.graph, dispatch.state(), result.sentBack), (repairs ?? 0) + 1);
    view.phase = 'closed';
    return result;
  });
}

/** Of a run that can come to more than its own plan says; others need none. @param size briefs and instances by now */
function allowanceFor(graph: UnitGraph, { part, resume }: RunInput, size: number): Allowance | undefined {
  if (part) return allowanceOf(resume?.allowance ?? part.allowance, workflowInfo().parent!.workflowId);
  if (!graph.units.some(({ within }) => within)) return undefined;
  return allowanceOf(resume?.allowance ?? { left: mostOf(graph) - size, had: size });
}

/** Its own, or that of the brief it is carried out for, whichever comes first; ms since the epoch. */
function deadlineOf(
  startedAt: number,
  { deadlineMs }: UnitGraph,
  part: Part | undefined,
): number | undefined {
  const own = deadlineMs === undefined ? Infinity : startedAt + deadlineMs;
  const first = Math.min(own, part?.deadlineAt ?? Infinity);
  return first === Infinity ? undefined : first;
}

/** Set by the server on what a schedule starts. */
function scheduledBy({ searchAttributes }: WorkflowInfo): { readonly scheduled?: Scheduled } {
  const [at] = searchAttributes.TemporalScheduledStartTime ?? [];
  const [id] = searchAttributes.TemporalScheduledById ?? [];
  return at instanceof Date && typeof id === 'string' ? { scheduled: { id, at: at.getTime() } } : {};
}
