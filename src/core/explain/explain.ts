import { criticalPath } from '../graph/criticalPath.js';
import { needsOf, type UnitGraph } from '../graph/units.js';
import { buildWaves } from '../graph/waves.js';
import { type HandOff, handOff } from '../plan/handOffs/handOff.js';
import { type Brief, isGate, MAX_INSTANCES, type Plan } from '../plan/plan.js';
import { mostTries } from '../plan/retry.js';
import { type ChosenModel, modelFor, modelOf } from '../plan/tier.js';
import { meant } from '../plan/tools.js';
import { type Calls, callsOf } from './calls.js';
import { type Independence, independence } from './independence.js';
import { certain, type Width, widths } from './widths.js';
import { type Worth, worth } from './worth.js';

/** What `muster plan` shows, as plain JSON. Nothing was started for it. Durations in ms, briefs by id. */
export interface Explanation {
  readonly name: string;
  /** Briefs as written, and how many outcomes the ledger will hold after fan-out. */
  readonly briefs: { readonly written: number; readonly least: number; readonly most: number };
  readonly mode: 'rolling' | 'barrier';
  readonly concurrency: number;
  /** First to last, each in plan order. */
  readonly waves: readonly (readonly BriefNote[])[];
  /** What is held in turns, by resource. */
  readonly serialised: readonly Serialised[];
  /** `ms` is absent where a brief on the path, or any other, has no estimate; the path is then the one of most briefs. */
  readonly longestPath: { readonly briefs: readonly string[]; readonly ms?: number };
  /** Tries over all briefs: each certain one once, and every one as often as its `retry` allows. */
  readonly tries: { readonly least: number; readonly most: number };
  /** Of models; absent where none is asked. */
  readonly calls?: Calls;
  readonly worth: Worth;
  /** What briefs expect of each other, by who expects it; absent: nothing. */
  readonly handOffs?: readonly HandOffNote[];
  /** Pairs that share something or mirror each other, at most {@link MAX_PAIRS}, in plan order. */
  readonly pairs: readonly Independence[];
  /** There are more of them. */
  readonly pairsLeftOut: boolean;
}

export interface BriefNote {
  readonly id: string;
  readonly title?: string;
  readonly does: Brief['executor']['kind'];
  readonly waitsFor: readonly string[];
  /** When what it waits for lets it start, where that is not for briefs to deliver and fan-outs to end. */
  readonly join?: Brief['join'];
  readonly awaits?: Brief['awaits'];
  readonly holds: { readonly [resource: string]: number };
  /** `over`: what it fans out over, as the plan says it; `overflow`: of more than `max` items the first begin. */
  readonly fan?: Width & { readonly over: string; readonly max: number; readonly overflow?: 'first' };
  /** The condition under which it is needed at all. */
  readonly when?: string;
  readonly estimateMs?: number;
  /** Of a brief that asks a model: its role, which model, and why that one. */
  readonly asks?: ChosenModel & {
    readonly role?: string;
    readonly samples?: number;
    readonly variants?: number;
    readonly viewpoints?: number;
    readonly voters?: readonly string[];
    /** What it may call, of what the worker has: as the plan or its role says it. */
    readonly tools?: readonly string[];
    /** Most answers and calls of a model with tools. */
    readonly turns?: number;
    readonly calls?: number;
  };
  /** Of a gate: how long it waits for an answer; absent: as long as the run. */
  readonly waitsMs?: number;
  readonly stallMs?: number;
  /** The plan it runs, where that is a file: what is written in it; more where those fan out. */
  readonly runs?: { readonly file: string; readonly briefs: number };
  /** It must not run twice. */
  readonly once?: true;
  /** What follows once its tries are spent. */
  readonly fallback?: Brief['executor']['kind'];
  /** Of a brief with a workspace of its own: what it begins as, and what is kept of it (absent: everything). */
  readonly workspace?: { readonly kind: 'copy' | 'worktree'; readonly produces?: readonly string[] };
  /** Resources of which it and another, or its own instances, ask for more than there is. */
  readonly takesTurnsFor: readonly string[];
}

interface HandOffNote {
  readonly from: string;
  readonly to: string;
  /** `compatible`: all that the one may deliver is what the other expects. What is not is checked when it is delivered only. */
  readonly verdict: HandOff['verdict'];
}

interface Serialised {
  readonly resource: string;
  readonly capacity: number;
  readonly briefs: readonly string[];
  readonly because: string;
}

export const MAX_PAIRS = 20;

/** @throws RangeError where the graph has a cycle, which a compiled plan never has. */
export function explain(plan: Plan, graph: UnitGraph): Explanation {
  const width = widths(plan);
  const calls = callsOf(plan);
  const serialised = contended(plan, graph, width);
  const note = (u: number): BriefNote => briefNote(plan, plan.briefs[u]!, width[u]!, serialised);
  const sum = (of: (brief: Brief, u: number) => number) =>
    Math.min(
      MAX_INSTANCES,
      plan.briefs.reduce((total, brief, u) => total + of(brief, u), 0),
    );
  return {
    name: plan.name,
    briefs: {
      written: plan.briefs.length,
      least: sum((_, u) => width[u]!.least),
      most: sum((_, u) => width[u]!.most),
    },
    mode: graph.waves,
    concurrency: graph.concurrency,
    waves: buildWaves(graph).map((wave) => wave.map(note)),
    serialised,
    longestPath: longestPath(plan, graph),
    tries: tries(plan, width),
    ...(calls && { calls }),
    worth: worth(plan, graph, width),
    ...handOffsOf(plan),
    ...pairsOfInterest(plan),
  };
}

function briefNote(plan: Plan, brief: Brief, width: Width, serialised: readonly Serialised[]): BriefNote {
  const { id, title, executor, needs, uses, forEach, when, estimateMs, workspace, join, awaits } = brief;
  const { stallMs, fallback, effect, role, vote, variants, perspectives, tools } = brief;
  const { base } = plan;
  return {
    id,
    ...(title === undefined ? {} : { title }),
    does: executor.kind,
    waitsFor: needs,
    ...(join && { join }),
    ...(awaits && { awaits }),
    holds: uses,
    ...(forEach && {
      fan: {
        ...{ ...width, over: sourceOf(forEach), max: forEach.max },
        ...(forEach.overflow && { overflow: forEach.overflow }),
      },
    }),
    ...(executor.kind === 'ask' && {
      asks: {
        ...modelFor(plan, brief),
        ...(role !== undefined && { role }),
        ...(vote && { samples: vote.samples }),
        ...(variants && { variants: variants.samples }),
        ...(perspectives && { viewpoints: perspectives.views.length }),
        ...(vote?.models && { voters: vote.models.map((one) => modelOf(plan, one)) }),
        ...(tools && { tools: meant(tools), turns: tools.turns, calls: tools.calls }),
      },
    }),
    ...(when === undefined ? {} : { when }),
    ...(estimateMs === undefined ? {} : { estimateMs }),
    ...(isGate(brief) && brief.withinMs !== undefined ? { waitsMs: brief.withinMs } : {}),
    ...(stallMs === undefined ? {} : { stallMs }),
    ...runsOf(executor),
    ...(effect && { once: true }),
    ...(fallback && { fallback: fallback.executor.kind }),
    ...(workspace && base ? { workspace: { kind: base.kind, ...workspace } } : {}),
    takesTurnsFor: serialised.filter(({ briefs }) => briefs.includes(id)).map(({ resource }) => resource),
  };
}

function handOffsOf({ briefs }: Plan): Pick<Explanation, 'handOffs'> {
  const byId = new Map(briefs.map((brief) => [brief.id, brief]));
  const handOffs = briefs.flatMap(({ id: to, expects = {} }) =>
    Object.entries(expects).map(([from, expected]): HandOffNote => {
      const { executor, parse, output, variants, fallback } = byId.get(from)!;
      const producer = {
        ...{ kind: executor.kind, parse, ...(output && { output }) },
        ...{ samples: variants?.samples, fallsBack: fallback?.executor.kind },
      };
      return { from, to, verdict: handOff(producer, expected).verdict };
    }),
  );
  return handOffs.length > 0 ? { handOffs } : {};
}

function runsOf(executor: Brief['executor']): Pick<BriefNote, 'runs'> {
  if (executor.kind !== 'plan' || !('file' in executor.plan)) return {};
  const { path: file, briefs } = executor.plan.file;
  return { runs: { file, briefs } };
}

function sourceOf({ source }: NonNullable<Brief['forEach']>): string {
  switch (source.kind) {
    case 'in':
      return source.cel;
    case 'list':
      return 'a list';
    case 'matrix':
      return Object.keys(source.axes).join(' × ');
    case 'each':
      return source.brief;
  }
}

/** Capacities of which, everything at once, more is asked than there is. */
function contended(plan: Plan, graph: UnitGraph, width: readonly Width[]): Serialised[] {
  return graph.capacities.flatMap(({ name, capacity }, c): Serialised[] => {
    const holders = graph.units.flatMap(({ uses = [] }, u) => {
      const amount = uses.find(([at]) => at === c)?.[1];
      return amount === undefined
        ? []
        : [{ id: plan.briefs[u]!.id, asks: amount * width[u]!.most, most: width[u]!.most }];
    });
    if (holders.reduce((sum, { asks }) => sum + asks, 0) <= capacity) return [];
    const briefs = holders.map(({ id }) => id);
    if (!(name in plan.resources)) {
      const because = `its instances may write the same path: \`writes\` does not name the item, so they go one at a time`;
      return [{ resource: name, capacity, briefs, because }];
    }
    const because =
      capacity === 1 ? `\`${name}\` is a lock: one holder at a time` : `there are ${capacity} of \`${name}\``;
    return [{ resource: name, capacity, briefs, because }];
  });
}

function longestPath(plan: Plan, graph: UnitGraph): Explanation['longestPath'] {
  const needs = graph.units.map((_, u) => needsOf(graph, u));
  const estimated = plan.briefs.every(({ estimateMs }) => estimateMs !== undefined);
  const { path, length } = criticalPath(
    needs,
    plan.briefs.map(({ estimateMs }) => (estimated ? estimateMs! : 1)),
  );
  return { briefs: path.map((u) => plan.briefs[u]!.id), ...(estimated ? { ms: length } : {}) };
}

function tries(plan: Plan, width: readonly Width[]): Explanation['tries'] {
  const sure = certain(plan);
  const count = (of: (brief: Brief, u: number) => number) =>
    plan.briefs.reduce((sum, brief, u) => sum + of(brief, u), 0);
  return {
    least: count((_, u) => (sure[u] ? width[u]!.least : 0)),
    most: count((brief, u) => width[u]!.most * mostTries(brief)),
  };
}

/** Only what shares a resource or mirrors is looked at: the other pairs of a compiled plan are ordered or apart. */
function pairsOfInterest(plan: Plan): Pick<Explanation, 'pairs' | 'pairsLeftOut'> {
  const test = independence(plan);
  const pairs: Independence[] = [];
  for (const [i, a] of plan.briefs.entries()) {
    for (const b of plan.briefs.slice(i + 1)) {
      if (!mayMatter(a, b)) continue;
      const pair = test(a.id, b.id);
      if (pair.needsOutput.yes || !(pair.writeTheSame.yes || pair.usesNotYetMade.evidence.length > 0))
        continue;
      if (pairs.length === MAX_PAIRS) return { pairs, pairsLeftOut: true };
      pairs.push(pair);
    }
  }
  return { pairs, pairsLeftOut: false };
}

const mayMatter = (a: Brief, b: Brief): boolean =>
  Object.keys(a.uses).some((resource) => resource in b.uses) ||
  (a.mirrors.length > 0 && b.writes.length > 0) ||
  (b.mirrors.length > 0 && a.writes.length > 0);
