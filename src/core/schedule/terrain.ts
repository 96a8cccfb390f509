import { startsEarly } from '../graph/triggerRules.js';
import { needsOf, type UnitGraph } from '../graph/units.js';
import { buildWaves, type Waves } from '../graph/waves.js';
import { type Counted, clausesOf } from './joins.js';

/** What the dispatcher looks up in a graph again and again, worked out once per graph. */
export interface Terrain {
  readonly waveOf: readonly number[];
  readonly waveSizes: readonly number[];
  /** Place of each unit in dispatch order: by priority, longest remaining path first, then wave, then plan order. */
  readonly place: readonly number[];
  /** Units that wait for a need set. */
  readonly unitsOf: readonly (readonly number[])[];
  /** Of each need set. */
  readonly clauses: readonly (readonly Counted[])[];
  /** Clauses that unit u stands in: [set, place in it]. */
  readonly watchers: readonly (readonly (readonly [number, number])[])[];
  /** Fans whose instance k waits for instance k of fan u. */
  readonly pairedWith: readonly (readonly number[])[];
}

const known = new WeakMap<UnitGraph, Terrain>();

/** @throws RangeError where the graph has a cycle. */
export function terrainOf(graph: UnitGraph): Terrain {
  const terrain = known.get(graph) ?? survey(graph);
  known.set(graph, terrain);
  return terrain;
}

function survey(graph: UnitGraph): Terrain {
  const { units, sets } = graph;
  const waves = buildWaves(graph);
  const waveOf: number[] = units.map(() => 0);
  for (const [w, wave] of waves.entries()) for (const u of wave) waveOf[u] = w;

  const urgency = urgencies(graph, waves);
  const order = [...units.keys()].sort(
    (a, b) =>
      urgency[b]! - urgency[a]! || units[b]!.rank - units[a]!.rank || waveOf[a]! - waveOf[b]! || a - b,
  );
  const place: number[] = units.map(() => 0);
  for (const [at, u] of order.entries()) place[u] = at;

  const unitsOf: number[][] = sets.map(() => []);
  const clauses = sets.map(clausesOf);
  const watchers: (readonly [number, number])[][] = units.map(() => []);
  const pairedWith: number[][] = units.map(() => []);
  for (const [u, { needs }] of units.entries()) {
    if (needs === undefined) continue;
    unitsOf[needs]!.push(u);
    for (const source of new Set(sets[needs]!.each)) pairedWith[source]!.push(u);
  }
  for (const [s, all] of clauses.entries())
    for (const [c, { of }] of all.entries()) for (const need of of) watchers[need]!.push([s, c]);
  return {
    waveOf,
    waveSizes: waves.map((wave) => wave.length),
    place,
    unitsOf,
    clauses,
    watchers,
    pairedWith,
  };
}

/** Whether somebody may begin as soon as some instances of fan `u` have ended. */
export function isCounted(graph: UnitGraph, u: number): boolean {
  const { watchers, clauses } = terrainOf(graph);
  return watchers[u]!.some(([s, c]) => {
    const { counts, when } = clauses[s]![c]!;
    return counts === 'instances' && (typeof when === 'number' || startsEarly(when));
  });
}

const URGENCY = { high: 1, low: -1 } as const;

/** What somebody urgent waits for is as urgent, unless it has a priority of its own: 1 high, 0, -1 low. */
function urgencies(graph: UnitGraph, waves: Waves): readonly number[] {
  const urgency: number[] = graph.units.map(({ priority }) => (priority ? URGENCY[priority] : 0));
  for (const u of [...waves].reverse().flat())
    for (const need of needsOf(graph, u))
      if (!graph.units[need]!.priority) urgency[need] = Math.max(urgency[need]!, urgency[u]!);
  return urgency;
}
