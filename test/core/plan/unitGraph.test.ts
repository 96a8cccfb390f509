import { describe, expect, it } from 'vitest';
import { compile } from '../../../src/core/plan/compile.js';
import { compiled, memoryFolder, plan } from './support.js';

const graphOf = async (text: string) => (await compiled(plan(text))).graph;

describe('the unit graph', () => {
  it('joins a brief on success, a fan on its end, a paired fan instance by instance', async () => {
    const graph = await graphOf(
      [
        'briefs:',
        '  - { id: a, call: f }',
        '  - { id: b, call: f, forEach: { in: [1] } }',
        '  - { id: c, call: f, needs: [a], forEach: { each: b }, stdin: { from: "[a.output, b.output]" } }',
        '  - { id: d, call: f, needs: [b, a, c], stdin: { from: "[a.output, b.output, c.output]" } }',
      ].join('\n'),
    );
    expect(graph.units.map(({ needs }) => (needs === undefined ? undefined : graph.sets[needs]))).toEqual([
      undefined,
      undefined,
      { success: [0], each: [1] },
      { success: [0], done: [1, 2] },
    ]);
  });

  it('marks gates, whose `within` bounds no activity, and keeps `defaults` away from them', async () => {
    const { plan: compiledPlan, graph } = await compiled(
      plan(
        [
          'defaults: { within: 1h, timeout: 1m, retry: { attempts: 5, then: missing }, cache: { for: 1h }, priority: high }',
          'briefs:',
          '  - { id: a, call: f, estimate: 3s }',
          '  - { id: b, gate: Go?, needs: [a], context: [a], within: 2h }',
          '  - { id: c, gate: Go?, needs: [b], context: [b], estimate: 5s }',
        ].join('\n'),
      ),
    );
    expect(graph.units.map(({ gate, withinMs, priority }) => [gate, withinMs, priority])).toEqual([
      [undefined, 3_600_000, 'high'],
      [true, undefined, undefined],
      [true, undefined, undefined],
    ]);
    const [, b, c] = compiledPlan.briefs;
    expect(b).toMatchObject({ withinMs: 7_200_000, estimateMs: 0, retry: { attempts: 1, then: 'fail' } });
    expect([c!.withinMs, c!.cacheMs, c!.estimateMs]).toEqual([undefined, undefined, 5_000]);
  });

  it('joins as `join`, `await` and `optional` say, and pairs by the rule that is said of the pair', async () => {
    const graph = await graphOf(
      [
        'briefs:',
        '  - { id: a, call: f }',
        '  - { id: b, call: f, forEach: { in: [1, 2] } }',
        '  - { id: c, call: f, needs: [a, b], join: none_failed }',
        '  - { id: d, call: f, needs: [b], optional: [a], stdin: { from: b.output } }',
        '  - { id: e, call: f, needs: [a, b], stdin: { from: a.output }, await: { b: { atLeast: 0.5, by: 2m } } }',
        '  - { id: g, call: f, needs: [a, b], join: one_done, await: { b: { by: 1s } } }',
        '  - { id: h, call: f, needs: [a], stdin: { from: a.output }, forEach: { each: b }, await: { b: all_done } }',
        '  - { id: j, call: f, needs: [a], await: { a: { by: 1s } } }',
      ].join('\n'),
    );
    const [, , ...joins] = graph.units.map(({ needs }) => graph.sets[needs!]);
    expect(joins).toEqual([
      { clauses: [{ of: [0, 1], when: 'none_failed' }] },
      { done: [1], clauses: [{ of: [0], when: 'all_done' }] },
      { success: [0], clauses: [{ of: [1], when: 0.5, byMs: 120_000 }] },
      {
        clauses: [
          { of: [1], when: 'one_done', byMs: 1_000 },
          { of: [0], when: 'one_done' },
        ],
      },
      { success: [0], each: [1], eachRule: 'all_done' },
      { clauses: [{ of: [0], when: 'all_success', byMs: 1_000 }] },
    ]);
  });

  it('keeps a set of needs once, whoever shares it and in whatever order', async () => {
    const graph = await graphOf(
      'briefs:\n  - { id: a, call: f }\n  - { id: b, call: f }\n  - { id: c, call: f, needs: [a, b] }\n  - { id: d, call: f, needs: [b, a] }',
    );
    expect(graph.sets).toEqual([{ success: [0, 1] }]);
    expect(graph.units.map(({ needs }) => needs)).toEqual([undefined, undefined, 0, 0]);
  });

  it('ranks by the longest remaining path; without an estimate a brief counts as the median of the others', async () => {
    const graph = await graphOf(
      'briefs:\n  - { id: a, call: f, estimate: 3s }\n  - { id: b, call: f, needs: [a] }\n  - { id: c, call: f, needs: [b], estimate: 1m }\n  - { id: d, call: f, estimate: 1s }',
    );
    expect(graph.units.map(({ rank }) => rank)).toEqual([66_000, 63_000, 60_000, 1_000]);
  });

  it('counts a second for each where nothing is estimated', async () => {
    const graph = await graphOf('briefs:\n  - { id: a, call: f }\n  - { id: b, call: f, needs: [a] }');
    expect(graph.units.map(({ rank }) => rank)).toEqual([2_000, 1_000]);
  });

  it('holds resources by their place, and a private one where instances write the same path', async () => {
    const graph = await graphOf(
      'resources: { books: 2, tea: 1 }\nbriefs:\n  - { id: a, call: f, uses: { tea: 1, books: 2 } }\n  - { id: b, call: f, forEach: { in: [1] }, writes: [out] }',
    );
    expect(graph.capacities).toEqual([
      { name: 'books', capacity: 2 },
      { name: 'tea', capacity: 1 },
      { name: 'writes of b', capacity: 1 },
    ]);
    expect(graph.units.map(({ uses }) => uses)).toEqual([
      [
        [1, 1],
        [0, 2],
      ],
      [[2, 1]],
    ]);
  });

  it('labels a unit by its id, with the title where 60 bytes hold both', async () => {
    const long = 'x'.repeat(64);
    const graph = await graphOf(
      `briefs:\n  - { id: a, call: f, title: Büro }\n  - { id: b, call: f, title: ${'ü'.repeat(30)} }\n  - { id: ${long}, call: f }`,
    );
    const labels = graph.units.map(({ label }) => label);
    expect(labels).toEqual(['a: Büro', 'b', `${'x'.repeat(57)}…`]);
    expect(Math.max(...labels.map((label) => new TextEncoder().encode(label).length))).toBeLessThanOrEqual(
      60,
    );
  });

  it('stays below its share of 256 KB, or the plan is refused', async () => {
    const briefs = Array.from({ length: 520 }, (_, i) => {
      const needs = Array.from({ length: i }, (_, j) => `b${j}`).filter((_, j) => j % 2 === i % 2);
      return { id: `b${i}`, call: 'f', needs };
    });
    const result = await compile({ document: { muster: 1, name: 'x', brief: 'y', briefs } }, memoryFolder());
    const errors = result.ok ? [] : result.problems.filter(({ severity }) => severity === 'error');
    expect(errors).toMatchObject([
      { path: 'briefs', message: expect.stringContaining('over the maximum of 224 KB') },
    ]);
  });
});
