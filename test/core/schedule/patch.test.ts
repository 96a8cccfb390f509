import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeNamed } from '../../../src/core/graph/node.js';
import type { UnitGraph } from '../../../src/core/graph/units.js';
import { patched } from '../../../src/core/schedule/patch.js';
import { initialState, type State } from '../../../src/core/schedule/state.js';
import { resumed, step } from '../../../src/core/schedule/step.js';
import { byName, endsIn } from './support/ends.js';
import { sketch } from './support/graphs.js';
import { finalEnds } from './support/oracle.js';
import { edited } from './support/patching.js';
import { Run } from './support/run.js';
import { scenarios } from './support/scenario.js';

/**
 * It began because of another that was skipped, by a join that let it, and the patch has that one done after all: what it
 * came to stands, and others go by that.
 */
function isEarly(
  name: string,
  started: ReadonlySet<number>,
  ends: ReadonlyMap<string, string>,
  expected: ReadonlyMap<string, string>,
): boolean {
  const never = (end: string | undefined) => end === 'skipped' || end === 'not-needed';
  return started.has(nodeNamed(name).u) && never(expected.get(name)) && ends.get(name) !== expected.get(name);
}

describe('a patch', () => {
  it('lets a run end as if it had had that plan from the first, or is refused for what has begun', () => {
    let [held, refused] = [0, 0];
    fc.assert(
      fc.property(scenarios(), fc.nat(40), (scenario, after) => {
        const run = new Run(scenario);
        for (let n = 0; n < after && run.next(); n++);
        if (run.state.closed) return;
        const before = run.state;
        const started = new Set(run.started);
        const hasBegun = (u: number) => started.has(u) || !'.k'.includes(before.units[u]!);
        const { scenario: next, touched } = edited(scenario, (u) => !hasBegun(u));
        const begun = touched.filter(hasBegun);
        const told = run.patch(next, touched);
        if ('state' in told) {
          held++;
          expect(begun).toEqual([]);
          run.goOn();
          expect(run.state.closed).toBe(true);
          const removed = [...next.graph.units.keys()].filter((u) => next.graph.units[u]!.removed);
          expect(run.started.filter((u) => removed.includes(u))).toEqual([]);
          const [ends, expected] = [endsIn(run.state), finalEnds(next)];
          if (![...ends.keys()].some((name) => isEarly(name, started, ends, expected)))
            expect(byName(ends)).toEqual(byName(expected));
        } else {
          refused++;
          expect(told).toEqual({ begun });
          run.goOn();
          expect(byName(endsIn(run.state))).toEqual(byName(finalEnds(scenario)));
        }
      }),
      { numRuns: 2_000 },
    );
    // It would show nothing where one of the two never happened.
    expect(Math.min(held, refused)).toBeGreaterThan(100);
  });

  const state = (graph: UnitGraph, more: Partial<State>): State => ({ ...initialState(graph), ...more });

  it('leaves skipped what somebody skipped, changed or not', () => {
    const old = sketch([{}, { success: [0] }]);
    const next = patched(old, state(old, { units: 'rk', running: ['0'], byHand: ['1'] }), {
      graph: old,
      touched: [1],
    });
    expect(next).toMatchObject({ state: { units: 'rk', byHand: ['1'] } });
  });

  it('keeps what time decided for whoever waits for the same, wherever that is stored now', () => {
    const waiting = { clauses: [{ of: [0], when: 1, byMs: 5 }] };
    const old = sketch([{}, waiting, { success: [1] }]);
    const now = sketch([{}, waiting, {}, { success: [2] }]);
    const graph = {
      ...now,
      sets: [...now.sets].reverse(),
      units: now.units.map((unit, u) => ({ ...unit, needs: 3 - u })),
    };
    const next = patched(old, state(old, { said: { '1.0': 'skipped' }, units: 'rk.', running: ['0'] }), {
      graph,
      touched: [2],
    });
    expect(next).toMatchObject({ state: { said: { '2.0': 'skipped' }, units: 'rk..' } });
  });

  it('leaves how many run at once to whoever said so last', () => {
    const old = { ...sketch([{}, {}]), concurrency: 10 };
    const limitAfter = (concurrency: number) => {
      const next = patched(old, state(old, { concurrency: 1 }), {
        graph: { ...old, concurrency },
        touched: [],
      });
      return 'state' in next && next.state.concurrency;
    };
    expect([limitAfter(10), limitAfter(4)]).toEqual([1, undefined]);
  });

  it('is refused of a run that has finished or stops, and taken by one that goes on in another history', () => {
    const [old, graph] = [sketch([{}]), sketch([{}, {}])];
    const to = { graph, touched: [] };
    for (const more of [{ closed: true }, { stopping: 'cancelled' }, { stopping: 'failed' }] as const)
      expect(patched(old, state(old, more), to)).toEqual({ over: true });
    const next = patched(old, state(old, { units: 's', stopping: 'draining', closed: true }), to);
    if (!('state' in next)) throw new Error('refused');
    expect(step(graph, resumed(next.state), { kind: 'begin' }).commands).toMatchObject([
      { kind: 'start', u: 1 },
    ]);
  });

  it('is refused where the run would come to more than its most', () => {
    const old = sketch([{}]);
    const graph = sketch(Array.from({ length: 1_001 }, () => ({})));
    expect(patched(old, initialState(old), { graph, touched: [] })).toEqual({ size: 1_001 });
    // What a fan-out has refused takes no place.
    const fan = sketch([{ kind: 'fan' }]);
    const overflowed = state(fan, { units: '*', fans: { 0: `..${'x'.repeat(5_000)}` }, taken: { 0: 2 } });
    const more = sketch([{ kind: 'fan' }, {}]);
    expect(patched(fan, overflowed, { graph: more, touched: [] })).toHaveProperty('state');
  });
});
