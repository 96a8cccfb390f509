import { CancellationScope, workflowInfo } from '@temporalio/workflow';
import type { AskedResult, ExpandResult, RunName, UnitResult } from '../contracts/unit.js';
import { bare, type Node, nameOf } from '../core/graph/node.js';
import type { UnitGraph } from '../core/graph/units.js';
import type { Allowance } from '../core/schedule/allowance.js';
import { leftOf, runningOf } from '../core/schedule/load.js';
import { type Patch, type Patched, patched } from '../core/schedule/patch.js';
import {
  type Command,
  type Dispatched,
  type Event,
  initialState,
  type State,
} from '../core/schedule/state.js';
import { step } from '../core/schedule/step.js';
import type { Course } from './course.js';
import { outcomeOf } from './outcomes.js';
import { activitiesOf, batchOf } from './proxies.js';
import { shardsOf } from './shards.js';
import { subRunsOf } from './subRuns.js';
import { createExpiries, type Give } from './timers.js';
import { loopFor } from './toolLoops.js';

/**
 * The deterministic shell around `core/schedule`:
 * 1. every change of state is an event given to `step`, those of one activation together; nothing is decided here;
 * 2. `settled` resolves only when nothing is in flight, so continuing as new can lose no result (E6);
 * 3. what runs is shielded from the workflow's own cancellation: it becomes an event, and `step` recalls.
 */
export interface Dispatch {
  readonly state: () => State;
  /** With all that it was given by now. */
  readonly upToDate: () => State;
  readonly give: Give;
  /** It goes by another plan from now on, or says why not. */
  readonly patch: (to: Patch & Course) => Exclude<Patched, { readonly state: State }> | undefined;
  /** How it has come to an end, once it has: of all briefs, or of this history. */
  readonly closed: () => Closed | undefined;
  readonly settled: Promise<Closed>;
}
type Closed = 'finish' | 'continue';

/** A history stays below this many events: a drain comes early enough for units in flight to end. */
const HISTORY_LIMIT = 3900;
const DRAIN_AT = 3000;
/** At most: scheduled, started, ended, and a workflow task of its own. */
const EVENTS_PER_UNIT = 6;

export interface Given extends Course {
  readonly run: RunName;
  /** Begins with it; absent: with nothing done. */
  readonly state?: State;
  /** In a shard: what stands in the run as a whole for what is known here; its place there, and of how many. */
  readonly whole?: { readonly u: number; readonly k: number; readonly width: number };
  /** Told after every change. */
  readonly changed?: (state: State, graph: UnitGraph) => void;
}

export function createDispatch({ run, whole, changed, ...given }: Given): Dispatch {
  let { plan, graph, deadlineAt, allowance }: Course = given;
  let state = given.state ?? initialState(graph);
  let closed: Closed | undefined;
  let settle: (how: Closed) => void;
  const settled = new Promise<Closed>((resolve) => {
    settle = resolve;
  });
  const inFlight = new CancellationScope();
  /** Of each that runs, by name. */
  const scopes = new Map<string, CancellationScope>();

  const expiries = createExpiries(give);

  let events: Event[] = [];
  let taken = Promise.resolve();

  function give(event: Event): Promise<void> {
    if (events.push(event) === 1) taken = Promise.resolve().then(takeAll);
    return taken;
  }

  function takeAll(): void {
    const all = events;
    events = [];
    let next = step(graph, state, ...all);
    if (state.stopping === undefined && growsTooLong(next.state))
      next = step(graph, state, { kind: 'drain' }, ...all);
    const { paused } = state;
    state = next.state;
    if (state.paused !== paused) subRuns?.pause(state.paused === true);
    next.commands.forEach(carryOut);
    expiries.follow(state.closed ? {} : state);
    changed?.(state, graph);
  }

  function upToDate(): State {
    if (events.length > 0) takeAll();
    return state;
  }

  function patch(to: Patch & Course): ReturnType<Dispatch['patch']> {
    // What has begun or ended by now counts.
    const now = upToDate();
    const next = closed === 'finish' ? ({ over: true } as const) : patched(graph, now, to);
    if (!('state' in next)) return next;
    ({ plan, graph, deadlineAt, allowance } = to);
    subRuns ??= allowance && subRunsUnder(allowance);
    state = next.state;
    void give({ kind: 'begin' });
    return undefined;
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
        void scopeOf(command).run(() => expand(command));
        break;
      case 'start':
        void scopeOf(command).run(() => start(command));
        break;
      case 'shard':
        void scopeOf(command).run(() => {
          shards.start(command);
          return ENTERED;
        });
        break;
      case 'lend':
        if (graph.units[command.u]!.within && subRuns?.has(command)) subRuns.lend(command, command.slots);
        else shards.tell(command);
        break;
      case 'pass':
      case 'inquire':
        shards.tell(command);
        break;
      case 'recall':
        (command.node ? scopes.get(nameOf(command.node)) : inFlight)?.cancel();
        break;
      case 'finish':
      case 'continue':
        closed = command.kind;
        settle(closed);
        break;
    }
  }

  function scopeOf(node: Node): CancellationScope {
    const scope = new Grip({ cancellable: true, parent: inFlight });
    scopes.set(nameOf(node), scope);
    return scope;
  }

  function over(node: Node, event: Event): void {
    scopes.delete(nameOf(node));
    void give(event);
  }

  function expand({ u, kind: _, ...dispatched }: Command & { kind: 'expand' }): Promise<void> {
    const unit = graph.units[u]!;
    const end = (ended: ExpandResult | ReturnType<typeof outcomeOf<ExpandResult>>) =>
      ended.status === 'expanded'
        ? inBatch({ u, ...dispatched }, (recalled) =>
            over(
              { u },
              recalled && state.stopping === undefined
                ? { kind: 'ended', u, status: 'cancelled' }
                : opened(u, ended),
            ),
          )
        : over({ u }, { kind: 'ended', u, status: ended.status });
    const admit = async (ended: ExpandResult, allowance: Allowance) =>
      end(
        ended.status !== 'expanded' || (await allowance.take(ended.first ?? ended.count)) ? ended : REFUSED,
      );
    activitiesOf(unit, `${u}`, `${unit.label}: read what to fan out over`, timeLeft())
      .expand({ run, plan, u, ...dispatched })
      // There may be one by then: a patch can bring the first run within this one.
      .then(
        (ended) => (allowance ? admit(ended, allowance) : end(ended)),
        (error) => end(outcomeOf<ExpandResult>(error)),
      );
    return ENTERED;
  }

  function start({ u, k, kind: _, ...dispatched }: Command & { kind: 'start' }): Promise<void> {
    const unit = graph.units[u]!;
    const node = bare({ u, ...(k !== undefined && { k }) });
    const known = whole && k !== undefined ? { u: whole.u, k: whole.k + k } : node;
    const width = whole?.width ?? state.fans[u]?.length;
    const summary = known.k === undefined ? unit.label : `${unit.label} ${known.k + 1} of ${width}`;
    const end = (ended: Pick<UnitResult, 'status'> | AskedResult) =>
      ended.status === 'asked'
        ? over(node, { kind: 'asked', ...node, question: ended.question })
        : over(node, { kind: 'ended', ...node, status: ended.status });
    const activity = activitiesOf(unit, nameOf(known), summary, timeLeft()).unit;
    const input = { run, plan, ...known, ...dispatched };
    const carryOut = () => {
      const ended = unit.tools
        ? loopFor({
            ...{ input, unit, node: nameOf(known), summary },
            ...(deadlineAt !== undefined && { deadlineAt }),
          })
        : unit.within && subRuns
          ? subRuns.carryOut({ node, unit: activity, input, summary })
          : activity(input);
      ended.then(end, (error) => end(outcomeOf<UnitResult>(error)));
    };
    if (k === undefined)
      inBatch({ u, ...dispatched }, (recalled) => (recalled ? end({ status: 'cancelled' }) : carryOut()));
    else carryOut();
    return ENTERED;
  }

  /** Asks about it in batches first, where it says so; whatever comes of that, it goes on. */
  function inBatch(
    { u, dispatch, again }: Dispatched & { readonly u: number },
    goOn: (recalled: boolean) => void,
  ): void {
    const unit = graph.units[u]!;
    if (unit.batchMs === undefined || again !== undefined) {
      goOn(false);
      return;
    }
    const scope = CancellationScope.current();
    const over = () => goOn(scope.consideredCancelled);
    batchOf(
      unit,
      unit.batchMs,
      `${u}`,
    )({ run, plan, u, dispatch, ...(deadlineAt !== undefined && { deadlineAt }) }).then(over, over);
  }

  const shards = shardsOf({
    run,
    course: () => ({ plan, graph, ...(deadlineAt !== undefined && { deadlineAt }) }),
    widthOf: (u) => state.fans[u]!.length,
    over,
    give,
  });
  const subRunsUnder = (allowance: Allowance) =>
    subRunsOf({ run, allowance, paused: () => state.paused === true, give });
  let subRuns = allowance && subRunsUnder(allowance);
  const timeLeft = () => (deadlineAt === undefined ? undefined : deadlineAt - Date.now());
  return { state: () => state, upToDate, give, patch, closed: () => closed, settled };
}

const opened = (u: number, { count, first }: ExpandResult): Event => ({
  ...{ kind: 'expanded', u, count },
  ...(first !== undefined && { first }),
});
const REFUSED: ExpandResult = { status: 'refused', count: 0 };

/**
 * What recalls one activity. Whoever enters a scope gets a promise, which keeps its stack; nobody waits for one here, and
 * without it a brief costs the workflow a seventh less.
 */
class Grip extends CancellationScope {
  protected override runInContext<T>(work: () => Promise<T>): Promise<T> {
    return work();
  }
}
const ENTERED = Promise.resolve();
