import { bare, type Node, nameOf } from '../graph/node.js';
import { duesOf, MAX_UNITS, type UnitGraph } from '../graph/units.js';
import type { Status } from '../outcome/outcome.js';
import { insertSorted } from './sorted.js';
import { type Event, initialState } from './state.js';
import { step } from './step.js';

export interface SimulateOptions {
  /** Instances of fan `u`; 1 where not said. */
  readonly count?: (u: number) => number;
  /** How a node ends; `succeeded` where not said. */
  readonly status?: (u: number, k?: number) => Status;
}

export interface Simulation {
  /** Virtual time at which the last one ended, in the unit of the durations. */
  readonly makespan: number;
  /** One per unit or instance that ran, in order of start, of a gate while it asked; expansions take no time and are not among them. */
  readonly spans: readonly Span[];
  /** Most that was held at once of each capacity, in the graph's order. */
  readonly peaks: readonly number[];
}
export interface Span {
  readonly u: number;
  readonly k?: number;
  readonly start: number;
  readonly end: number;
}

/**
 * The dispatcher in virtual time: the same {@link step}, each start ended after its duration. A gate asks at once, and is
 * answered after its duration. Ends at the same moment are told together, in order of start.
 */
export function simulate(
  given: UnitGraph,
  durations: (u: number, k?: number) => number,
  { count = () => 1, status = () => 'succeeded' }: SimulateOptions = {},
): Simulation {
  // In virtual time there is no history that could grow too long.
  const most = given.sharding?.most ?? MAX_UNITS;
  const graph = { ...given, sharding: { above: most, of: 1, most } };
  const spans: Span[] = [];
  const peaks = graph.capacities.map(() => 0);
  const held = graph.capacities.map(() => 0);
  const agenda: { readonly at: number; readonly order: number; readonly event: Event }[] = [];
  let state = initialState(graph);
  let makespan = 0;
  let order = 0;

  const hold = (u: number, sign: 1 | -1) => {
    for (const [c, amount] of graph.units[u]!.uses ?? []) {
      held[c]! += sign * amount;
      peaks[c] = Math.max(peaks[c]!, held[c]!);
    }
  };
  const plan = (at: number, event: Event) =>
    insertSorted(agenda, { at, order: order++, event }, (a, b) => a.at - b.at || a.order - b.order);
  const last = (now: number, node: Node): number => {
    const end = now + durations(node.u, node.k);
    spans.push({ ...node, start: now, end });
    return end;
  };
  const begin = (now: number, node: Node) => {
    hold(node.u, 1);
    plan(last(now, node), { kind: 'ended', ...node, status: status(node.u, node.k) });
  };
  const ask = (now: number, node: Node) => {
    const digest = nameOf(node);
    const end = last(now, node);
    plan(now, { kind: 'asked', ...node, question: { digest, since: now } });
    plan(end, { kind: 'answer', ...node, answer: { verdict: 'approved', digest } });
  };
  const takeUp = (now: number, node: Node) =>
    plan(now, { kind: 'ended', ...node, status: status(node.u, node.k) });
  const tell = (now: number, ...events: readonly Event[]) => {
    const next = step(graph, state, ...events);
    state = next.state;
    for (const command of next.commands) {
      if (command.kind === 'expand') plan(now, { kind: 'expanded', u: command.u, count: count(command.u) });
      if (command.kind === 'start') {
        const node = bare(command);
        if (!graph.units[node.u]!.gate) begin(now, node);
        else if (command.answer) takeUp(now, node);
        else ask(now, node);
      }
    }
  };

  for (const ms of duesOf(graph)) plan(ms, { kind: 'due', ms });
  tell(0, { kind: 'begin' });
  for (let first = agenda.at(-1); first !== undefined; first = agenda.at(-1)) {
    const now = first.at;
    const events: Event[] = [];
    while (agenda.at(-1)?.at === now) events.push(agenda.pop()!.event);
    for (const event of events) if (event.kind === 'ended' && !graph.units[event.u]!.gate) hold(event.u, -1);
    tell(now, ...events);
    if (events.some(({ kind }) => kind !== 'due')) makespan = now;
  }
  return { makespan, spans, peaks };
}
