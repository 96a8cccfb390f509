import { boundsOf, type Load } from '../graph/bounds.js';
import { setOf, type UnitGraph, wholeNeeds } from '../graph/units.js';
import { medianEstimate } from '../plan/estimates.js';
import { isGate, type Plan } from '../plan/plan.js';
import { amountOf } from '../schedule/capacity.js';
import { type Span, simulate } from '../schedule/simulate.js';
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
  readonly spans: readonly {
    readonly label: string;
    readonly startMs: number;
    readonly endMs: number;
    /** It waits for a person, and holds nothing. */
    readonly asks?: true;
  }[];
  /** Briefs without an estimate, and what they were taken to last. */
  readonly assumed: { readonly briefs: readonly string[]; readonly ms: number };
  /** Gates without an estimate: taken to be answered at once. */
  readonly atOnce: readonly string[];
  /** Fan-outs whose width only the run will tell were taken at their largest. */
  readonly atMost: boolean;
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
    spans: spans.map(({ u, k, start, end }) => ({
      label: k === undefined ? plan.briefs[u]!.id : `${plan.briefs[u]!.id}[${k + 1}]`,
      startMs: start,
      endMs: end,
      ...(asks(u) && { asks: true }),
    })),
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
  return graph.units.flatMap((_, u) => {
    const set = setOf(graph, u);
    const whole = wholeNeeds(set).flatMap(all);
    return all(u).map((__, k) => ({
      u,
      needs: [...whole, ...(set.each ?? []).flatMap((of) => all(of)[k] ?? [])],
    }));
  });
}

/** Most that ran at once. */
function busiest(spans: readonly Span[]): number {
  const turns = spans
    .filter(({ start, end }) => end > start)
    .flatMap(({ start, end }) => [
      [start, 1],
      [end, -1],
    ])
    .sort((a, b) => a[0]! - b[0]! || a[1]! - b[1]!);
  let [now, most] = [0, 0];
  for (const [, change] of turns) {
    now += change!;
    most = Math.max(most, now);
  }
  return most;
}
