import { boundsOf, type Load } from '../graph/bounds.js';
import type { UnitGraph } from '../graph/units.js';
import { medianEstimate } from '../plan/estimates.js';
import { isGate, type Plan } from '../plan/plan.js';
import { amountOf } from '../schedule/capacity.js';
import { type Span, simulate } from '../schedule/simulate.js';
import { profileOf } from './gantt.js';
import { nodesOf, type SimulatedSpan, spansOf } from './simulatedSpans.js';
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

/** Most that ran at once. */
const busiest = (spans: readonly Span[]): number =>
  profileOf(
    spans,
    spans.map(() => 1),
  ).reduce((most, { inUse }) => Math.max(most, inUse), 0);
