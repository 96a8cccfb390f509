import { ranks } from '../../../../src/core/graph/criticalPath.js';
import { type NeedSet, needsOf, type Unit, type UnitGraph } from '../../../../src/core/graph/units.js';

export interface Sketch extends NeedSet {
  readonly kind?: Unit['kind'];
  readonly ms?: number;
  readonly priority?: NonNullable<Unit['priority']>;
  readonly gate?: true;
  /** Amounts by capacity name. */
  readonly uses?: { readonly [capacity: string]: number };
}
export type Rest = Partial<Pick<UnitGraph, 'concurrency' | 'waves' | 'onFailure' | 'deadlineMs'>> & {
  readonly capacity?: { readonly [name: string]: number };
};

/** A unit graph from a few words: a set of needs per unit, ranks from `ms` (1 where not said). */
export function sketch(units: readonly Sketch[], { capacity = {}, ...rest }: Rest = {}): UnitGraph {
  const names = Object.keys(capacity);
  const graph: UnitGraph = {
    v: 1,
    units: units.map(({ kind = 'brief', uses = {}, priority, gate }, u) => ({
      kind,
      label: `u${u}`,
      needs: u,
      rank: 0,
      ...(priority && { priority }),
      ...(gate && { gate }),
      uses: Object.entries(uses).map(([name, amount]) => [names.indexOf(name), amount] as const),
      timeoutMs: 60_000,
      heartbeatMs: 15_000,
    })),
    sets: units.map(({ kind: _, ms: __, uses: ___, priority: ____, gate: _____, ...set }) => set),
    capacities: names.map((name) => ({ name, capacity: capacity[name]! })),
    concurrency: 100,
    waves: 'rolling',
    onFailure: 'continue',
    ...rest,
  };
  const rank = ranks(
    units.map((_, u) => needsOf(graph, u)),
    units.map(({ ms = 1 }) => ms),
  );
  return { ...graph, units: graph.units.map((unit, u) => ({ ...unit, rank: rank[u]! })) };
}
