import { boundsOf, type Load } from '../graph/bounds.js';
import { nameOf } from '../graph/node.js';
import { setOf, type UnitGraph, wholeNeeds } from '../graph/units.js';
import { buildWaves } from '../graph/waves.js';
import { medianEstimate } from '../plan/estimates.js';
import { isGate, type Plan } from '../plan/plan.js';
import { amountOf } from '../schedule/capacity.js';
import { type Span, simulate } from '../schedule/simulate.js';
import { holdingUp, lanesOf, profileOf } from './gantt.js';
import { widths } from './widths.js';

/** What the dispatcher would do with a plan, in virtual time: every try succeeds, fan-outs are as wide as they may be. Times in ms. */
export interface Simulated {
  readonly concurrency: number;
  readonly makespanMs: number;
  /** No schedule can be shorter than the largest of these. */
  readonly bounds: {
    readonly criticalPathMs: number;
    /** All the work of what binds most, shared evenly. */
    readonly workMs: number;
    /** Interval bound of Fernandez and Bussell. */
    readonly intervalMs: number;
    readonly leastMs: number;
  };
  /** What keeps it from being shorter: the longest path, `slots`, or a resource. */
  readonly boundBy: string;
  /** How much of each is in use on average, and at most: slots first. */
  readonly use: readonly {
    readonly of: string;
    readonly capacity: number;
    readonly share: number;
    readonly peak: number;
  }[];
  /** In order of start. */
  readonly spans: readonly SimulatedSpan[];
  /** Briefs without an estimate, and what they were taken to last. */
  readonly assumed: { readonly briefs: readonly string[]; readonly ms: number };
  /** Gates without an estimate: taken to be answered at once. */
  readonly atOnce: readonly string[];
  /** Fan-outs whose width only the run will tell were taken at their largest. */
  readonly atMost: boolean;
}

/** A brief or an instance. */
export interface SimulatedSpan {
  readonly label: string;
  readonly startMs: number;
  readonly endMs: number;
  /** Counted from 0, as everything here. */
  readonly wave: number;
  /** The slot it takes; of what takes none, one beyond those that there are. */
  readonly slot: number;
  /** It waits for a person, and holds nothing. */
  readonly asks?: true;
  /** It holds up the end: each of these began when the one before had ended. */
  readonly critical: boolean;
  /** What it uses of each resource. */
  readonly holds: { readonly [resource: string]: number };
}

export const SLOTS = 'slots';
export const LONGEST_PATH = 'the longest path';

/** Of briefs without any estimate to go by, ms. */
const SOME_TIME = 60_000;

/** @param speed durations are divided by it */
export function simulated(plan: Plan, graph: UnitGraph, speed = 1): Simulated {
  const width = widths(plan);
  const assumed = assumedFor(plan);
  const ms = (u: number): number => (plan.briefs[u]!.estimateMs ?? assumed.ms) / speed;
  const count = (u: number): number => width[u]!.most;
  const { makespan, spans, peaks } = simulate(graph, ms, { count });
  const asks = (u: number): boolean => graph.units[u]!.gate === true;

  const nodes = nodesOf(graph, count);
  const durations = nodes.map(({ u }) => ms(u));
  const capacities = [
    {
      name: SLOTS,
      capacity: graph.concurrency,
      peak: busiest(spans.filter(({ u }) => !asks(u))),
      used: (u: number) => (asks(u) ? 0 : 1),
    },
    ...graph.capacities.map(({ name, capacity }, c) => ({
      ...{ name, capacity, peak: peaks[c]! },
      used: (u: number): number => amountOf(graph.units[u]!.uses ?? [], c),
    })),
  ];
  const loads: Load[] = capacities.map(({ capacity, used }) => ({
    capacity,
    amounts: nodes.map(({ u }) => used(u)),
  }));
  const { criticalPath, work, interval, least, bindingCapacity } = boundsOf(
    nodes.map(({ needs }) => needs),
    durations,
    loads,
  );
  return {
    concurrency: graph.concurrency,
    makespanMs: makespan,
    bounds: {
      criticalPathMs: criticalPath,
      workMs: Math.max(...work),
      intervalMs: Math.max(...interval),
      leastMs: least,
    },
    boundBy: bindingCapacity === undefined ? LONGEST_PATH : capacities[bindingCapacity]!.name,
    use: capacities.map(({ name, capacity, peak }, c) => ({
      ...{ of: name, capacity, peak },
      share: makespan === 0 ? 0 : work[c]! / makespan,
    })),
    spans: spansOf(plan, graph, spans, nodes),
    assumed,
    atOnce: plan.briefs.flatMap((brief) => (isGate(brief) && brief.estimateMs === 0 ? [brief.id] : [])),
    atMost: width.some(({ least, most }) => least < most),
  };
}

function assumedFor({ briefs }: Plan): Simulated['assumed'] {
  const unknown = briefs.filter(({ estimateMs }) => estimateMs === undefined);
  return { briefs: unknown.map(({ id }) => id), ms: medianEstimate(briefs) ?? SOME_TIME };
}

interface Instance {
  readonly u: number;
  readonly k?: number;
  /** Numbers of others. */
  readonly needs: readonly number[];
}

/** Briefs and instances, each with those it waits for. */
function nodesOf(graph: UnitGraph, count: (u: number) => number): readonly Instance[] {
  const first: number[] = [];
  let total = 0;
  for (const [u, { kind }] of graph.units.entries()) {
    first.push(total);
    total += kind === 'fan' ? count(u) : 1;
  }
  const all = (u: number): number[] =>
    Array.from({ length: (first[u + 1] ?? total) - first[u]! }, (_, k) => first[u]! + k);
  return graph.units.flatMap(({ kind }, u) => {
    const set = setOf(graph, u);
    const whole = wholeNeeds(set).flatMap(all);
    return all(u).map((_, k) => ({
      ...(kind === 'fan' ? { u, k } : { u }),
      needs: [...whole, ...(set.each ?? []).flatMap((of) => all(of)[k] ?? [])],
    }));
  });
}

function spansOf(
  { briefs }: Plan,
  graph: UnitGraph,
  spans: readonly Span[],
  nodes: readonly Instance[],
): readonly SimulatedSpan[] {
  const waves = buildWaves(graph);
  const asks = ({ u }: Span): boolean => graph.units[u]!.gate === true;
  const slots = slotsOf(spans, asks, graph.concurrency);
  const nodeAt = new Map(nodes.map((node, n) => [nameOf(node), n]));
  const numbers = spans.map((span) => nodeAt.get(nameOf(span))!);
  const used = (n: number) => (graph.units[spans[n]!.u]!.uses ?? []).map(([c]) => c);
  const critical = holdingUp(
    spans,
    (one, other) => nodes[numbers[one]!]!.needs.includes(numbers[other]!),
    (one, other) => used(one).some((c) => used(other).includes(c)),
  );
  return spans.map(({ u, k, start, end }, n) => ({
    label: k === undefined ? briefs[u]!.id : `${briefs[u]!.id}[${k + 1}]`,
    startMs: start,
    endMs: end,
    wave: waves.findIndex((wave) => wave.includes(u)),
    slot: slots[n]!,
    ...(asks(spans[n]!) && { asks: true }),
    critical: critical.has(n),
    holds: Object.fromEntries(
      (graph.units[u]!.uses ?? []).map(([c, amount]) => [graph.capacities[c]!.name, amount]),
    ),
  }));
}

function slotsOf(
  spans: readonly Span[],
  isBeside: (span: Span) => boolean,
  concurrency: number,
): readonly number[] {
  const slots: number[] = [];
  for (const beside of [false, true]) {
    const numbers = [...spans.keys()].filter((n) => isBeside(spans[n]!) === beside);
    const lanes = lanesOf(numbers.map((n) => spans[n]!));
    for (const [at, n] of numbers.entries()) slots[n] = lanes[at]! + (beside ? concurrency : 0);
  }
  return slots;
}

/** Most that ran at once. */
const busiest = (spans: readonly Span[]): number =>
  profileOf(
    spans,
    spans.map(() => 1),
  ).reduce((most, { inUse }) => Math.max(most, inUse), 0);
