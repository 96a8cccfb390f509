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
import { duesOf } from '../core/graph/units.js';
import { closingNote, resumed } from '../core/schedule/step.js';
import { createDispatch } from './dispatch.js';
import { installHandlers, show } from './handlers.js';
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
  const { base } = input;
  const name = {
    ...{ id: info.workflowId, first: info.firstExecutionRunId },
    ...(base && { base: { first: base.first, plan: base.plan } }),
  };
  const root = CancellationScope.current();

  const { plan, graph } =
    input.resume ??
    (await CancellationScope.nonCancellable(() =>
      compile({ run: name, plan: input.plan, ...scheduledBy(info), ...(base && { rerunOf: base.id }) }),
    ));
  show(view, plan, graph);
  setCurrentDetails(
    view.waves.map((wave, n) => `${n + 1}. ${wave.map((u) => graph.units[u]!.label).join(', ')}`).join('\n'),
  );

  const startedAt = input.resume?.startedAt ?? info.startTime.getTime();
  const deadlineAt =
    input.resume?.deadlineAt ?? (graph.deadlineMs === undefined ? undefined : startedAt + graph.deadlineMs);
  if (deadlineAt !== undefined) view.deadlineAt = deadlineAt;

  return CancellationScope.nonCancellable(async () => {
    const dispatch = createDispatch({
      ...{ run: name, plan, graph },
      ...(input.resume && { state: resumed(input.resume.state) }),
      ...(deadlineAt !== undefined && { deadlineAt }),
    });
    view.dispatch = dispatch;
    root.cancelRequested.catch(() => dispatch.give({ kind: 'cancel' }));
    const timer = new CancellationScope();
    if (deadlineAt !== undefined)
      void timer.run(() => giveAt(deadlineAt, { kind: 'deadline' }, dispatch.give));
    for (const ms of duesOf(graph))
      void timer.run(() => giveAt(startedAt + ms, { kind: 'due', ms }, dispatch.give));

    void dispatch.give({ kind: root.consideredCancelled ? 'cancel' : 'begin' });
    const how = await dispatch.settled;
    timer.cancel();
    await condition(allHandlersFinished);
    if (how === 'continue') {
      const state = dispatch.state();
      return continueAsNew<typeof run>({
        plan: { digest: plan },
        ...(base && { base }),
        resume: { plan, graph, state, startedAt, ...(deadlineAt === undefined ? {} : { deadlineAt }) },
      });
    }
    view.phase = 'integrating';
    const result = await integrate({ run: name, plan, note: closingNote(dispatch.state()) });
    view.phase = 'closed';
    return result;
  });
}

/** Set by the server on what a schedule starts. */
function scheduledBy({ searchAttributes }: WorkflowInfo): { readonly scheduled?: Scheduled } {
  const [at] = searchAttributes.TemporalScheduledStartTime ?? [];
  const [id] = searchAttributes.TemporalScheduledById ?? [];
  return at instanceof Date && typeof id === 'string' ? { scheduled: { id, at: at.getTime() } } : {};
}
