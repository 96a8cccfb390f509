import { describe, expect, it } from 'vitest';
import { widths } from '../../../src/core/explain/widths.js';
import { OVERHEAD, worth } from '../../../src/core/explain/worth.js';
import { unitGraph } from '../../../src/core/plan/unitGraph.js';
import { list, over, planOf } from './support/plans.js';

const worthOf = (...args: Parameters<typeof planOf>) => {
  const plan = planOf(...args);
  return worth(plan, unitGraph(plan), widths(plan));
};
const second = { estimateMs: 1000 };

describe('parallel is', () => {
  it('worth it where briefs run side by side for longer than it costs to dispatch them', () => {
    const { answer, sequentialMs, parallelMs, overheadMs } = worthOf({
      a: second,
      b: second,
      c: second,
      d: second,
    });
    expect([answer, sequentialMs]).toEqual(['yes', 4000]);
    expect(overheadMs).toBe(OVERHEAD.perRunMs + 4 * OVERHEAD.perDispatchMs);
    expect(parallelMs).toBe(1000 + overheadMs);
  });

  it('not worth it where each brief waits for the one before', () => {
    const { answer, because } = worthOf({ a: second, b: { ...second, needs: ['a'] } });
    expect([answer, because]).toEqual([
      'no',
      'Nothing in it can run side by side: in sequence it is as fast.',
    ]);
  });

  it('not worth it where a lock lets only one go at a time', () => {
    const uses = { books: 1 };
    const { answer } = worthOf(
      { a: { ...second, uses }, b: { ...second, uses } },
      { resources: { books: 1 } },
    );
    expect(answer).toBe('no');
  });

  it('not worth it where the briefs are shorter than the cost of dispatching them', () => {
    const { answer, because } = worthOf({
      a: { estimateMs: 20 },
      b: { estimateMs: 20 },
      c: { estimateMs: 20 },
    });
    expect([answer, because]).toEqual([
      'no',
      'The briefs are so short that dispatching them costs what it saves.',
    ]);
  });

  it('not worth it where only a small part could run side by side', () => {
    const { answer, because } = worthOf({ a: { estimateMs: 100_000 }, b: second });
    expect([answer, because]).toEqual(['no', 'Too little of it can run side by side to matter.']);
  });

  it('unknown without estimates, and says whose is wanting', () => {
    const { answer, because, sequentialMs } = worthOf({ a: second, b: {}, c: {} });
    expect([answer, because]).toEqual([
      'unknown',
      '`b` and 1 more have no `estimate`: give one to every brief to find out.',
    ]);
    expect(sequentialMs).toBeUndefined();
  });

  it('as much faster as the concurrency allows', () => {
    const fan = { a: { estimateMs: 10_000, ...list(...Array.from({ length: 40 }, (_, i) => i)) } };
    const speedups = [1, 4, 40].map((concurrency) => worthOf(fan, { limits: { concurrency } }).speedup!);
    expect(speedups.map(Math.round)).toEqual([1, 4, 39]);
  });
});

describe('a deadline', () => {
  const limits = (deadlineMs: number, concurrency = 10) => ({ limits: { concurrency, deadlineMs } });

  it('is met where the estimates say so', () => {
    expect(worthOf({ a: second, b: second }, limits(5000)).deadline?.met).toBe('yes');
  });

  it('cannot be met where the longest path takes longer, estimates of others or not', () => {
    const { deadline } = worthOf({ a: second, b: { ...second, needs: ['a'] }, c: {} }, limits(1500));
    expect(deadline).toMatchObject({ met: 'no', because: expect.stringContaining('cannot be met') });
  });

  it('cannot be met where the work is more than all slots can do', () => {
    expect(worthOf({ a: second, b: second, c: second }, limits(1400, 2)).deadline?.because).toContain(
      'cannot',
    );
  });

  it('is missed by the estimates where only more at once would help', () => {
    const uses = { books: 1 };
    const { deadline } = worthOf(
      { a: { ...second, uses }, b: { ...second, uses } },
      { ...limits(1500), resources: { books: 1 } },
    );
    expect(deadline).toMatchObject({ met: 'no', because: expect.stringContaining('By the estimates') });
  });

  it('is open where only the run will tell how wide a fan-out is', () => {
    const fan = { ...second, needs: ['a'], ...over({ kind: 'in' as const, cel: 'a.output' }, 100) };
    expect(worthOf({ a: second, b: fan }, limits(5000)).deadline?.met).toBe('unknown');
  });

  it('is open without estimates', () => {
    expect(worthOf({ a: {} }, limits(5000)).deadline?.met).toBe('unknown');
  });
});
