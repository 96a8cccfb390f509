import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Node, nodeNamed } from '../../../src/core/graph/node.js';
import { setOf, type UnitGraph } from '../../../src/core/graph/units.js';
import { sentBack } from '../../../src/core/schedule/sendBack.js';
import { byName, endsIn } from './support/ends.js';
import { sketch } from './support/graphs.js';
import { Run } from './support/run.js';
import { type Scenario, scenarios } from './support/scenario.js';

/** Units that wait for `u`, and for those, and so on. */
function dependantsOf(graph: UnitGraph, u: number): Set<number> {
  const found = new Set<number>();
  const look = (need: number) => {
    for (const [d, { needs }] of graph.units.entries()) {
      if (needs === undefined || found.has(d)) continue;
      const { success = [], done = [], each = [], clauses = [] } = setOf(graph, d);
      if (![...success, ...done, ...each, ...clauses.flatMap(({ of }) => of)].includes(need)) continue;
      found.add(d);
      look(d);
    }
  };
  look(u);
  return found;
}

const isFan = (graph: UnitGraph, u: number) => graph.units[u]!.kind === 'fan';

/** Ends of what began. */
const DONE = new Set(['succeeded', 'repaired', 'partial', 'failed', 'missing']);

describe('what is sent back', () => {
  it('is done once more with all that is made from it, nothing else is, and all ends as it did', () => {
    let sent = 0;
    fc.assert(
      fc.property(scenarios({}), fc.nat(1000), (scenario: Scenario, pick) => {
        const { graph } = scenario;
        const run = new Run(scenario);
        run.goOn();
        if (run.state.stopping !== undefined || graph.onFailure === 'stop') return;
        const ends = endsIn(run.state);
        const ready = [...ends].flatMap(([name, end]): Node[] => {
          const node = nodeNamed(name);
          const whole = node.k === undefined && isFan(graph, node.u);
          const theirs = [...dependantsOf(graph, node.u)];
          return whole || !DONE.has(end) || theirs.some((d) => isFan(graph, d)) ? [] : [node];
        });
        if (ready.length === 0) return;
        const node = ready[pick % ready.length]!;
        const before = run.started.length;
        run.state = sentBack(graph, run.state, [node]);
        run.take({ kind: 'begin' });
        run.goOn();
        expect(byName(endsIn(run.state))).toEqual(byName(ends));
        const again = run.started.slice(before);
        const allowed = new Set([node.u, ...dependantsOf(graph, node.u)]);
        expect(again.filter((u) => !allowed.has(u))).toEqual([]);
        expect(again.filter((u) => u === node.u)).toHaveLength(1);
        const began = new Set(run.started.slice(0, before));
        const skips = new Set(['skipped', 'not-needed']);
        for (const d of dependantsOf(graph, node.u))
          if (began.has(d) && !skips.has(ends.get(`${d}`)!)) expect(again).toContain(d);
        sent++;
      }),
      { numRuns: 2_000 },
    );
    expect(sent).toBeGreaterThan(500);
  });

  it('counts how often it was, for what delivered as for what did not', () => {
    const graph = sketch([{}, { success: [0] }]);
    const run = new Run({ graph, expansion: () => 0, status: () => 'succeeded', draw: () => 0 } as never);
    run.goOn();
    const state = sentBack(graph, run.state, [{ u: 0 }]);
    expect(state).toMatchObject({ units: '..', again: { '0': 1, '1': 1 } });
    expect(state.closed).toBeUndefined();
    expect(sentBack(graph, state, [{ u: 0 }])).toMatchObject({ units: '..', again: { '0': 1, '1': 1 } });
  });

  it('is nothing that somebody skipped, though it is made from what is sent back', () => {
    const graph = sketch([{}, { success: [0] }, { success: [0] }]);
    const run = new Run({ graph, expansion: () => 0, status: () => 'succeeded', draw: () => 0 } as never);
    run.take({ kind: 'skip', u: 1 });
    run.goOn();
    expect(run.state).toMatchObject({ units: 'sks', byHand: ['1'] });
    expect(sentBack(graph, run.state, [{ u: 0 }, { u: 1 }])).toMatchObject({
      units: '.k.',
      byHand: ['1'],
      again: { '0': 1, '2': 1 },
    });
  });
});
