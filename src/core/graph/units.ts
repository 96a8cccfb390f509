import type { TriggerRule } from './triggerRules.js';

/**
 * The unit graph: all that the workflow knows of a plan. Integers and short labels, never a brief's text.
 * At most {@link MAX_UNITS} units and 256 KB; it crosses the Temporal boundary once per execution.
 */
export interface UnitGraph {
  readonly v: 1;
  /** Plan order: a unit's place is its number `u`. */
  readonly units: readonly Unit[];
  /** Need sets, each stored once however many units share it (a join node). */
  readonly sets: readonly NeedSet[];
  readonly capacities: readonly Capacity[];
  readonly concurrency: number;
  readonly deadlineMs?: number;
  readonly waves: 'rolling' | 'barrier';
  readonly onFailure: 'continue' | 'stop';
  /** What becomes of fan-outs that are too wide for one history; absent: they are refused beyond {@link MAX_UNITS}. */
  readonly sharding?: Sharding;
}

/** Briefs and instances, counted over the whole run. */
export interface Sharding {
  /** A fan-out that would bring the run over so many is cut into shards. */
  readonly above: number;
  /** Instances of a shard; the last may have fewer. */
  readonly of: number;
  /** One that would bring it over so many is refused whole. */
  readonly most: number;
}

export const MAX_UNITS = 1000;

/** Most briefs and instances of a run. */
export const mostOf = ({ sharding }: UnitGraph): number => sharding?.most ?? MAX_UNITS;

/** Most at once: what Temporal bears as pending activities of one workflow. */
export const MAX_CONCURRENCY = 500;

export interface Unit {
  /** `fan` is a `forEach`: expanded at run time into instances (u, k). Packs, shards and steps come later. */
  readonly kind: 'brief' | 'fan';
  /** At most 60 bytes of UTF-8: the id and, where it fits, the title. */
  readonly label: string;
  /** It is not to be done: a patch took it out of the plan. */
  readonly removed?: true;
  /** What it does is a run of its own, within this one. */
  readonly within?: true;
  /** Place in `sets`; absent: waits for nothing. */
  readonly needs?: number;
  /** Longest remaining path from here on, itself included, ms by estimates (equal weights where none are given). */
  readonly rank: number;
  /** Bends the order of dispatch, before rank; absent: normal. */
  readonly priority?: 'high' | 'low';
  /** What it holds while it runs, per instance: [place in `capacities`, amount]. */
  readonly uses?: readonly (readonly [capacity: number, amount: number])[];
  /** Per try. */
  readonly timeoutMs: number;
  readonly heartbeatMs: number;
  /** Over all tries. */
  readonly withinMs?: number;
  /** What it does is a workflow of its own: a model that calls tools. */
  readonly tools?: true;
  /** Before it is carried out it is asked about in batches, for at most so long, ms; absent: it is not. */
  readonly batchMs?: number;
  /** It asks a person, and waits for the answer without holding anything. */
  readonly gate?: true;
}

/** The units waited for, by what satisfies the edge. A unit stands in one place at most. */
export interface NeedSet {
  /** A brief that must deliver. */
  readonly success?: readonly number[];
  /** A fan, all of whose instances must have ended, however they did. */
  readonly done?: readonly number[];
  /** A fan, pairwise: instance k of the waiting fan needs instance k of this one to deliver. */
  readonly each?: readonly number[];
  /** What instance k makes of how its own in `each` ended; absent: it must deliver. */
  readonly eachRule?: TriggerRule;
  /** All of these must let it start as well. */
  readonly clauses?: readonly Clause[];
}

/** Some of the units waited for, and when they let start; the instances of a fan count each for itself. */
export interface Clause {
  readonly of: readonly number[];
  /** A rule, or how many must have delivered; below 1 a share of them. */
  readonly when: TriggerRule | number;
  /** What has ended so long after the run began decides, ms; absent: whatever time it takes. */
  readonly byMs?: number;
  /** Once they let start, those that have not ended are recalled; nothing else waits for them. */
  readonly rest?: 'cancel';
}

export interface Capacity {
  readonly name: string;
  readonly capacity: number;
}

/** All that unit `u` waits for, by whatever edge. */
export function needsOf(graph: UnitGraph, u: number): readonly number[] {
  const set = setOf(graph, u);
  return [...wholeNeeds(set), ...(set.each ?? [])];
}

/** What unit `u` waits for; empty where that is nothing. */
export function setOf({ units, sets }: UnitGraph, u: number): NeedSet {
  const { needs } = units[u]!;
  return needs === undefined ? {} : sets[needs]!;
}

/** Times at which somebody goes by what there is, ms since the run began; each once, in order. */
export const duesOf = ({ sets }: UnitGraph): readonly number[] =>
  [...new Set(sets.flatMap(({ clauses = [] }) => clauses.flatMap(({ byMs }) => byMs ?? [])))].sort(
    (a, b) => a - b,
  );

/** Those of which everything counts, not only the own instance. */
export const wholeNeeds = ({ success = [], done = [], clauses = [] }: NeedSet): readonly number[] => [
  ...success,
  ...done,
  ...clauses.flatMap(({ of }) => of),
];
