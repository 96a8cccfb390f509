import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Base } from '../../../src/core/files/manifest.js';
import { plannedWaves } from '../../../src/core/graph/waves.js';
import { differenceOf, isAsIn, isNothing, patchPlan } from '../../../src/core/plan/patch.js';
import type { Plan } from '../../../src/core/plan/plan.js';
import { unitGraph } from '../../../src/core/plan/unitGraph.js';
import { initialState } from '../../../src/core/schedule/state.js';
import { step } from '../../../src/core/schedule/step.js';
import { compiled } from './support.js';

const MADE = { run: 'first', from: 'a'.repeat(64), at: 1 };

/** Briefs by id, each with what it says and what it needs. */
async function planOf(
  briefs: { readonly [id: string]: readonly string[] },
  more: object = {},
): Promise<Plan> {
  const written = Object.entries(briefs).map(([id, [says = id, ...needs]]) => ({
    ...{ id, run: ['node', says] },
    ...(needs.length > 0 && { needs }),
  }));
  const document = { ...{ muster: 1, name: 'p', brief: 'Which?', briefs: written }, ...more };
  return (await compiled(JSON.stringify(document))).plan;
}

describe('a patch of a plan', () => {
  it('keeps every brief in its place, taken out or not, and puts new ones after them', async () => {
    const old = await planOf({ a: ['a'], b: ['b', 'a'], c: ['c', 'b'] });
    const next = patchPlan(old, await planOf({ new: ['new', 'a'], c: ['other', 'new'], a: ['a'] }), MADE);
    expect(next.briefs.map(({ id, removed }) => [id, removed])).toEqual([
      ['a', undefined],
      ['b', true],
      ['c', undefined],
      ['new', undefined],
    ]);
    expect(next.patches).toEqual([
      { ...MADE, added: ['new'], changed: [{ id: 'c', keys: ['needs', 'run'] }], removed: ['b'], plan: [] },
    ]);
    const graph = unitGraph(next);
    expect(graph.units.map(({ removed, needs }) => [removed, needs !== undefined])).toEqual([
      [undefined, false],
      [true, false],
      [undefined, true],
      [undefined, true],
    ]);
  });

  it('takes out several briefs with the resource that they alone used', async () => {
    const uses = { resources: { gpu: 1 } };
    const gpu = (id: string) => ({ id, run: ['node', id], uses: { gpu: 1 } });
    const old = await planOf(
      { a: ['a'] },
      { ...uses, briefs: [{ id: 'a', run: ['node', 'a'] }, gpu('b'), gpu('c')] },
    );
    const graph = unitGraph(patchPlan(old, await planOf({ a: ['a'] }), MADE));
    expect(step(graph, initialState(graph), { kind: 'begin' })).toMatchObject({
      state: { units: 'rnn' },
      commands: [{ kind: 'start', u: 0 }],
    });
    expect(plannedWaves(graph)).toEqual([[0]]);
  });

  it('finds nothing in a plan that was only put in another order', async () => {
    const ids = ['a', 'b', 'c', 'd', 'e'];
    const old = await planOf(Object.fromEntries(ids.map((id) => [id, [id]])));
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(ids, { minLength: 5 }), async (order) => {
        const next = patchPlan(old, await planOf(Object.fromEntries(order.map((id) => [id, [id]]))), MADE);
        expect(isNothing(differenceOf(old, next))).toBe(true);
        expect(next.briefs).toEqual(old.briefs);
      }),
      { numRuns: 20 },
    );
  });

  it('keeps params as the run began with them, and takes what is new', async () => {
    const params = (...names: string[]) => ({
      params: {
        type: 'object',
        properties: Object.fromEntries(names.map((name) => [name, { type: 'string', default: 'told' }])),
      },
    });
    const old = await planOf({ a: ['{{ params.x }}'] }, params('x'));
    const began = { ...old, params: { x: 'then' } };
    const edited = {
      ...(await planOf({ a: ['{{ params.x }}'] }, params('x', 'y'))),
      params: { x: 'then', y: 'told' },
    };
    expect(patchPlan(began, edited, MADE).params).toEqual({ x: 'then', y: 'told' });
    const read = { ...began, source: { file: '/plans/p.yaml', params: { x: 'then' } } };
    expect(patchPlan(read, edited, MADE).source).toEqual({
      file: '/plans/p.yaml',
      params: { x: 'then', y: 'told' },
    });
    expect(() => patchPlan(began, { ...edited, params: { x: 'now' } }, MADE)).toThrow(/`params.x` differs/);
  });

  it('is read from its own file from then on, and leaves how many go at once as its start said', async () => {
    const at = (concurrency: number) => planOf({ a: ['a'] }, { limits: { concurrency } });
    const source = { file: '/plans/p.yaml', params: {} };
    const elsewhere = { ...(await at(8)), source: { ...source, file: '/tmp/p.yaml' } };
    const said = { ...(await at(2)), source: { ...source, concurrency: 2 } };
    expect(patchPlan(said, elsewhere, MADE)).toMatchObject({
      source: { file: '/tmp/p.yaml', concurrency: 2 },
      limits: { concurrency: 2 },
    });
    expect(patchPlan({ ...said, source }, elsewhere, MADE).limits).toEqual({ concurrency: 8 });
  });

  it('is what a run goes by already where it would change nothing, over the same files', async () => {
    const file = (digest: string) => ({ notes: [{ path: 'notes.md', digest, size: 1 }] });
    const edited = { ...(await planOf({ a: ['a'], b: ['b'] })), inputs: file('then') };
    const now = patchPlan({ ...(await planOf({ a: ['a'], c: ['c'] })), inputs: file('then') }, edited, MADE);
    expect(isAsIn(now, edited)).toBe(true);
    expect(isAsIn(now, { ...edited, inputs: file('now') })).toBe(false);
    expect(isAsIn(now, await planOf({ a: ['a'] }))).toBe(false);
    expect(isAsIn(now, { ...edited, brief: 'What else?' })).toBe(false);
  });

  it('is refused where the question is another, or a brief comes back that was taken out', async () => {
    const old = await planOf({ a: ['a'], b: ['b'] });
    const other = await planOf({ a: ['a'] }, { brief: 'What else?' });
    expect(() => patchPlan(old, other, MADE)).toThrow(/`brief` differs.*another run/);
    const without = patchPlan(old, await planOf({ a: ['a'] }), MADE);
    expect(() => patchPlan(without, old, MADE)).toThrow(/`b` was taken out of this run before/);
  });

  it('is no patch where inputs of the same name, or what workspaces began with, are others by now', async () => {
    const file = (digest: string) => ({ notes: [{ path: 'notes.md', digest, size: 1 }] });
    const old = { ...(await planOf({ a: ['a'] })), inputs: file('then'), base: { key: 'then' } as Base };
    expect(patchPlan(old, { ...old, inputs: file('now'), base: { key: 'now' } as Base }, MADE)).toMatchObject(
      {
        inputs: old.inputs,
        base: old.base,
      },
    );
    expect(() => differenceOf(old, { ...old, inputs: file('now') })).toThrow(/`inputs.notes` differs/);
    expect(() => differenceOf(old, { ...old, base: { key: 'now' } as Base })).toThrow(/`base` differs/);
  });

  it('is no patch where a brief has lost its place', async () => {
    const old = await planOf({ a: ['a'], b: ['b'] });
    expect(() => differenceOf(old, { ...old, briefs: [...old.briefs].reverse() })).toThrow(
      /has lost its place/,
    );
  });
});
