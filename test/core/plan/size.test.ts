import { describe, expect, it } from 'vitest';
import type { UnitGraph } from '../../../src/core/graph/units.js';
import { Problems } from '../../../src/core/plan/problems.js';
import { checkGraphSize } from '../../../src/core/plan/size.js';
import { compiled, plan } from './support.js';

const problemsWith = (graph: UnitGraph, label: string) => {
  const problems = new Problems();
  const [unit] = graph.units;
  checkGraphSize({ ...graph, units: [{ ...unit!, label }] }, problems);
  return problems.list();
};

describe('the size of a graph', () => {
  it('is told in bytes: what is not ASCII takes more than its characters', async () => {
    const { graph } = await compiled(plan('briefs:\n  - { id: a, call: f }'));
    expect(problemsWith(graph, 'x'.repeat(120 * 1024))).toEqual([]);
    expect(problemsWith(graph, '語'.repeat(120 * 1024))).toMatchObject([
      { path: 'briefs', message: expect.stringContaining('takes 361 KB, over the maximum of 224 KB') },
    ]);
  });
});
