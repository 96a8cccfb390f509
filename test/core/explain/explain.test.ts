import { describe, expect, it } from 'vitest';
import { explain, MAX_PAIRS } from '../../../src/core/explain/explain.js';
import type { Plan } from '../../../src/core/plan/plan.js';
import { unitGraph } from '../../../src/core/plan/unitGraph.js';
import { list, matrix, over, planOf } from './support/plans.js';

const explained = (...args: Parameters<typeof planOf>) => {
  const plan: Plan = planOf(...args);
  return explain(plan, unitGraph(plan));
};
const minutes = (n: number) => n * 60_000;
const each = (n: number, part: object) =>
  Object.fromEntries(Array.from({ length: n }, (_, i) => [`b${i}`, part]));

describe('an explanation', () => {
  const survey = explained(
    {
      explore: { estimateMs: minutes(2) },
      dig: {
        needs: ['explore'],
        estimateMs: minutes(2),
        retry: { attempts: 4, backoff: { minMs: 1, maxMs: 1 }, then: 'missing' },
        ...over({ kind: 'in', cel: 'explore.output.topics' }, 200),
      },
      licences: { estimateMs: minutes(1), uses: { books: 1 }, executor: { kind: 'run', argv: ['node'] } },
      verdict: {
        needs: ['dig', 'licences'],
        estimateMs: minutes(3),
        retry: { attempts: 1, backoff: { minMs: 1, maxMs: 1 }, then: 'fail' },
      },
    },
    {
      name: 'framework-survey',
      resources: { books: 1 },
      limits: { concurrency: 20, deadlineMs: minutes(120) },
    },
  );

  it('is plain JSON', () => {
    expect(JSON.parse(JSON.stringify(survey))).toEqual(survey);
  });

  it('counts briefs as written and after fan-out, and tries at least and at most', () => {
    expect(survey.briefs).toEqual({ written: 4, least: 3, most: 203 });
    expect(survey.tries).toEqual({ least: 3, most: 3 + 200 * 4 + 3 + 1 });
  });

  it('shows waves with what each brief waits for, holds and fans out over', () => {
    expect(survey.waves.map((wave) => wave.map(({ id }) => id))).toEqual([
      ['explore', 'licences'],
      ['dig'],
      ['verdict'],
    ]);
    expect(survey.waves[1]![0]).toMatchObject({
      waitsFor: ['explore'],
      fan: { over: 'explore.output.topics', least: 0, most: 200, max: 200 },
    });
    expect(survey.waves[0]![1]).toMatchObject({ does: 'run', holds: { books: 1 }, takesTurnsFor: [] });
  });

  it('names the longest path and how long it is', () => {
    expect(survey.longestPath).toEqual({ briefs: ['explore', 'dig', 'verdict'], ms: minutes(7) });
  });

  it('weighs sequence against parallel, at the concurrency given', () => {
    expect(survey.worth).toMatchObject({
      answer: 'yes',
      concurrency: 20,
      atMost: true,
      sequentialMs: minutes(2 + 400 + 1 + 3),
      parallelMs: minutes(2 + 20 + 3) + survey.worth.overheadMs,
      because: '16 × faster than one brief after another, and one after another would pass the deadline.',
      deadline: { met: 'yes' },
    });
    expect(survey.worth.overheadMs).toBeLessThan(1000);
  });

  it('counts what is known before the run: lists, combinations, parameters, pairs', () => {
    const { briefs, tries, waves } = explained(
      {
        listed: list('a', 'b', 'c'),
        combined: matrix({ x: [1, 2], y: [1, 2, 3] }, [{ x: 1, y: 1 }]),
        given: over({ kind: 'in', cel: 'params.vendors' }),
        paired: { needs: ['given'], ...over({ kind: 'each', brief: 'given' }) },
      },
      { params: { vendors: ['p', 'q'] } },
    );
    expect(briefs).toEqual({ written: 4, least: 12, most: 12 });
    expect(tries).toEqual({ least: 12, most: 36 });
    expect(waves[0]!.map(({ fan }) => fan?.over)).toEqual(['a list', 'x × y', 'params.vendors']);
  });

  it('does not count as certain what a condition may spare, nor what waits for that', () => {
    const { briefs, tries } = explained({ a: { when: 'params.deep' }, b: { needs: ['a'] }, c: {} });
    expect([briefs.least, tries.least]).toEqual([3, 1]);
  });

  it('says who goes one at a time, and over what', () => {
    const { serialised, pairs, waves } = explained(
      { a: { uses: { books: 1 } }, b: { uses: { books: 1 } }, c: { uses: { browser: 1 } } },
      { resources: { books: 1, browser: 4 } },
    );
    expect(serialised).toEqual([
      {
        resource: 'books',
        capacity: 1,
        briefs: ['a', 'b'],
        because: '`books` is a lock: one holder at a time',
      },
    ]);
    expect(pairs.map(({ briefs, verdict }) => [...briefs, verdict])).toEqual([
      ['a', 'b', 'needs coordination'],
    ]);
    expect(waves.map((wave) => wave.map(({ id }) => id))).toEqual([['a', 'c'], ['b']]);
    expect(waves[0]![0]!.takesTurnsFor).toEqual(['books']);
  });

  it('says that instances which may write one path take turns', () => {
    const { serialised } = explained({ a: { ...list(1, 2), writes: ['out/all.json'] } });
    expect(serialised).toMatchObject([
      { briefs: ['a'], because: expect.stringContaining('may write the same path') },
    ]);
  });

  it('shows pairs up to a number, and says when there are more', () => {
    const { pairs, pairsLeftOut } = explained(each(30, { uses: { books: 1 } }), { resources: { books: 1 } });
    expect([pairs.length, pairsLeftOut]).toEqual([MAX_PAIRS, true]);
  });
});
