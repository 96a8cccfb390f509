import { describe, expect, it, vi } from 'vitest';
import type { Json } from '../../src/core/outcome/canonical.js';
import { Failure } from '../../src/core/outcome/failure.js';
import type { Plan } from '../../src/core/plan/plan.js';
import type { CallWork } from '../../src/core/plan/render.js';
import { expandUnit } from '../../src/engine/expandUnit.js';
import { keysOfFans } from '../../src/engine/outputs.js';
import { runUnit } from '../../src/engine/runUnit.js';
import { attempt, planOf, type Setting, setting, value } from './setting.js';

const list = (...items: readonly Json[]) =>
  ({ source: { kind: 'list', items }, as: 'topic', max: 1_000 }) as const;
const over = (cel: string, more = {}) =>
  ({ source: { kind: 'in', cel }, as: 'it', max: 1_000, ...more }) as const;
const once = { attempts: 1, backoff: { minMs: 0, maxMs: 0 }, then: 'fail' } as const;

const expand = (s: Setting, u = 0, more = {}) => expandUnit(s.lease({ u, ...more }), s.effects);
const run = (s: Setting, u: number, k?: number, more = {}) =>
  s.clock.until(runUnit(s.lease({ u, ...(k !== undefined && { k }), ...more }), s.effects));
const inputOf = (s: Setting, nth: number) => (s.tasks[nth]?.work as CallWork | undefined)?.input;

const echo = (plan: Plan) =>
  setting(plan, ({ work, label }) => {
    const { input } = work as CallWork;
    if (input === 'bad') throw new Failure('CallFailed', `${label} failed`);
    return value({ got: input });
  });

describe('a fan', () => {
  it('is recorded with keys and items, and its instances get their own item and label', async () => {
    const s = await echo(planOf({ id: 'dig', forEach: list('cost', 'licence') }));
    expect(await expand(s)).toMatchObject({ status: 'expanded', count: 2 });
    await run(s, 0, 1);
    expect(s.tasks[0]).toMatchObject({ label: 'dig[licence]' });
    expect(inputOf(s, 0)).toBe('licence');
    expect((await s.state(0, 1)).final).toMatchObject({ brief: 'dig', key: 'licence', status: 'succeeded' });
    expect(await keysOfFans(s.store, 'first', [0, 5])).toEqual({ 0: ['cost', 'licence'] });
  });

  it('expanded again, by whoever, is the same: what is recorded stands', async () => {
    const s = await echo(planOf({ id: 'dig', forEach: list('a', 'b') }));
    const [one, two] = await Promise.all([expand(s), expand(s, 0, attempt(2))]);
    expect(two).toEqual(one);
    expect(await expand(s, 0, attempt(3))).toEqual(one);
    expect((await s.segments()).flatMap(({ rows }) => rows)).toHaveLength(1);
  });

  it('over its maximum is refused, and the log says why', async () => {
    const s = await echo(planOf({ id: 'dig', forEach: { ...list('a', 'b', 'c'), max: 2 } }));
    expect(await expand(s)).toEqual({ status: 'refused', count: 0 });
    expect((await s.state()).final).toMatchObject({
      try: 0,
      status: 'refused',
      reason: { type: 'InvalidInput' },
    });
    expect(await expand(s, 0, attempt(2))).toEqual({ status: 'refused', count: 0 });
  });

  it('over its maximum, where the first may begin, is recorded with all keys and how many that are', async () => {
    const wide = { ...list('a', 'b', 'c'), max: 2, overflow: 'first' } as const;
    const s = await echo(
      planOf({ id: 'dig', forEach: wide }, { id: 'sum', needs: ['dig'], stdin: 'dig.output' }),
    );
    expect(await expand(s)).toMatchObject({ status: 'expanded', count: 3, first: 2 });
    expect(await expand(s, 0, attempt(2))).toMatchObject({ status: 'expanded', count: 3, first: 2 });
    expect((await s.state()).expansion).toMatchObject({ keys: ['a', 'b', 'c'], first: 2 });
    await run(s, 0, 0);
    await run(s, 1);
    const seen = inputOf(s, 1) as readonly { readonly key: string; readonly status: string }[];
    expect(seen.map(({ key, status }) => `${key} ${status}`)).toEqual([
      'a succeeded',
      'b skipped',
      'c refused',
    ]);
  });

  it('with two items of one key fails', async () => {
    const s = await echo(planOf({ id: 'dig', forEach: list('a', 'a') }));
    expect(await expand(s)).toEqual({ status: 'failed', count: 0 });
  });

  it('whose condition is false is not needed; one that asks about the item is left to the instances', async () => {
    const s = await echo(
      planOf(
        { id: 'dig', forEach: list('a'), when: 'false' },
        { id: 'pick', forEach: list('a', 'b'), when: 'topic == "b"' },
      ),
    );
    expect(await expand(s, 0)).toEqual({ status: 'not-needed', count: 0 });
    expect(await expand(s, 1)).toMatchObject({ status: 'expanded', count: 2 });
    expect(await run(s, 1, 0)).toMatchObject({ result: { status: 'not-needed' } });
    expect(await run(s, 1, 1)).toMatchObject({ result: { status: 'succeeded' } });
  });

  it('paired with another has its keys and items, and each instance sees only its own of the other', async () => {
    const s = await echo(
      planOf(
        { id: 'dig', forEach: list('a', 'b') },
        {
          id: 'check',
          needs: ['dig'],
          forEach: { source: { kind: 'each', brief: 'dig' }, as: 'topic', max: 1_000 },
          when: 'dig.output.got != ""',
          stdin: '[topic, dig.output.got, dig.status]',
        },
      ),
    );
    await expand(s, 0);
    await run(s, 0, 1);
    expect(await expand(s, 1)).toMatchObject({ status: 'expanded', count: 2 });
    await run(s, 1, 1);
    expect(inputOf(s, 1)).toEqual(['b', 'b', 'succeeded']);
    expect((await s.state(1, 1)).inputs).toBeUndefined();
  });

  it('keeps small items in its row and the bulk of large ones by digest', async () => {
    const items = Array.from({ length: 40 }, (_, i) => ({ id: i, text: `${i}`.repeat(25_000) }));
    const s = await echo(planOf({ id: 'dig', forEach: { ...list(...items), key: 'topic.id' } }));
    await expand(s);
    const row = (await s.state()).expansion;
    const inside = row?.items.filter(({ at }) => at) ?? [];
    expect(inside.reduce((sum, { size }) => sum + size, 0)).toBeLessThanOrEqual(1024 * 1024);
    expect(inside.length).toBeGreaterThan(0);
    await run(s, 0, 39);
    expect(inputOf(s, 0)).toEqual(items[39]);
  });
});

describe('what a brief gets of the briefs it needs', () => {
  it('of a brief, status and output', async () => {
    const s = await echo(
      planOf({ id: 'one', stdin: '"x"' }, { id: 'two', needs: ['one'], stdin: '[one.status, one.output]' }),
    );
    await run(s, 0);
    await run(s, 1);
    expect(inputOf(s, 1)).toEqual(['succeeded', { got: 'x' }]);
    expect(await s.segments(1)).toHaveLength(1);
  });

  it('of a fan, every instance in input order, with no output where there is none', async () => {
    const s = await echo(
      planOf(
        { id: 'dig', forEach: list('a', 'bad', 'c'), retry: once },
        { id: 'sum', needs: ['dig'], stdin: 'dig.output' },
      ),
    );
    await expand(s, 0);
    await run(s, 0, 1);
    await run(s, 0, 0);
    await run(s, 1); // c was never started
    expect(inputOf(s, 2)).toEqual([
      { key: 'a', status: 'succeeded', output: { got: 'a' } },
      { key: 'bad', status: 'failed', output: null },
      { key: 'c', status: 'skipped', output: null },
    ]);
    const { inputs } = await s.state(1);
    expect(inputs?.inputs.dig?.map(({ key, status }) => [key, status])).toEqual([
      ['a', 'succeeded'],
      ['bad', 'failed'],
      ['c', 'skipped'],
    ]);
  });

  it('is recorded before the effect, and a later holder gets the same, though an instance came late', async () => {
    const s = await echo(
      planOf({ id: 'dig', forEach: list('a', 'late') }, { id: 'sum', needs: ['dig'], stdin: 'dig.output' }),
    );
    await expand(s, 0);
    await run(s, 0, 0);
    const dies = { ...s.effects.executors, call: () => new Promise<never>(() => undefined) };
    void runUnit(s.lease({ u: 1 }), { ...s.effects, executors: dies });
    await new Promise((then) => setTimeout(then, 20));
    await run(s, 0, 1);
    await run(s, 1, undefined, attempt(2));
    expect(inputOf(s, 2)).toMatchObject([
      { status: 'succeeded' },
      { key: 'late', status: 'skipped', output: null },
    ]);
  });

  it('is recorded once for all instances of a fan, and read once', async () => {
    const s = await echo(
      planOf(
        { id: 'dig', forEach: list(...Array.from({ length: 50 }, (_, i) => `t${i}`)) },
        {
          id: 'mend',
          needs: ['dig'],
          forEach: over('dig.output.filter(one, one.status == "succeeded")', { key: 'it.key' }),
          stdin: 'dig.output.size()',
        },
      ),
    );
    await expand(s, 0);
    for (let k = 0; k < 50; k++) await run(s, 0, k);
    expect(await expand(s, 1)).toMatchObject({ count: 50 });
    const read = vi.spyOn(s.store, 'read');
    const parse = vi.spyOn(JSON, 'parse');
    await Promise.all(Array.from({ length: 50 }, (_, k) => run(s, 1, k)));
    expect(inputOf(s, 99)).toBe(50);
    expect(parse.mock.calls.length).toBeLessThan(500); // one by one it would be 2,500
    parse.mockRestore();
    // Whether each log goes on, asked once and not by every instance.
    expect(read.mock.calls.filter(([name]) => /\/0\.\d+_/.test(name)).length).toBe(50);
    expect((await s.segments(1, 7)).flatMap(({ rows }) => rows.map(({ row }) => row))).toEqual(['outcome']);
  });

  it('that the store has lost is said, not taken for nothing', async () => {
    const s = await echo(planOf({ id: 'one' }, { id: 'two', needs: ['one'] }));
    await expect(run(s, 1)).rejects.toMatchObject({
      type: 'StoreUnavailable',
      message: expect.stringContaining('The outcome of one is not in this store'),
    });
  });
});
