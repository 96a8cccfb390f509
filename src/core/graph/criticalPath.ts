import { type Needs, orderOf, reverse } from './dag.js';

/**
 * Longest remaining path from each node to an end, its own weight included: the upward rank without transfer
 * times (Topcuoglu, Hariri, Wu 2002). @throws RangeError where there is a cycle.
 */
export function ranks(needs: Needs, weights: readonly number[]): number[] {
  const dependants = reverse(needs);
  const rank = [...weights];
  for (const u of orderOf(needs).reverse()) {
    rank[u]! += dependants[u]!.reduce((most, d) => Math.max(most, rank[d]!), 0);
  }
  return rank;
}

/**
 * The path that bounds the whole from below, first to last, and its length in the unit of `weights`.
 * Of several equally long ones, that of the smallest numbers.
 */
export function criticalPath(needs: Needs, weights: readonly number[]): { path: number[]; length: number } {
  const rank = ranks(needs, weights);
  const dependants = reverse(needs);
  const longest = (among: Iterable<number>): number | undefined => {
    let best: number | undefined;
    for (const u of among) if (best === undefined || rank[u]! > rank[best]!) best = u;
    return best;
  };
  const path: number[] = [];
  for (let u = longest(needs.keys()); u !== undefined; u = longest(dependants[u]!)) path.push(u);
  return { path, length: rank[path[0] ?? -1] ?? 0 };
}
