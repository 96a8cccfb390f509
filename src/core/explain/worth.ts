import { criticalPath } from '../graph/criticalPath.js';
import { needsOf, type UnitGraph } from '../graph/units.js';
import type { Plan } from '../plan/plan.js';
import { simulate } from '../schedule/simulate.js';
import { certain, type Width } from './widths.js';

/**
 * What Muster itself adds, ms, as measured on two quiet cores with results surviving kill -9: a run from client start
 * to the report on disk (55-67 ms), and each dispatched activity (2.2 ms, and 10-14 % more for the outcome log).
 */
export const OVERHEAD = { perRunMs: 65, perDispatchMs: 2.5 } as const;

/** Estimates are not better than this: a smaller gain is none. */
const LEAST_GAIN = 1.1;

/** Is dispatching a plan in parallel worth it? Times in ms, from the briefs' estimates of one try each. */
export interface Worth {
  readonly answer: 'yes' | 'no' | 'unknown';
  /** One sentence. */
  readonly because: string;
  readonly concurrency: number;
  /** Widths that only the run will tell were taken at their largest: the times are upper bounds. */
  readonly atMost: boolean;
  /** One brief after another; absent where an estimate is. */
  readonly sequentialMs?: number;
  /** As the dispatcher would do it, overhead included. */
  readonly parallelMs?: number;
  readonly overheadMs: number;
  /** `sequentialMs / parallelMs` */
  readonly speedup?: number;
  readonly deadline?: {
    readonly ms: number;
    readonly met: 'yes' | 'no' | 'unknown';
    readonly because: string;
  };
}

export function worth(plan: Plan, graph: UnitGraph, widths: readonly Width[]): Worth {
  const { concurrency } = graph;
  const most = widths.map((width) => width.most);
  const unestimated = plan.briefs.filter((brief, u) => brief.estimateMs === undefined && most[u]! > 0);
  const atMost = widths.some((width) => width.least < width.most);
  const work = plan.briefs.reduce((sum, { estimateMs = 0 }, u) => sum + estimateMs * most[u]!, 0);
  const expansions = graph.units.filter(({ kind }) => kind === 'fan').length;
  const dispatches = most.reduce((sum, n) => sum + n, expansions);
  const overheadMs = Math.round(OVERHEAD.perRunMs + OVERHEAD.perDispatchMs * dispatches);
  const common = { concurrency, atMost, overheadMs };

  if (unestimated.length > 0) {
    const [first, ...others] = unestimated.map(({ id }) => `\`${id}\``);
    const more = others.length === 0 ? ' has' : ` and ${others.length} more have`;
    const because = `${first}${more} no \`estimate\`: give one to every brief to find out.`;
    return { answer: 'unknown', because, ...common, ...deadline(plan, graph, widths) };
  }
  const makespan = simulate(graph, (u) => plan.briefs[u]!.estimateMs!, { count: (u) => most[u]! }).makespan;
  const parallelMs = makespan + overheadMs;
  const speedup = work / parallelMs;
  return {
    ...verdict(work, makespan, speedup, graph.deadlineMs),
    ...common,
    sequentialMs: work,
    parallelMs,
    speedup,
    ...deadline(plan, graph, widths, parallelMs),
  };
}

function verdict(
  work: number,
  makespan: number,
  speedup: number,
  deadlineMs = Infinity,
): Pick<Worth, 'answer' | 'because'> {
  if (speedup >= LEAST_GAIN) {
    const ratio = speedup < 9.95 ? speedup.toFixed(1) : Math.round(speedup);
    const late = work > deadlineMs ? ', and one after another would pass the deadline' : '';
    return { answer: 'yes', because: `${ratio} × faster than one brief after another${late}.` };
  }
  if (makespan === work)
    return { answer: 'no', because: 'Nothing in it can run side by side: in sequence it is as fast.' };
  if (work / makespan < LEAST_GAIN)
    return { answer: 'no', because: 'Too little of it can run side by side to matter.' };
  return { answer: 'no', because: 'The briefs are so short that dispatching them costs what it saves.' };
}

/** No schedule can be shorter: the longest path, and the work shared evenly; unknown times and widths count as least. */
function lowerBound(plan: Plan, graph: UnitGraph, widths: readonly Width[]): number {
  const needs = graph.units.map((_, u) => needsOf(graph, u));
  const sure = certain(plan);
  const least = widths.map((width, u) => (sure[u] ? width.least : 0));
  const once = plan.briefs.map(({ estimateMs = 0 }, u) => (least[u]! > 0 ? estimateMs : 0));
  const work = plan.briefs.reduce(
    (sum, { estimateMs = 0 }, u) => sum + (graph.units[u]!.gate ? 0 : estimateMs * least[u]!),
    0,
  );
  return Math.max(criticalPath(needs, once).length, work / graph.concurrency);
}

/** `estimated`: the whole time at the largest widths; absent where estimates are missing. */
function deadline(
  plan: Plan,
  graph: UnitGraph,
  widths: readonly Width[],
  estimated?: number,
): Pick<Worth, 'deadline'> {
  const ms = graph.deadlineMs;
  if (ms === undefined) return {};
  const say = (met: 'yes' | 'no' | 'unknown', because: string) => ({ deadline: { ms, met, because } });
  if (lowerBound(plan, graph, widths) > ms) {
    return say('no', 'It cannot be met: the longest path, or the work shared by all slots, takes longer.');
  }
  if (estimated === undefined) return say('unknown', 'Not every brief has an estimate.');
  if (estimated <= ms) return say('yes', 'By the estimates it is met.');
  if (widths.some(({ least, most }) => least < most)) {
    return say('unknown', 'It is missed where every fan-out is as wide as it may be.');
  }
  return say('no', 'By the estimates it is missed: allow more at once, or more of what they wait for.');
}
