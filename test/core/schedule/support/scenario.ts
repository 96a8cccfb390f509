import fc from 'fast-check';
import { TRIGGER_RULES } from '../../../../src/core/graph/triggerRules.js';
import {
  type Capacity,
  type Clause,
  type NeedSet,
  type Unit,
  type UnitGraph,
  wholeNeeds,
} from '../../../../src/core/graph/units.js';
import type { Status } from '../../../../src/core/outcome/outcome.js';

/** A graph and how everything in it will end, whenever it is run. */
export interface Scenario {
  readonly graph: UnitGraph;
  /** Needs of each unit, as they were drawn; the graph stores them in shared sets. */
  readonly needs: readonly NeedSet[];
  /** Of a fan: its instances, or the status its expansion ends with. */
  readonly expansion: (u: number) => number | Status;
  readonly status: (u: number, k?: number) => Status;
  /** Draws below `n`, for orders of completion. */
  readonly draw: (n: number) => number;
}

export interface Wanted {
  readonly waves?: 'rolling' | 'barrier';
  readonly onFailure?: 'continue' | 'stop';
  /** Nothing uses a capacity. */
  readonly free?: boolean;
  /** Joins that go by time or cancel the rest, and priorities: how things end depends on when, then. */
  readonly timed?: boolean;
  /** Some ask a person before they end. */
  readonly gates?: boolean;
  /** Most instances of a fan; 4 unless told. */
  readonly widest?: number;
}

/** Random DAGs with fans, pairs, capacities and failures. Shrinks by size. */
export const scenarios = (wanted: Wanted = {}): fc.Arbitrary<Scenario> =>
  fc
    .record({ size: fc.integer({ min: 1, max: 24 }), seed: fc.integer({ min: 0, max: 2 ** 31 }) })
    .map(({ size, seed }) => scenario(size, seed, wanted));

/** mulberry32: the same numbers for the same seed, from 0 to below 1. */
export function random(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export function scenario(
  size: number,
  seed: number,
  { waves, onFailure = 'continue', free = false, timed = false, gates = false, widest = 4 }: Wanted,
): Scenario {
  const next = random(seed);
  const draw = (n: number) => Math.floor(next() * n);
  const chance = (p: number) => next() < p;
  const pick = <T>(from: readonly T[]): T => from[draw(from.length)]!;

  const capacities: Capacity[] = Array.from({ length: draw(4) }, (_, c) => ({
    name: `c${c}`,
    capacity: 1 + draw(3),
  }));
  const kinds = Array.from({ length: size }, () => (chance(0.35) ? ('fan' as const) : ('brief' as const)));
  const density = next() * 0.5;
  const trouble = chance(0.3) ? 0 : next() * 0.3;

  // A hidden order makes it a DAG; plan order is another.
  const order = Array.from({ length: size }, (_, u) => u);
  for (let i = size - 1; i > 0; i--) {
    const j = draw(i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  const counts = kinds.map(() => draw(widest + 1));
  const needs: NeedSet[] = kinds.map(() => ({}));
  for (const [at, u] of order.entries()) {
    const same = order.slice(0, at).filter((o) => kinds[o] === kinds[u]);
    if (same.length > 0 && chance(0.15)) {
      needs[u] = needs[pick(same)]!;
      const [source] = needs[u]!.each ?? [];
      if (source !== undefined) counts[u] = counts[source]!;
      continue;
    }
    const set = { success: [] as number[], done: [] as number[], each: [] as number[] };
    for (const o of order.slice(0, at)) {
      if (!chance(density)) continue;
      if (kinds[o] === 'brief') set.success.push(o);
      else if (kinds[u] === 'fan' && chance(0.5) && (set.each.length === 0 || counts[o] === counts[u])) {
        set.each.push(o);
        counts[u] = counts[o]!;
      } else set.done.push(o);
    }
    const joined: Clause[] = [];
    if (chance(0.5)) {
      // Some of the plain needs by a rule, in one clause or several.
      const ruled = [...set.success, ...set.done].filter(() => chance(0.6));
      for (const left = [...ruled]; left.length > 0; ) {
        const of = left.splice(0, 1 + draw(3));
        joined.push({ of, when: chance(0.3) ? pick([1, 2, 3, 0.25, 0.5, 0.9]) : pick(TRIGGER_RULES) });
      }
      set.success = set.success.filter((o) => !ruled.includes(o));
      set.done = set.done.filter((o) => !ruled.includes(o));
    }
    needs[u] = {
      ...Object.fromEntries(Object.entries(set).filter(([, of]) => of.length > 0)),
      ...(set.each.length > 0 && chance(0.5) && { eachRule: pick(TRIGGER_RULES) }),
      ...(joined.length > 0 && { clauses: joined }),
    };
  }

  if (timed) {
    const whole = (set: NeedSet) => [...wholeNeeds(set), ...(set.each ?? [])];
    const distinct = new Set(needs);
    for (const set of distinct) {
      const others = [...distinct].flatMap((other) => (other === set ? [] : whole(other)));
      const clauses = set.clauses?.map((clause) => ({
        ...clause,
        ...(chance(0.4) && { byMs: 1 + draw(6) }),
        ...(chance(0.4) && !clause.of.some((o) => others.includes(o)) && { rest: 'cancel' as const }),
      }));
      if (clauses) Object.assign(set, { clauses });
    }
  }

  const sets: NeedSet[] = [];
  const place = (set: NeedSet): number | undefined => {
    if (Object.keys(set).length === 0) return undefined;
    const known = sets.indexOf(set);
    return known >= 0 ? known : sets.push(set) - 1;
  };
  const units = kinds.map((kind, u): Unit => {
    const at = place(needs[u]!);
    const gate = gates && chance(0.3);
    const uses =
      free || gate
        ? []
        : capacities.flatMap(({ capacity }, c) => (chance(0.3) ? [[c, 1 + draw(capacity)] as const] : []));
    return {
      kind,
      label: `u${u}`,
      rank: draw(6),
      ...(gate && { gate: true }),
      ...(timed && chance(0.2) && { priority: pick(['high', 'low'] as const) }),
      timeoutMs: 1000,
      heartbeatMs: 1000,
      ...(at === undefined ? {} : { needs: at }),
      ...(uses.length === 0 ? {} : { uses }),
    };
  });

  const bad: readonly Status[] = [
    'failed',
    'failed',
    'missing',
    'not-needed',
    'cancelled',
    'partial',
    'refused',
  ];
  const ends = new Map<string, Status>();
  const statusOf = (name: string): Status => {
    if (!ends.has(name)) ends.set(name, chance(trouble) ? pick(bad) : chance(0.1) ? 'repaired' : 'succeeded');
    return ends.get(name)!;
  };
  const expansions = kinds.map((_, u) =>
    chance(trouble) ? pick<Status>(['failed', 'refused', 'not-needed']) : counts[u]!,
  );
  // Drawn now, so that how something ends cannot depend on when it is asked.
  for (const [u, count] of counts.entries()) {
    statusOf(`${u}`);
    for (let k = 0; k < count; k++) statusOf(`${u}.${k}`);
  }
  const graph: UnitGraph = {
    v: 1,
    units,
    sets,
    capacities,
    concurrency: 1 + draw(6),
    waves: waves ?? (chance(0.5) ? 'rolling' : 'barrier'),
    onFailure,
  };
  return {
    graph,
    needs,
    draw,
    expansion: (u) => expansions[u]!,
    status: (u, k) => statusOf(k === undefined ? `${u}` : `${u}.${k}`),
  };
}
