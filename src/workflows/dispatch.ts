import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  isCancellation,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type { ExpandResult, RunName, UnitInput, UnitResult } from '../contracts/unit.js';
import type { UnitGraph } from '../core/graph/units.js';
import type { Status } from '../core/outcome/outcome.js';
import { type Command, type Event, initialState, type State } from '../core/schedule/state.js';
import { step } from '../core/schedule/step.js';
import { activitiesOf } from './proxies.js';

/**
 * The deterministic shell around `core/schedule`:
 * 1. every change of state is an event given to `step`; nothing is decided here;
 * 2. `settled` resolves only when nothing is in flight, so continuing as new can lose no result (E6);
 * 3. what runs is shielded from the workflow's own cancellation: it becomes an event, and `step` recalls.
 */
export interface Dispatch {
  readonly state: () => State;
  readonly give: (event: Event) => void;
  readonly settled: Promise<'finish' | 'continue'>;
}

/** At most this many events before a drain; units in flight may each add a few more before it is done. */
const DRAIN_AT = 3000;
const HISTORY_LIMIT = 3900;
/** Started, ended, and a workflow task of its own. */
const EVENTS_PER_UNIT = 5;

export function createDispatch(
  run: RunName,
  plan: string,
  graph: UnitGraph,
  resume?: State,
  deadlineAt?: number,
): Dispatch {
  let state = resume ?? initialState(graph);
  let settle: (how: 'finish' | 'continue') => void;
  const settled = new Promise<'finish' | 'continue'>((resolve) => {
    settle = resolve;
  });
  const inFlight = new CancellationScope();

  function give(event: Event): void {
    take(event);
    const long =
      workflowInfo().historyLength >
      Math.min(DRAIN_AT, HISTORY_LIMIT - EVENTS_PER_UNIT * state.running.length);
    if (long && state.stopping === undefined) take({ kind: 'drain' });
  }

  function take(event: Event): void {
    const next = step(graph, state, event);
    state = next.state;
    for (const command of next.commands) carryOut(command);
  }

  function carryOut(command: Command): void {
    switch (command.kind) {
      case 'expand':
        void inFlight.run(() => expand(command));
        break;
      case 'start':
        void inFlight.run(() => start(command));
        break;
      case 'recall':
        inFlight.cancel();
        break;
      case 'finish':
      case 'continue':
        settle(command.kind);
        break;
    }
  }

  async function expand({ u, dispatch }: Command & { kind: 'expand' }): Promise<void> {
    const unit = graph.units[u]!;
    const ended = await outcomeOf<ExpandResult>(() =>
      activitiesOf(unit, `${u}`, `${unit.label}: read what to fan out over`, timeLeft()).expand({
        run,
        plan,
        u,
        dispatch,
      }),
    );
    if (ended.status === 'expanded') give({ kind: 'expanded', u, count: ended.count ?? 0 });
    else give({ kind: 'ended', u, status: ended.status });
  }

  async function start({ u, k, dispatch }: Command & { kind: 'start' }): Promise<void> {
    const unit = graph.units[u]!;
    const input: UnitInput = { run, plan, u, ...(k === undefined ? {} : { k }), dispatch };
    const [node, summary] =
      k === undefined
        ? [`${u}`, unit.label]
        : [`${u}.${k}`, `${unit.label} ${k + 1} of ${state.fans[u]?.length}`];
    const { status } = await outcomeOf<UnitResult>(() =>
      activitiesOf(unit, node, summary, timeLeft()).unit(input),
    );
    give({ kind: 'ended', u, ...(k === undefined ? {} : { k }), status });
  }

  const timeLeft = () => (deadlineAt === undefined ? undefined : deadlineAt - Date.now());
  return { state: () => state, give, settled };
}

/** A unit that ended with an outcome, however Temporal carried it: as a result, or as details of its failure. */
async function outcomeOf<R extends { readonly status: string }>(
  work: () => Promise<R>,
): Promise<R | { readonly status: Status; readonly count?: undefined }> {
  try {
    return await work();
  } catch (error) {
    if (isCancellation(error)) return { status: 'cancelled' };
    const cause = error instanceof ActivityFailure ? error.cause : undefined;
    const result = cause instanceof ApplicationFailure ? (cause.details?.[0] as R | undefined) : undefined;
    return result ?? { status: 'failed' };
  }
}

/** Gives `deadline` when the run's time is up, unless the scope it runs in is cancelled first. */
export async function watchDeadline(deadlineAt: number, give: (event: Event) => void): Promise<void> {
  try {
    await sleep(Math.max(1, deadlineAt - Date.now()));
    give({ kind: 'deadline' });
  } catch (error) {
    if (!isCancellation(error)) throw error;
  }
}
