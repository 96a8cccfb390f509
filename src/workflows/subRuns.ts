import {
  CancellationScope,
  ChildWorkflowCancellationType,
  type ChildWorkflowHandle,
  defineSignal,
  type ExternalWorkflowHandle,
  getExternalWorkflowHandle,
  isCancellation,
  setHandler,
  startChild,
  type Workflow,
} from '@temporalio/workflow';
import type { Activities } from '../contracts/activities.js';
import type { RunInput, RunResult } from '../contracts/run.js';
import { SIGNALS, type Wants } from '../contracts/subRun.js';
import type { RunName, SubRun, SubRunEnd, UnitInput } from '../contracts/unit.js';
import { type Node, nameOf } from '../core/graph/node.js';
import type { Allowance } from '../core/schedule/allowance.js';
import type { Event } from '../core/schedule/state.js';

interface Carried {
  /** What it is to the workflow that carries it out. */
  readonly node: Node;
  readonly unit: Activities['unit'];
  readonly input: UnitInput;
  readonly summary: string;
}

/** What the run has to do with the runs within it: begin them, tell them, hear of them, and have their ends recorded. */
export function subRunsOf({
  run,
  allowance,
  paused,
  give,
}: {
  readonly run: RunName;
  readonly allowance: Allowance;
  readonly paused: () => boolean;
  readonly give: (event: Event) => Promise<void>;
}) {
  /** By node. One that is being begun may tell of itself before it is known to have begun. */
  const running = new Map<string, Promise<ExternalWorkflowHandle>>();
  setHandler(defineSignal<[Wants]>(SIGNALS.wants), (wants) => give({ kind: 'wants', ...wants }));

  /** The unit says what is to be run, if anything is, and takes down what that came to. Each is a holder of its own. */
  async function carryOut(carried: Carried): ReturnType<Activities['unit']> {
    const { unit, input } = carried;
    const { dispatch } = input;
    const begun = await unit({ ...input, dispatch: 2 * dispatch - 1 });
    if (begun.status === 'asked' || !begun.within) return begun;
    const within = await runWithin(carried, begun.within);
    return CancellationScope.nonCancellable(() => unit({ ...input, dispatch: 2 * dispatch, within }));
  }

  async function runWithin({ node, summary }: Carried, sub: SubRun): Promise<SubRunEnd> {
    const { id, plan, size, base, deadlineAt } = sub;
    const known = { id, plan, since: Date.now() };
    if (!(await allowance.take(size))) return { ...known, status: 'refused' };
    const input: RunInput = {
      plan: { digest: plan },
      ...(base && { base }),
      part: {
        node,
        of: { id: run.id, first: run.first },
        depth: (run.depth ?? 0) + 1,
        slots: 1,
        allowance: { left: 0, had: size },
        ...(deadlineAt !== undefined && { deadlineAt }),
        ...(paused() && { paused: true }),
      },
    };
    let child: ChildWorkflowHandle<Workflow> | undefined;
    try {
      const begun = startChild('run', {
        workflowId: id,
        args: [input],
        cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
        staticSummary: summary,
      });
      const handle = begun.then(() => getExternalWorkflowHandle(id));
      handle.catch(() => undefined);
      running.set(nameOf(node), handle);
      child = await begun;
      const { status, report } = (await child.result()) as RunResult;
      return { ...known, first: child.firstExecutionRunId, status, report: report.json };
    } catch (error) {
      const first = child && { first: child.firstExecutionRunId };
      if (isCancellation(error)) return { ...known, ...first, status: 'cancelled' };
      return { ...known, ...first, status: 'lost', why: reasonOf(error) };
    } finally {
      running.delete(nameOf(node));
    }
  }

  function signal(name: string, node: string, said: unknown): void {
    void running
      .get(node)
      ?.then((handle) => CancellationScope.nonCancellable(() => handle.signal(name, said)))
      // One that never began, or is over by now, has no use for it.
      .catch(() => undefined);
  }

  return {
    carryOut,
    has: (node: Node) => running.has(nameOf(node)),
    lend: (node: Node, slots: number) => signal(SIGNALS.lend, nameOf(node), slots),
    pause: (paused: boolean) => {
      for (const node of running.keys()) signal(SIGNALS.paused, node, paused);
    },
  };
}

/** The innermost of what went wrong, in so many characters at most. */
function reasonOf(error: unknown): string {
  let inner = error as Error & { cause?: unknown };
  while (inner.cause instanceof Error) inner = inner.cause;
  return inner.message.slice(0, 300);
}
