import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  isCancellation,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type { ExpandResult, RunName, UnitResult } from '../contracts/unit.js';
import { bare, type Node, nameOf } from '../core/graph/node.js';
import type { UnitGraph } from '../core/graph/units.js';
import type { Status } from '../core/outcome/outcome.js';
import type { Allowance } from '../core/schedule/allowance.js';
import {
  type Command,
  type Event,
  initialState,
  leftOf,
  runningOf,
  type State,
} from '../core/schedule/state.js';
import { step } from '../core/schedule/step.js';
import { activitiesOf } from './proxies.js';
import { shardsOf } from './shards.js';
import { subRunsOf } from './subRuns.js';

/**
 * The deterministic shell around `core/schedule`:
 * 1. every change of state is an event given to `step`, those of one activation together; nothing is decided here;
 * 2. `settled` resolves only when nothing is in flight, so continuing as new can lose no result (E6);
 * 3. what runs is shielded from the workflow's own cancellation: it becomes an event, and `step` recalls.
 */
export interface Dispatch {
  readonly state: () => State;
  /** Resolves when it has been taken. */
  readonly give: (event: Event) => Promise<void>;
  readonly settled: Promise<'finish' | 'continue'>;
}

/** A history stays below this many events: a drain comes early enough for units in flight to end. */
const HISTORY_LIMIT = 3900;
const DRAIN_AT = 3000;
/** At most: scheduled, started, ended, and a workflow task of its own. */
const EVENTS_PER_UNIT = 6;

export interface Given {
  readonly run: RunName;
  /** Digest of the stored plan. */
  readonly plan: string;
  readonly graph: UnitGraph;
  /** Begins with it; absent: with nothing done. */
  readonly state?: State;
  /** ms since the epoch. */
  readonly deadlineAt?: number;
  /** In a shard: what stands in the run as a whole for what is known here; its place there, and of how many. */
  /** Where runs may be within it, or it is within one: what it may come to with them. */
  readonly allowance?: Allowance;
  readonly whole?: { readonly u: number; readonly k: number; readonly width: number };
  /** Told after every change. */
  readonly changed?: (state: State) => void;
}

export function createDispatch({
  run,
  plan,
  graph,
  deadlineAt,
  allowance,
  whole,
  changed,
  ...given
}: Given): Dispatch {
  let state = given.state ?? initialState(graph);
  let settle: (how: 'finish' | 'continue') => void;
  const settled = new Promise<'finish' | 'continue'>((resolve) => {
    settle = resolve;
  });
  const inFlight = new CancellationScope();
  /** Of each that runs, by name. */
  const scopes = new Map<string, CancellationScope>();

  let told: Event[] = [];
  let taken = Promise.resolve();

  function give(event: Event): Promise<void> {
    if (told.push(event) === 1) taken = Promise.resolve().then(takeAll);
    return taken;
  }

  function takeAll(): void {
    const events = told;
    told = [];
    let next = step(graph, state, ...events);
    if (state.stopping === undefined && growsTooLong(next.state))
      next = step(graph, state, { kind: 'drain' }, ...events);
    const { paused } = state;
    state = next.state;
    if (state.paused !== paused) subRuns?.pause(state.paused === true);
    next.commands.forEach(carryOut);
    changed?.(state);
  }

  /** Whether a history in which all this runs would be too long. What can still end in it does: a drain lets places stand empty. */
  function growsTooLong(after: State): boolean {
    const { historyLength } = workflowInfo();
    const roomFor = (units: number) => historyLength + EVENTS_PER_UNIT * units <= HISTORY_LIMIT;
    const left = leftOf(graph, after);
    return (historyLength > DRAIN_AT || !roomFor(runningOf(graph, after))) && !roomFor(left);
  }

  function carryOut(command: Command): void {
    switch (command.kind) {
      case 'expand':
        within(scopeOf(command), () => expand(command));
        break;
      case 'start':
        within(scopeOf(command), () => start(command));
        break;
      case 'shard':
        within(scopeOf(command), () => shards.start(command));
        break;
      case 'lend':
        if (graph.units[command.u]!.within && subRuns?.has(command)) subRuns.lend(command, command.slots);
        else shards.tell(command);
        break;
      case 'pass':
        shards.tell(command);
        break;
      case 'recall':
        (command.node ? scopes.get(nameOf(command.node)) : inFlight)?.cancel();
        break;
      case 'finish':
      case 'continue':
        settle(command.kind);
        break;
    }
  }

  function scopeOf(node: Node): CancellationScope {
    const scope = new CancellationScope({ cancellable: true, parent: inFlight });
    scopes.set(nameOf(node), scope);
    return scope;
  }

  function over(node: Node, event: Event): void {
    scopes.delete(nameOf(node));
    void give(event);
  }

  function expand({ u, kind: _, ...dispatched }: Command & { kind: 'expand' }): void {
    const unit = graph.units[u]!;
    const end = (ended: ExpandResult | ReturnType<typeof outcomeOf<ExpandResult>>) =>
      ended.status === 'expanded'
        ? over({ u }, { kind: 'expanded', u, count: ended.count ?? 0 })
        : over({ u }, { kind: 'ended', u, status: ended.status });
    const admit = async (ended: ExpandResult) =>
      end(ended.status !== 'expanded' || (await allowance!.take(ended.count)) ? ended : REFUSED);
    activitiesOf(unit, `${u}`, `${unit.label}: read what to fan out over`, timeLeft())
      .expand({ run, plan, u, ...dispatched })
      .then(allowance ? admit : end, (error) => end(outcomeOf<ExpandResult>(error)));
  }

  function start({ u, k, kind: _, ...dispatched }: Command & { kind: 'start' }): void {
    const unit = graph.units[u]!;
    const node = bare({ u, ...(k !== undefined && { k }) });
    const known = whole && k !== undefined ? { u: whole.u, k: whole.k + k } : node;
    const width = whole?.width ?? state.fans[u]?.length;
    const summary = known.k === undefined ? unit.label : `${unit.label} ${known.k + 1} of ${width}`;
    const end = ({ status }: Pick<UnitResult, 'status'>) => over(node, { kind: 'ended', ...node, status });
    const activity = activitiesOf(unit, nameOf(known), summary, timeLeft()).unit;
    const input = { run, plan, ...known, ...dispatched };
    const ended =
      unit.within && subRuns ? subRuns.carryOut({ node, unit: activity, input, summary }) : activity(input);
    ended.then(end, (error) => end(outcomeOf<UnitResult>(error)));
  }

  const shards = shardsOf({
    run,
    plan,
    graph,
    ...(deadlineAt !== undefined && { deadlineAt }),
    widthOf: (u) => state.fans[u]!.length,
    over,
    give,
  });
  const subRuns = allowance && subRunsOf({ run, allowance, paused: () => state.paused === true, give });
  const timeLeft = () => (deadlineAt === undefined ? undefined : deadlineAt - Date.now());
  return { state: () => state, give, settled };
}

const REFUSED: ExpandResult = { status: 'refused', count: 0 };

/** Entering a scope costs promises, each with its stack; an end that is told within it starts the next one there. */
function within(scope: CancellationScope, work: () => void): void {
  if (CancellationScope.current() === scope) work();
  else void scope.run(async () => work());
}

/** The outcome in what an activity failed with: a unit whose tries are spent carries its result in the details. */
function outcomeOf<R>(error: unknown): R | { readonly status: Status; readonly count?: undefined } {
  if (isCancellation(error)) return { status: 'cancelled' };
  const cause = error instanceof ActivityFailure ? error.cause : undefined;
  const result = cause instanceof ApplicationFailure ? (cause.details?.[0] as R | undefined) : undefined;
  return result ?? { status: 'failed' };
}

/** Gives an event when its time has come, unless the scope it runs in is cancelled first. @param at ms since the epoch */
export async function giveAt(at: number, event: Event, give: Dispatch['give']): Promise<void> {
  try {
    await sleep(Math.max(1, at - Date.now()));
    await give(event);
  } catch (error) {
    if (!isCancellation(error)) throw error;
  }
}
