/**
 * Orders in a DAG whose nodes are 0 … n-1 and whose edges are given as `needs[node] = nodes it waits for`.
 * Answers depend on nothing but the input: ties go to the smaller number, which is plan order.
 */
export type Needs = readonly (readonly number[])[];

/** Every node after all it needs, or, where that is impossible, one cycle: each node needs the next, the last the first. */
export function topologicalOrder(needs: Needs): { readonly order: number[] } | { readonly cycle: number[] } {
  const waiting = needs.map((n) => n.length);
  const dependants = reverse(needs);
  const order = [...needs.keys()].filter((u) => waiting[u] === 0);
  // `order` grows while it is walked: it is Kahn's queue and the answer at once.
  for (const u of order) for (const d of dependants[u]!) if (--waiting[d]! === 0) order.push(d);
  if (order.length === needs.length) return { order };
  return { cycle: cycleAmong(needs, (u) => waiting[u]! > 0) };
}

/** The same order, for callers whose graph was checked before. @throws RangeError where there is a cycle. */
export function orderOf(needs: Needs): number[] {
  const sorted = topologicalOrder(needs);
  if ('order' in sorted) return sorted.order;
  throw new RangeError(`the graph has a cycle: ${[...sorted.cycle, sorted.cycle[0]].join(' → ')}`);
}

/** `dependants[node]` = nodes that wait for it, in plan order. */
export function reverse(needs: Needs): number[][] {
  const dependants: number[][] = needs.map(() => []);
  for (const [u, of] of needs.entries()) for (const need of of) dependants[need]!.push(u);
  return dependants;
}

/**
 * Whether `b` waits for `a`, directly or through others. One bit per pair: 125 KB for 1,000 nodes.
 * @throws RangeError where there is a cycle.
 */
export function precedes(needs: Needs): (a: number, b: number) => boolean {
  const words = Math.ceil(needs.length / 32);
  const before = needs.map(() => new Uint32Array(words));
  for (const u of orderOf(needs)) {
    const mine = before[u]!;
    for (const need of needs[u]!) {
      for (const [w, bits] of before[need]!.entries()) mine[w]! |= bits;
      mine[need >> 5]! |= 1 << (need & 31);
    }
  }
  return (a, b) => (before[b]![a >> 5]! & (1 << (a & 31))) !== 0;
}

/** Every stuck node needs another stuck one, so walking along needs must come round. */
function cycleAmong(needs: Needs, stuck: (u: number) => boolean): number[] {
  const path: number[] = [];
  const place = new Map<number, number>();
  let u = needs.findIndex((_, i) => stuck(i));
  while (!place.has(u)) {
    place.set(u, path.length);
    path.push(u);
    u = needs[u]!.find(stuck)!;
  }
  return path.slice(place.get(u));
}
