import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../src/adapters/stores/memory.js';
import type { Json, JsonObject } from '../../src/core/outcome/canonical.js';
import { Failure } from '../../src/core/outcome/failure.js';
import type { Brief } from '../../src/core/plan/plan.js';
import type { CallWork } from '../../src/core/plan/render.js';
import { expandUnit } from '../../src/engine/expandUnit.js';
import { runUnit } from '../../src/engine/runUnit.js';
import { readState } from '../../src/engine/segments.js';
import type { Store } from '../../src/ports/store.js';
import { attempt, planOf, type Setting, setting, value } from './setting.js';

const topics = (version: number): JsonObject => ({
  version,
  type: 'object',
  properties: { topics: { type: 'array', items: { type: 'string' } } },
  required: ['topics'],
});
const verdict = {
  id: 'verdict',
  needs: ['explore'],
  stdin: 'explore.output.topics',
  expects: { explore: topics(1) },
  acknowledgeMs: 60_000,
} as const;

type Written = Partial<Brief> & { readonly id: string };

/** Each brief delivers what is given for it, by its label; `verdict` what it was given. */
const delivering = (outputs: { readonly [label: string]: Json }, ...briefs: readonly Written[]) =>
  on(memoryStore(), outputs, ...briefs);
const on = (store: Store, outputs: { readonly [label: string]: Json }, ...briefs: readonly Written[]) =>
  setting(
    planOf(...briefs),
    ({ label, work }) => {
      const output = outputs[label];
      if (output === 'fails') throw new Failure('CallFailed', `${label} failed`);
      return value(output ?? ((work as CallWork).input as Json) ?? null);
    },
    store,
  );

const run = (s: Setting, u: number, k?: number, more = {}) =>
  s.clock.until(runUnit(s.lease({ u, ...(k !== undefined && { k }), ...more }), s.effects));
const expand = (s: Setting, u: number, more = {}) =>
  s.clock.until(expandUnit(s.lease({ u, ...more }), s.effects));
const rows = async (s: Setting, u: number, k?: number) =>
  (await s.segments(u, k)).flatMap(({ rows }) => rows);
const acknowledged = async (s: Setting, u: number, k?: number) => (await s.state(u, k)).inputs?.acknowledged;
const digestOf = async (s: Setting, u: number, k?: number) => (await s.state(u, k)).final?.ref?.digest;

describe('a brief that expects something of a need', () => {
  it('acknowledges what was delivered, by digest and version, before its effect begins', async () => {
    const s = await delivering(
      { explore: { topics: ['cost'] } },
      { id: 'explore', output: topics(2) },
      verdict,
    );
    await run(s, 0);
    await run(s, 1);
    expect(await acknowledged(s, 1)).toEqual({
      explore: { digests: [await digestOf(s, 0)], version: '2' },
    });
    expect((await rows(s, 1)).map(({ row }) => row)).toEqual(['inputs', 'outcome']);
  });

  it('writes no row where nothing is expected', async () => {
    const { expects: _, acknowledgeMs: __, ...plain } = verdict;
    const s = await delivering({ explore: { topics: [] } }, { id: 'explore' }, plain);
    await run(s, 0);
    await run(s, 1);
    expect((await rows(s, 1)).map(({ row }) => row)).toEqual(['outcome']);
  });

  it('fails by both names where it is not that, and is tried no second time, nor by its fallback', async () => {
    const fallback = {
      ...planOf({ id: 'verdict' }).briefs[0]!,
      executor: { kind: 'constant', value: 1 },
    } as Brief;
    const s = await delivering(
      { explore: { topics: ['cost', 7] } },
      { id: 'explore', output: { version: 2 } },
      { ...verdict, fallback },
    );
    await run(s, 0);
    expect(await run(s, 1)).toMatchObject({ kind: 'ended', result: { status: 'failed', tries: 1 } });
    expect((await s.state(1)).final?.reason).toEqual({
      type: 'ContractViolation',
      message:
        '`explore` (version 2) delivered what `verdict` (version 1) does not expect: $.topics[1] must be string. Mend `explore`, or what `verdict` `expects` of it.',
    });
    expect(s.tasks.map(({ label }) => label)).toEqual(['explore']);
  });

  it('holds it against that before its condition reads it', async () => {
    const s = await delivering(
      { explore: {} },
      { id: 'explore' },
      { ...verdict, when: 'explore.output.topics.size() > 0' },
    );
    await run(s, 0);
    await run(s, 1);
    expect((await s.state(1)).final?.reason?.type).toBe('ContractViolation');
  });

  it('that was not needed has acknowledged all the same', async () => {
    const s = await delivering(
      { explore: { topics: [] } },
      { id: 'explore' },
      { ...verdict, when: 'explore.output.topics.size() > 0' },
    );
    await run(s, 0);
    expect(await run(s, 1)).toMatchObject({ result: { status: 'not-needed' } });
    expect(await acknowledged(s, 1)).toMatchObject({ explore: { digests: [await digestOf(s, 0)] } });
  });

  it('takes nothing as nothing, where a need that failed lets it start', async () => {
    const s = await delivering(
      { explore: 'fails' },
      { id: 'explore', retry: { attempts: 1, backoff: { minMs: 0, maxMs: 0 }, then: 'missing' } },
      { ...verdict, join: 'all_done', stdin: 'explore.status' },
    );
    await run(s, 0);
    expect(await run(s, 1)).toMatchObject({ result: { status: 'succeeded' } });
    expect(await acknowledged(s, 1)).toEqual({ explore: { digests: [] } });
  });

  it('does what it would have done, under the same key', async () => {
    const { expects: _, acknowledgeMs: __, ...plain } = verdict;
    const keys = [verdict, plain].map(async (brief) => {
      const s = await delivering({ explore: { topics: ['a'] } }, { id: 'explore' }, brief);
      await run(s, 0);
      await run(s, 1);
      return [s.tasks[1]?.key, (await s.state(1)).final?.content];
    });
    const [with_, without] = await Promise.all(keys);
    expect(with_).toEqual(without);
  });
});

const list = (...items: readonly Json[]) =>
  ({ source: { kind: 'list', items }, as: 'topic', max: 1_000 }) as const;
const finding: JsonObject = { type: 'object', required: ['found'] };

describe('a re-run', () => {
  it('holds a result that is used again against what is expected of it now', async () => {
    const explore = { id: 'explore' };
    const s = await delivering({ explore: { topics: ['a'] } }, explore, verdict);
    await run(s, 0);
    await run(s, 1);
    const base = { first: 'first', plan: s.lease().plan };
    const again = async (first: string, expected: JsonObject) => {
      const next = await on(s.store, {}, explore, { ...verdict, expects: { explore: expected } });
      const more = { run: { id: 'again', first, base } };
      await run(next, 0, undefined, more);
      const ended = await run(next, 1, undefined, more);
      expect(next.tasks).toEqual([]);
      const { final } = await readState(s.store, { run: first, unit: '1' });
      return [ended.kind === 'ended' && ended.result.status, final?.reason?.type ?? final?.reused?.run];
    };
    expect(await again('second', topics(2))).toEqual(['succeeded', 'first']);
    expect(await again('third', { required: ['why'] })).toEqual(['failed', 'ContractViolation']);
  });
});

describe('of a fan-out', () => {
  it('each instance is held against it, and one that breaks it is named', async () => {
    const s = await delivering(
      { 'dig[b]': { lost: 1 }, 'dig[a]': { found: 1 } },
      { id: 'dig', forEach: list('a', 'b') },
      { id: 'sum', needs: ['dig'], expects: { dig: finding }, acknowledgeMs: 60_000 },
    );
    await expand(s, 0);
    await run(s, 0, 0);
    await run(s, 0, 1);
    await run(s, 1);
    expect((await s.state(1)).final?.reason?.message).toBe(
      "`dig[b]` delivered what `sum` does not expect: $ must have required property 'found'. Mend `dig`, or what `sum` `expects` of it.",
    );
  });

  it('only what was delivered is looked at', async () => {
    const s = await delivering(
      { 'dig[b]': 'fails', 'dig[a]': { found: 1 } },
      {
        id: 'dig',
        forEach: list('a', 'b'),
        retry: { attempts: 1, backoff: { minMs: 0, maxMs: 0 }, then: 'fail' },
      },
      { id: 'sum', needs: ['dig'], expects: { dig: finding }, acknowledgeMs: 60_000 },
    );
    await expand(s, 0);
    await run(s, 0, 0);
    await run(s, 0, 1);
    expect(await run(s, 1)).toMatchObject({ result: { status: 'succeeded' } });
    expect(await acknowledged(s, 1)).toEqual({ dig: { digests: [await digestOf(s, 0, 0)] } });
  });

  it('that fans out over it, the fan takes it once and its instances do not again', async () => {
    const s = await delivering(
      { explore: { topics: ['a', 'b'] } },
      { id: 'explore' },
      {
        ...verdict,
        stdin: 'it',
        forEach: { source: { kind: 'in', cel: 'explore.output.topics' }, as: 'it', max: 9 },
      },
    );
    await run(s, 0);
    expect(await expand(s, 1)).toMatchObject({ status: 'expanded', count: 2 });
    expect(await acknowledged(s, 1)).toMatchObject({ explore: { digests: [await digestOf(s, 0)] } });
    await run(s, 1, 0);
    expect((await rows(s, 1, 0)).map(({ row }) => row)).toEqual(['outcome']);
  });

  it('that fans out over it, a breach fails the fan before it has instances', async () => {
    const s = await delivering(
      { explore: { topics: 'a' } },
      { id: 'explore' },
      {
        ...verdict,
        stdin: 'it',
        forEach: { source: { kind: 'in', cel: 'explore.output.topics' }, as: 'it', max: 9 },
      },
    );
    await run(s, 0);
    expect(await expand(s, 1)).toMatchObject({ status: 'failed' });
    expect((await s.state(1)).final?.reason).toMatchObject({ type: 'ContractViolation' });
  });

  it('that is paired with it, instance k takes the output of instance k', async () => {
    const each = { source: { kind: 'each', brief: 'dig' }, as: 'it', max: 9 } as const;
    const s = await delivering(
      { 'dig[b]': { lost: 1 }, 'dig[a]': { found: 1 } },
      { id: 'dig', forEach: list('a', 'b') },
      { id: 'check', needs: ['dig'], forEach: each, expects: { dig: finding }, acknowledgeMs: 60_000 },
    );
    await expand(s, 0);
    await expand(s, 1);
    for (const k of [0, 1]) await run(s, 0, k);
    expect(await run(s, 1, 0)).toMatchObject({ result: { status: 'succeeded' } });
    expect(await acknowledged(s, 1, 0)).toEqual({ dig: { digests: [await digestOf(s, 0, 0)] } });
    expect(await run(s, 1, 1)).toMatchObject({ result: { status: 'failed' } });
    expect(await acknowledged(s, 1)).toBeUndefined();
  });
});

describe('a brief that does not acknowledge', () => {
  const message =
    '`verdict` has not acknowledged what `explore` delivered within 60 s of being started (`acknowledge`). Was a worker free, and can it read the store? `muster doctor` shows that; then give it more time, or the run more workers.';

  /** From when it is to hang, whatever is read of that brief’s log does not come. */
  function hanging(store: Store) {
    const state = { hangs: false };
    const hung: Store = {
      ...store,
      read: (name, range) =>
        state.hangs && name.includes('/0_') ? new Promise(() => undefined) : store.read(name, range),
    };
    return { store: hung, state };
  }

  it('because reading it hangs is stopped in time, by both names, and not tried again', async () => {
    const { store, state } = hanging(memoryStore());
    const s = await on(store, { explore: { topics: [] } }, { id: 'explore' }, verdict);
    await run(s, 0);
    state.hangs = true;
    const begun = s.clock.now();
    expect(await run(s, 1)).toMatchObject({ kind: 'ended', result: { status: 'failed' } });
    expect(s.clock.now() - begun).toBe(60_000);
    expect((await s.state(1)).final?.reason).toEqual({ type: 'TimedOut', message });
  });

  it.each([1, 3])(
    'because no worker took it up in time ends as soon as one does, as holder %i',
    async (n) => {
      const s = await delivering(
        { explore: { topics: [] } },
        { id: 'explore' },
        { ...verdict, effect: 'once' },
      );
      await run(s, 0);
      const scheduledAt = s.clock.now();
      s.clock.pass(60_000);
      expect(await run(s, 1, undefined, { scheduledAt, ...attempt(n) })).toMatchObject({
        result: { status: 'failed' },
      });
      expect((await s.state(1)).final).toMatchObject({
        verdict: 'timed-out',
        reason: { type: 'TimedOut', message },
      });
      expect(s.tasks).toHaveLength(1);
    },
  );

  it('as a fan ends before it is expanded', async () => {
    const s = await delivering(
      { explore: { topics: [] } },
      { id: 'explore' },
      { ...verdict, forEach: { source: { kind: 'in', cel: 'explore.output.topics' }, as: 'it', max: 9 } },
    );
    await run(s, 0);
    const scheduledAt = s.clock.now();
    s.clock.pass(60_000);
    expect(await expand(s, 1, { scheduledAt })).toMatchObject({ status: 'failed' });
    expect((await s.state(1)).final?.reason).toEqual({ type: 'TimedOut', message });
  });

  it('in time is one thing: what is done after it has the time that it has', async () => {
    let acts = 0;
    const s = await setting(planOf({ id: 'explore' }, verdict), ({ label }) => {
      if (label === 'verdict' && ++acts === 1) throw new Failure('CallFailed', 'once');
      return value({ topics: [] });
    });
    await run(s, 0);
    const scheduledAt = s.clock.now();
    expect(await run(s, 1, undefined, { scheduledAt })).toMatchObject({ kind: 'again' });
    s.clock.pass(120_000);
    expect(await run(s, 1, undefined, { scheduledAt, ...attempt(2) })).toMatchObject({
      result: { status: 'succeeded', tries: 2 },
    });
  });
});
