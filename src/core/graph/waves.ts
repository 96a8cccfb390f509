import { orderOf } from './dag.js';
import { needsOf, type UnitGraph } from './units.js';

/** Units by wave, each wave in plan order. */
export type Waves = readonly (readonly number[])[];

/**
 * Units of the same depth (edges of the longest path that leads to them) make a wave, split further where
 * a capacity forbids two of them together: their amounts of it add up to more than there is, as for two
 * holders of a lock. Who goes first among those is decided as the dispatcher decides it, by rank and plan order.
 * @throws RangeError where there is a cycle.
 */
export function buildWaves(graph: UnitGraph): Waves {
  const needs = graph.units.map((_, u) => needsOf(graph, u));
  const depth = needs.map(() => 0);
  for (const u of orderOf(needs))
    for (const need of needs[u]!) depth[u] = Math.max(depth[u]!, depth[need]! + 1);
  const levels: number[][] = [];
  for (const [u, d] of depth.entries()) {
    while (levels.length <= d) levels.push([]);
    levels[d]!.push(u);
  }
  return levels.flatMap((level) => split(graph, level));
}

/** The same without what was taken out of the plan. */
export const plannedWaves = (graph: UnitGraph): Waves =>
  buildWaves(graph)
    .map((wave) => wave.filter((u) => !graph.units[u]!.removed))
    .filter(({ length }) => length > 0);

function split(graph: UnitGraph, level: readonly number[]): number[][] {
  // Two units exclude each other on a capacity exactly where the new one and the largest one there do.
  const parts: Part[] = [];
  const byRank = [...level].sort((a, b) => graph.units[b]!.rank - graph.units[a]!.rank || a - b);
  for (const u of byRank) {
    const uses = graph.units[u]!.uses ?? [];
    const fits = ({ largest }: Part) =>
      uses.every(
        ([c, amount]) => !largest.has(c) || largest.get(c)! + amount <= graph.capacities[c]!.capacity,
      );
    const part = parts.find(fits) ?? { members: [], largest: new Map<number, number>() };
    if (part.members.length === 0) parts.push(part);
    part.members.push(u);
    for (const [c, amount] of uses) part.largest.set(c, Math.max(amount, part.largest.get(c) ?? 0));
  }
  return parts.map(({ members }) => members.sort((a, b) => a - b));
}

interface Part {
  readonly members: number[];
  /** Largest amount of each capacity that a member holds. */
  readonly largest: Map<number, number>;
}
