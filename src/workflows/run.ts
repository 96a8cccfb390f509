import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  setCurrentDetails,
  type WorkflowInfo,
  workflowInfo,
} from '@temporalio/workflow';
import type { RunInput, RunResult, Scheduled } from '../contracts/run.js';
import type { Part } from '../contracts/subRun.js';
import { duesOf, mostOf, type UnitGraph } from '../core/graph/units.js';
import type { Allowance } from '../core/schedule/allowance.js';
import { closingNote, packed } from '../core/schedule/closing.js';
import { resumed } from '../core/schedule/step.js';
import { allowanceOf, returnTo } from './allowances.js';
import { createDispatch, type Dispatch } from './dispatch.js';
import { installHandlers, show } from './handlers.js';
import { partOf } from './part.js';
import { compile, integrate } from './proxies.js';
import { giveAt } from './timers.js';

/**
 * One execution of a plan: read it, dispatch its waves, integrate whatever there is.
 * Cancelling it stops what runs and still integrates; it then completes with status `cancelled`.
 * @throws ApplicationFailure `InvalidPlan`, `InvalidInput` or `CommandNotAllowed` before anything was started.
 */
export async function run(input: RunInput): Promise<RunResult> {
  const view = installHandlers();
  const info = workflowInfo();
  const { base, part } = input;
  const name = {
    ...{ id: info.workflowId, first: info.firstExecutionRunId },
    ...(base && { base: { first: base.first, plan: base.plan } }),
    ...(part && { depth: part.depth }),
  };
  const root = CancellationScope.current();

  const { plan, graph } =
    input.resume ??
    (await CancellationScope.nonCancellable(() =>
      compile({
        ...{ run: name, plan: input.plan, ...scheduledBy(info) },
        ...(base && { rerunOf: base.id }),
        ...(part && { partOf: part.of }),
      }),
    ));
  show(view, plan, graph);
  setCurrentDetails(
    view.waves.map((wave, n) => `${n + 1}. ${wave.map((u) => graph.units[u]!.label).join(', ')}`).join('\n'),
  );

  const startedAt = input.resume?.startedAt ?? info.startTime.getTime();
  const deadlineAt = input.resume?.deadlineAt ?? deadlineOf(startedAt, graph, part);
  if (deadlineAt !== undefined) view.deadlineAt = deadlineAt;

  return CancellationScope.nonCancellable(async () => {
    const allowance = allowanceFor(graph, input);
    const within = part && partOf(graph, part);
    const dispatch: Dispatch = createDispatch({
      ...{ run: name, plan, graph },
      ...(input.resume && { state: resumed(input.resume.state) }),
      ...(deadlineAt !== undefined && { deadlineAt }),
      ...(allowance && { allowance }),
      ...(within && { changed: within.changed }),
    });
    view.dispatch = dispatch;
    root.cancelRequested.catch(() => dispatch.give({ kind: 'cancel' }));
    const timer = new CancellationScope();
    if (deadlineAt !== undefined)
      void timer.run(() => giveAt(deadlineAt, { kind: 'deadline' }, dispatch.give));
    for (const ms of duesOf(graph))
      void timer.run(() => giveAt(startedAt + ms, { kind: 'due', ms }, dispatch.give));

    within?.begin(dispatch, part?.paused === true && !input.resume);
    void dispatch.give({ kind: root.consideredCancelled ? 'cancel' : 'begin' });
    const how = await dispatch.settled;
    within?.end();
    timer.cancel();
    await condition(allHandlersFinished);
    if (how === 'continue') {
      const state = dispatch.state();
      const slots = await within?.handOver();
      return continueAsNew<typeof run>({
        plan: { digest: plan },
        ...(base && { base }),
        ...(part && slots !== undefined && { part: { ...part, slots } }),
        resume: {
          ...{ plan, graph, state, startedAt },
          ...(deadlineAt === undefined ? {} : { deadlineAt }),
          ...(allowance && { allowance: allowance.state }),
        },
      });
    }
    if (part && allowance) await returnTo(info.parent!.workflowId, allowance);
    view.phase = 'integrating';
    const result = await integrate({ run: name, plan, note: packed(closingNote(dispatch.state())) });
    view.phase = 'closed';
    return result;
  });
}

/** Of a run that can come to more than its own plan says; others need none. */
function allowanceFor(graph: UnitGraph, { part, resume }: RunInput): Allowance | undefined {
  if (part) return allowanceOf(resume?.allowance ?? part.allowance, workflowInfo().parent!.workflowId);
  if (!graph.units.some(({ within }) => within)) return undefined;
  const { length } = graph.units;
  return allowanceOf(resume?.allowance ?? { left: mostOf(graph) - length, had: length });
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
