import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holdingUp, lanesOf, profileOf } from '../../../src/core/explain/gantt.js';
import { simulated } from '../../../src/core/explain/simulation.js';
import { unitGraph } from '../../../src/core/plan/unitGraph.js';
import { type BriefPart, list, planOf } from './support/plans.js';

/** A plan of briefs and fans with estimates, some of none at all, that contend for slots and resources. */
const plans = fc
  .record({
    briefs: fc.array(
      fc.record({
        estimateMs: fc.constantFrom(0, 1, 5, 5, 7, 1000 / 3),
        needs: fc.array(fc.nat({ max: 30 }), { maxLength: 3 }),
        width: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
        uses: fc.subarray(['books', 'browser']),
      }),
      { minLength: 1, maxLength: 20 },
    ),
    concurrency: fc.integer({ min: 1, max: 6 }),
    waves: fc.constantFrom('rolling' as const, 'barrier' as const),
  })
  .map(({ briefs, concurrency, waves }) => {
    const parts = briefs.map(({ estimateMs, needs, width, uses }, u): [string, BriefPart] => [
      `b${u}`,
      {
        estimateMs,
        needs: [...new Set(needs.filter((need) => need < u).map((need) => `b${need}`))],
        uses: Object.fromEntries(uses.map((name) => [name, 1])),
        ...(width !== undefined && list(...Array.from({ length: width }, (_, k) => k))),
      },
    ]);
    return planOf(Object.fromEntries(parts), {
      ...{ waves, limits: { concurrency }, resources: { books: 1, browser: 2 } },
    });
  });

const schedules = plans.map((plan) => ({ plan, simulation: simulated(plan, unitGraph(plan)) }));

describe('the picture of a schedule', () => {
  it('shows every brief and instance once, in no more lanes than there are slots, and none of a lane overlap', () => {
    fc.assert(
      fc.property(schedules, ({ plan, simulation: { spans, concurrency } }) => {
        const expected = plan.briefs.flatMap(({ id, forEach }) =>
          forEach?.source.kind === 'list' ? forEach.source.items.map((_, k) => `${id}[${k + 1}]`) : [id],
        );
        expect(spans.map(({ label }) => label).sort()).toEqual(expected.sort());
        for (const one of spans) {
          expect(one.slot).toBeLessThan(concurrency);
          for (const other of spans) {
            if (one === other || one.slot !== other.slot) continue;
            expect(one.endMs <= other.startMs || other.endMs <= one.startMs).toBe(true);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('says what holds up the end: from the start to the end without a gap, and each but the first had a reason to wait', () => {
    fc.assert(
      fc.property(schedules, ({ plan, simulation: { spans, makespanMs } }) => {
        const chain = spans.filter(({ critical }) => critical);
        expect(chain[0]!.startMs).toBe(0);
        expect(chain.at(-1)!.endMs).toBe(makespanMs);
        const briefOf = (label: string) => plan.briefs.find(({ id }) => id === label.replace(/\[.*/, ''))!;
        for (const [n, one] of chain.slice(1).entries()) {
          const before = chain[n]!;
          expect(before.endMs).toBe(one.startMs);
          const { needs } = briefOf(one.label);
          const needed = spans.some(
            ({ label, endMs }, at) =>
              endMs === one.startMs && at < spans.indexOf(one) && needs.includes(briefOf(label).id),
          );
          // A need that ended just then is a better reason than room that was made.
          if (needed) expect(needs).toContain(briefOf(before.label).id);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('knows at any time how much is in use', () => {
    const interval = fc
      .tuple(fc.nat({ max: 20 }), fc.nat({ max: 8 }), fc.integer({ min: 0, max: 3 }))
      .map(([start, length, amount]) => ({ start, end: start + length, amount }));
    fc.assert(
      fc.property(fc.array(interval), (intervals) => {
        const steps = profileOf(
          intervals,
          intervals.map(({ amount }) => amount),
        );
        for (let t = -1; t < 30; t++) {
          const expected = intervals.reduce(
            (sum, { start, end, amount }) => sum + (start <= t && t < end ? amount : 0),
            0,
          );
          expect(steps.findLast(({ at }) => at <= t)?.inUse ?? 0).toBe(expected);
        }
        expect(new Set(steps.map(({ at }) => at)).size).toBe(steps.length);
      }),
    );
  });

  it('of nothing is nothing', () => {
    expect([lanesOf([]), holdingUp([]), profileOf([], [])]).toEqual([[], new Set(), []]);
  });
});
