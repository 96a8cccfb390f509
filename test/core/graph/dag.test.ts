import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { criticalPath, ranks } from '../../../src/core/graph/criticalPath.js';
import { precedes, topologicalOrder } from '../../../src/core/graph/dag.js';

/** Edges only from smaller to larger numbers, under a random renaming. */
const dags = fc
  .record({
    order: fc
      .integer({ min: 1, max: 12 })
      .chain((n) => fc.shuffledSubarray([...Array(n).keys()], { minLength: n })),
    edges: fc.array(fc.tuple(fc.nat(11), fc.nat(11)), { maxLength: 30 }),
  })
  .map(({ order, edges }) => {
    const needs: number[][] = order.map(() => []);
    for (const [a, b] of edges) {
      const [from, to] = [Math.min(a, b), Math.max(a, b)];
      if (from === to || to >= order.length || needs[order[to]!]!.includes(order[from]!)) continue;
      needs[order[to]!]!.push(order[from]!);
    }
    return needs;
  });
const RUNS = { numRuns: 500 };

/** All paths, first to last, by brute force. */
function paths(needs: readonly (readonly number[])[], to: number): number[][] {
  if (needs[to]!.length === 0) return [[to]];
  return needs[to]!.flatMap((need) => paths(needs, need).map((path) => [...path, to]));
}

describe('a topological order', () => {
  it('holds every node once, after all it needs', () => {
    fc.assert(
      fc.property(dags, (needs) => {
        const sorted = topologicalOrder(needs);
        if (!('order' in sorted)) throw new Error('a DAG has no cycle');
        expect([...sorted.order].sort((a, b) => a - b)).toEqual([...needs.keys()]);
        for (const [u, of] of needs.entries()) {
          for (const need of of) expect(sorted.order.indexOf(need)).toBeLessThan(sorted.order.indexOf(u));
        }
      }),
      RUNS,
    );
  });

  it('is refused where there is a cycle, and names one that is real', () => {
    fc.assert(
      fc.property(dags, fc.nat(), fc.nat(), (needs, a, b) => {
        const [from, to] = [a % needs.length, b % needs.length];
        const path = paths(needs, to).find((p) => p.includes(from));
        if (path === undefined) return;
        const closed = needs.map((of, u) => (u === from ? [...of, to] : of));
        const sorted = topologicalOrder(closed);
        if (!('cycle' in sorted)) throw new Error('the cycle went unnoticed');
        expect(new Set(sorted.cycle).size).toBe(sorted.cycle.length);
        for (const [i, u] of sorted.cycle.entries()) {
          expect(closed[u]).toContain(sorted.cycle[(i + 1) % sorted.cycle.length]);
        }
      }),
      RUNS,
    );
  });

  it('names a brief that needs itself', () => {
    expect(topologicalOrder([[], [1]])).toEqual({ cycle: [1] });
  });
});

describe('precedence', () => {
  it('holds between two nodes exactly where some path leads from one to the other', () => {
    fc.assert(
      fc.property(dags, (needs) => {
        const isBefore = precedes(needs);
        for (const b of needs.keys()) {
          const on = new Set(paths(needs, b).flat());
          for (const a of needs.keys()) expect(isBefore(a, b)).toBe(a !== b && on.has(a));
        }
      }),
      RUNS,
    );
  });

  it('reaches beyond the 32nd node', () => {
    const chain = [...Array(100).keys()].map((u) => (u === 0 ? [] : [u - 1]));
    const isBefore = precedes(chain);
    expect([isBefore(0, 99), isBefore(31, 32), isBefore(63, 31), isBefore(99, 0)]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});

describe('the critical path', () => {
  it('is a path, and no other weighs more', () => {
    fc.assert(
      fc.property(dags, fc.array(fc.nat(9), { minLength: 12, maxLength: 12 }), (needs, weights) => {
        const weigh = (path: readonly number[]) => path.reduce((sum, u) => sum + weights[u]!, 0);
        const longest = Math.max(...[...needs.keys()].flatMap((u) => paths(needs, u).map(weigh)));
        const { path, length } = criticalPath(needs, weights.slice(0, needs.length));
        expect([weigh(path), length]).toEqual([longest, longest]);
        for (const [i, u] of path.entries()) if (i > 0) expect(needs[u]).toContain(path[i - 1]);
        expect(Math.max(...ranks(needs, weights.slice(0, needs.length)))).toBe(longest);
      }),
      RUNS,
    );
  });

  it('of nothing is nothing', () => {
    expect(criticalPath([], [])).toEqual({ path: [], length: 0 });
  });
});
