import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundsOf } from '../../../src/core/graph/bounds.js';

interface Problem {
  readonly needs: number[][];
  readonly durations: number[];
  readonly loads: { capacity: number; amounts: number[] }[];
}

/** Small enough to try every schedule of. */
const problems: fc.Arbitrary<Problem> = fc.integer({ min: 1, max: 6 }).chain((n) =>
  fc.record({
    durations: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: n, maxLength: n }),
    needs: fc.tuple(
      ...Array.from({ length: n }, (_, i) =>
        fc.subarray(Array.from({ length: i }, (_, j) => j)).map((of) => of.slice(0, 2)),
      ),
    ) as unknown as fc.Arbitrary<number[][]>,
    loads: fc.array(
      fc.integer({ min: 1, max: 3 }).chain((capacity) =>
        fc.record({
          capacity: fc.constant(capacity),
          amounts: fc.array(fc.integer({ min: 0, max: capacity }), { minLength: n, maxLength: n }),
        }),
      ),
      { minLength: 1, maxLength: 2 },
    ),
  }),
);

/** The shortest of all schedules: every start at every whole time, within what one after another takes. */
function shortest({ needs, durations, loads }: Problem): number {
  const horizon = durations.reduce((a, b) => a + b, 0);
  let best = horizon;
  const starts: number[] = [];
  const fits = (n: number, at: number): boolean => {
    for (let t = at; t < at + durations[n]!; t++)
      for (const { capacity, amounts } of loads) {
        let held = amounts[n]!;
        for (const [m, start] of starts.entries())
          if (start <= t && t < start + durations[m]!) held += amounts[m]!;
        if (held > capacity) return false;
      }
    return true;
  };
  const place = (n: number, end: number): void => {
    if (end >= best && n < durations.length) return;
    if (n === durations.length) {
      best = Math.min(best, end);
      return;
    }
    const from = Math.max(0, ...needs[n]!.map((m) => starts[m]! + durations[m]!));
    for (let at = from; at + durations[n]! <= best; at++) {
      if (!fits(n, at)) continue;
      starts[n] = at;
      place(n + 1, Math.max(end, at + durations[n]!));
      starts.length = n;
    }
  };
  place(0, 0);
  return best;
}

describe('the bounds of a schedule', () => {
  it('are never above the shortest one there is', () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const { needs, durations, loads } = problem;
        expect(boundsOf(needs, durations, loads).least).toBeLessThanOrEqual(shortest(problem) + 1e-9);
      }),
      { numRuns: 2_000 },
    );
  });

  it('see more than the longest path and the work shared evenly, where work is crowded in between', () => {
    // One before, four of 3 at once on two slots, one after: 1 + 6 + 1.
    const needs = [[], [0], [0], [0], [0], [1, 2, 3, 4]];
    const durations = [1, 3, 3, 3, 3, 1];
    const bounds = boundsOf(needs, durations, [{ capacity: 2, amounts: [1, 1, 1, 1, 1, 1] }]);
    expect(bounds).toEqual({ criticalPath: 5, work: [7], interval: [8], least: 8, bindingCapacity: 0 });
  });

  it('name what binds: nothing but the longest path, or the scarcest capacity', () => {
    const loads = (capacity: number) => [
      { capacity: 10, amounts: [1, 1, 1] },
      { capacity, amounts: [1, 1, 1] },
    ];
    const bound = (capacity: number) => boundsOf([[], [], []], [2, 2, 2], loads(capacity));
    expect(bound(3)).toMatchObject({ least: 2 });
    expect(bound(3).bindingCapacity).toBeUndefined();
    expect(bound(1)).toMatchObject({ least: 6, bindingCapacity: 1 });
  });
});
