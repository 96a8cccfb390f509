import { describe, expect, it } from 'vitest';
import { sha256 } from '../../src/adapters/digest.js';
import type { SubRunEnd } from '../../src/contracts/unit.js';
import type { Report } from '../../src/core/integrate/report.js';
import type { Compiled } from '../../src/core/plan/compile.js';
import type { Brief } from '../../src/core/plan/plan.js';
import { putBytes, readValue } from '../../src/engine/artifacts.js';
import { loadPlan, storePlan } from '../../src/engine/plans.js';
import { notePatch, openRun } from '../../src/engine/runIndex.js';
import { runUnit } from '../../src/engine/runUnit.js';
import { noGraph, planOf, type Setting, setting, value } from './setting.js';

const ONCE: Pick<Brief, 'retry'> = {
  retry: { attempts: 1, backoff: { minMs: 1_000, maxMs: 1_000 }, then: 'fail' },
};
const brief = (more: Partial<Brief> = {}) =>
  planOf({
    id: 'sub',
    executor: { kind: 'plan', plan: { from: '{"some": "plan"}' }, params: {} },
    ...ONCE,
    ...more,
  });
const inner = {
  ok: true,
  plan: planOf({ id: 'a' }, { id: 'b' }),
  graph: noGraph,
  files: new Map(),
  warnings: [],
} as const satisfies Compiled;
const wrong: Compiled = {
  ok: false,
  problems: [
    { severity: 'error', path: 'briefs[0].cal', line: 6, message: 'unknown key `cal`.' },
    { severity: 'error', path: 'name', line: 2, message: 'is missing.' },
  ],
};

async function set(compiles: Compiled, more: Partial<Brief> = {}): Promise<Setting> {
  const s = await setting(brief(more), () => value('in its place'));
  return { ...s, effects: { ...s.effects, compileWithin: async () => compiles } };
}
const begin = (s: Setting, more = {}) => s.clock.until(runUnit(s.lease(more), s.effects));
/** The second half, as the workflow asks for it. */
const end = (s: Setting, within: Partial<SubRunEnd>, more = {}) =>
  begin(s, {
    holder: { dispatch: 2, attempt: 1 },
    within: { id: 'run/0/1', plan: 'p', since: 1_000, first: 'within-first', status: 'complete', ...within },
    ...more,
  });
async function reported(s: Setting, data: object, missing: readonly object[] = []): Promise<string> {
  const report = { answer: { data, missing, requirements: [] }, run: { usage: { inputTokens: 7 } } };
  const bytes = new TextEncoder().encode(JSON.stringify(report as unknown as Report));
  return (await putBytes(s.store, { bytes, type: 'application/json' }, sha256)).digest;
}

describe('what a brief that runs a plan begins', () => {
  it('is that plan, compiled and stored, in a run that is named after it; nobody has crashed', async () => {
    const s = await set(inner);
    const ended = await begin(s);
    expect(ended).toMatchObject({
      kind: 'within',
      result: { status: 'not-reached', within: { id: 'run/0/1', size: 2 } },
    });
    expect((await s.segments()).flatMap(({ rows }) => rows)).toEqual([{ row: 'released' }]);
    expect(s.tasks).toEqual([]);
  });

  it('is paid for at the prices of the run above, and is nothing where it says its own', async () => {
    const known = { 'm-1': { input: 1, output: 10, source: 'the plan' } };
    const plan = { ...brief(), prices: known };
    const compiles = (prices = {}): Compiled => ({ ...inner, plan: { ...inner.plan, prices } });
    const set = async (inner: Compiled) => {
      const s = await setting(plan, () => value('in its place'));
      return { ...s, effects: { ...s.effects, compileWithin: async () => inner } };
    };
    const s = await set(compiles());
    const ended = (await begin(s)) as { result: { within: { plan: string } } };
    expect((await loadPlan(s.store, ended.result.within.plan)).plan.prices).toEqual(known);
    const free = await set(compiles({ 'm-1': { input: 0, output: 0, source: 'the plan' } }));
    expect(await begin(free)).toMatchObject({ kind: 'ended', result: { status: 'failed' } });
    expect((await free.state()).final?.reason?.message).toMatch(/does not say what models cost/);
  });

  it('is nothing where that will not do: everything that is wrong is kept, with its line', async () => {
    const s = await set(wrong);
    expect(await begin(s)).toMatchObject({ kind: 'ended', result: { status: 'failed' } });
    const { final } = await s.state();
    expect(final?.reason).toEqual({
      type: 'InvalidPlan',
      message: expect.stringContaining(
        'line 6, briefs[0].cal: unknown key `cal`.\nline 2, name: is missing.',
      ),
    });
    expect(final?.ref && (await readValue(s.store, final.ref))).toContain('line 2, name: is missing.');
  });

  it('is its fallback, where what it was given is no plan', async () => {
    const fallback = { ...planOf({ id: 'sub' }).briefs[0]!, ...ONCE };
    const s = await set(wrong, { fallback });
    expect(await begin(s)).toMatchObject({ kind: 'again', delayMs: 1 });
    expect(await begin(s, { holder: { dispatch: 1, attempt: 2 } })).toMatchObject({
      result: { status: 'repaired' },
    });
    expect(s.tasks).toHaveLength(1);
  });

  it('is refused where it would be too deep, before it is compiled', async () => {
    const s = await set(wrong);
    const ended = await begin(s, { run: { id: 'run', first: 'first', depth: 3 } });
    expect(ended).toMatchObject({ kind: 'ended', result: { status: 'refused' } });
    expect((await s.state()).final?.reason?.message).toContain('more than 3 deep');
  });

  it('repeats the run that it had before', async () => {
    const s = await set(inner);
    await begin(s);
    await end(s, { status: 'failed', report: await reported(s, {}) });
    const ended = await begin(s, { holder: { dispatch: 3, attempt: 1 }, again: 1 });
    expect(ended).toMatchObject({
      kind: 'within',
      result: { within: { id: 'run/0/2', base: { id: 'run/0/1', first: 'within-first', plan: 'p' } } },
    });
  });

  it('goes by what that was patched to, as long as it is the plan that was patched', async () => {
    const s = await set(inner);
    const { store } = s;
    const run = { id: 'run/0/1', first: 'within-first' };
    const from = await storePlan(store, inner, sha256);
    const patch = { run: run.first, from, at: 1, added: ['c'], changed: [], removed: [], plan: [] };
    const plan = { ...planOf({ id: 'a' }, { id: 'b' }, { id: 'c' }), patches: [patch] };
    const patched = await storePlan(store, { ...inner, plan }, sha256);
    await openRun(store, { ...run, plan: from, name: 'within', brief: '', openedAt: 1 });
    await notePatch(store, run, 1, patched);
    await begin(s);
    await end(s, { status: 'failed', plan: from, report: await reported(s, {}) });
    const again = { holder: { dispatch: 3, attempt: 1 }, again: 1 };
    expect(await begin(s, again)).toMatchObject({
      result: { within: { plan: patched, size: 3, base: { ...run, plan: patched } } },
    });
    const other = { ...inner, plan: planOf({ id: 'a' }) };
    const changed = { ...s, effects: { ...s.effects, compileWithin: async () => other } };
    expect(await begin(changed, { holder: { dispatch: 3, attempt: 2 }, again: 1 })).toMatchObject({
      result: { within: { size: 1, base: { ...run, plan: patched } } },
    });
  });
});

describe('what it comes to', () => {
  it('is all that the run came to, also what is too long for its report', async () => {
    const s = await set(inner);
    await begin(s);
    const lines = new TextEncoder().encode('3\n4\n');
    const { digest, size } = await putBytes(s.store, { bytes: lines, type: 'application/jsonl' }, sha256);
    const answer = {
      ...{ data: { rows: [1, 2] }, missing: [], requirements: [], conflicts: [], duplicates: [] },
      provenance: { items: {}, files: {}, inputs: {} },
      apart: [{ at: '$.data.rows', from: 2, count: 2, parts: [{ digest, size, count: 2 }] }],
    };
    const bytes = new TextEncoder().encode(JSON.stringify({ answer, run: {} }));
    const report = await putBytes(s.store, { bytes, type: 'application/json' }, sha256);
    await end(s, { report: report.digest });
    const { final } = await s.state();
    expect(await readValue(s.store, final!.ref!)).toEqual({ rows: [1, 2, 3, 4] });
  });

  it('is the answer of that run, its usage and its time; told twice it is recorded once', async () => {
    const s = await set(inner);
    await begin(s);
    const report = await reported(s, { a: 1 });
    expect(await end(s, { report })).toMatchObject({ result: { status: 'succeeded', tries: 1 } });
    await end(s, { report, status: 'failed' }, { holder: { dispatch: 2, attempt: 2 } });
    const { final, late } = await s.state();
    expect(final).toMatchObject({
      status: 'succeeded',
      started: 1_000,
      usage: { inputTokens: 7 },
      within: { id: 'run/0/1', first: 'within-first', plan: 'p' },
    });
    expect(late).toBe(0);
    expect(final?.ref && (await readValue(s.store, final.ref))).toEqual({ a: 1 });
  });

  it('is a part, and says which holes it has', async () => {
    const s = await set(inner);
    await begin(s);
    const report = await reported(s, { a: 1 }, [{ brief: 'b', key: 'x', status: 'failed' }]);
    expect(await end(s, { report, status: 'partial' })).toMatchObject({ result: { status: 'partial' } });
    expect((await s.state()).final?.reason?.message).toContain('nothing from b[x] (failed)');
  });

  it('is judged by what is asked of its output', async () => {
    const s = await set(inner, { output: { type: 'object', required: ['b'] } });
    await begin(s);
    const ended = await end(s, { report: await reported(s, { a: 1 }) });
    expect(ended).toMatchObject({ result: { status: 'failed' }, reason: { type: 'OutputInvalid' } });
  });

  it.each([
    ['failed', 'failed', 'SubRunFailed'],
    ['cancelled', 'cancelled', 'Cancelled'],
  ] as const)('%s is %s, and what there was is kept for people', async (status, becomes, type) => {
    const s = await set(inner);
    await begin(s);
    await end(s, { status, report: await reported(s, { a: 1 }) });
    const { final } = await s.state();
    expect(final).toMatchObject({ status: becomes, reason: { type } });
    expect(final?.ref && (await readValue(s.store, final.ref))).toEqual({ a: 1 });
  });

  it.each([
    ['lost', 'failed', 'left no report. It was ended.'],
    ['cancelled', 'cancelled', 'was cancelled'],
    ['refused', 'refused', 'over 20,000 briefs'],
  ] as const)('%s without a report is %s', async (status, becomes, says) => {
    const s = await set(inner);
    await begin(s);
    await end(s, { status, why: 'It was ended.' });
    expect((await s.state()).final).toMatchObject({
      status: becomes,
      reason: { message: expect.stringContaining(says) },
    });
  });
});
