import { describe, expect, it } from 'vitest';
import { nameOf } from '../../src/core/graph/node.js';
import { Failure } from '../../src/core/outcome/failure.js';
import type { Said } from '../../src/core/outcome/said.js';
import type { Brief, Plan } from '../../src/core/plan/plan.js';
import { batchUnit } from '../../src/engine/batch/batchUnit.js';
import { expandUnit } from '../../src/engine/expandUnit.js';
import { beginPurse, openPurse, purseOf } from '../../src/engine/purses.js';
import { runUnit } from '../../src/engine/runUnit.js';
import type { Batches, BatchRequest } from '../../src/ports/batches.js';
import { attempt, planOf, type Setting, setting, value } from './setting.js';

const fan = (items: number): Plan => ({
  ...planOf({
    id: 'number',
    executor: { kind: 'ask', text: 'Number {{ item }}.' },
    forEach: {
      source: { kind: 'list', items: Array.from({ length: items }, (_, n) => `${n}`) },
      as: 'item',
      max: 1_000,
    },
    maxTokens: 100,
    batch: { byMs: 3_600_000 },
  }),
  models: { default: 'm-1' },
  prices: { 'm-1': { input: 2, output: 10, source: 'the plan' } },
});
const USAGE = { model: 'm-1', inputTokens: 100, outputTokens: 10 };
const HALF = (100 * 2 + 10 * 10) / 1e6 / 2;

interface Provider extends Batches {
  readonly taken: Map<string, { readonly name: string; readonly requests: readonly BatchRequest[] }>;
  readonly cancelled: string[];
}
/** Answers each request of the text it is about; `sent` may fail after the batch was taken. */
function provider(sent: (nth: number) => void = () => {}, isOver = () => true): Provider {
  const taken: Provider['taken'] = new Map();
  const cancelled: string[] = [];
  return {
    taken,
    cancelled,
    sizeOf: () => 1,
    async send(name, requests) {
      const id = `id-${taken.size + 1}`;
      taken.set(id, { name, requests });
      sent(taken.size);
      return id;
    },
    find: async (name) => [...taken].find(([, one]) => one.name === name)?.[0],
    look: async () => ({ isOver: isOver(), answered: 0 }),
    answers: async (id) =>
      taken.get(id)!.requests.map(({ key, work }) => ({
        key,
        said: { text: work.messages.at(-1)!.content, refusal: '', finish: 'stop', usage: USAGE },
      })),
    cancel: async (id) => void cancelled.push(id),
    forget: async () => {},
    effectOf: async (_, { text, usage }: Said) => ({ output: { text }, usage }),
  };
}

const go = (s: Setting, batches: Batches, n = 1, more = {}) =>
  s.clock.until(batchUnit(s.lease({ ...attempt(n), ...more }), { ...s.effects, batches }, undefined));
const expanded = (s: Setting) => s.clock.until(expandUnit(s.lease(), s.effects));
const purse = async (s: Setting) => (await openPurse(s.store, purseOf('first'))).state;

describe('a fan-out that is asked in batches', () => {
  it('finds each answer with the instance that asked, at the batch price, and asks nobody else', async () => {
    const s = await setting(fan(30), () => value('asked directly'));
    await expanded(s);
    const batches = provider();
    expect(await go(s, batches)).toEqual({ answered: 30 });
    for (let k = 0; k < 30; k++) {
      await s.clock.until(runUnit(s.lease({ k }), { ...s.effects, batches }));
      const { final } = await s.state(0, k);
      expect(final, nameOf({ u: 0, k })).toMatchObject({ status: 'succeeded', try: 1, usage: USAGE });
    }
    expect(s.tasks).toHaveLength(0);
    const { calls, batched, spent, open } = await purse(s);
    expect({ calls, batched, open: open.size }).toEqual({ calls: 30, batched: 30, open: 0 });
    expect(spent.usd).toBeCloseTo(30 * HALF, 12);
  });

  it('is not sent again by whoever takes it up after its worker fell silent over sending it', async () => {
    const s = await setting(fan(3), () => value('asked directly'));
    await expanded(s);
    const batches = provider((nth) => {
      if (nth === 1) throw new Error('the worker is gone');
    });
    await expect(go(s, batches)).rejects.toThrow('the worker is gone');
    expect(await go(s, batches, 2)).toEqual({ answered: 3 });
    expect(batches.taken.size).toBe(1);
    expect(await purse(s)).toMatchObject({ calls: 3, guessed: 0 });
  });

  it('sends as many as may be paid for, and the next when those have told what they took', async () => {
    const s = await setting(fan(40), () => value('asked directly'));
    await expanded(s);
    // Each is expected to take far more than it does.
    await beginPurse(s.store, purseOf('first'), { limit: { tokens: 40 * 110 + 300 } });
    const batches = provider();
    expect(await go(s, batches)).toEqual({ answered: 40 });
    expect(batches.taken.size).toBeGreaterThan(1);
    expect(await purse(s)).toMatchObject({ calls: 40, spent: { tokens: 40 * 110 } });
  });

  it('asks for what has not come by its time directly, and has the batch stopped', async () => {
    const s = await setting(fan(2), () => value('asked directly'));
    await expanded(s);
    const batches = provider(undefined, () => false);
    expect(await go(s, batches)).toEqual({ answered: 0 });
    expect(batches.cancelled).toContain('id-1');
    await s.clock.until(runUnit(s.lease({ k: 1 }), { ...s.effects, batches }));
    expect(s.tasks).toHaveLength(1);
  });

  it('has what is under way stopped when it is cancelled itself', async () => {
    const s = await setting(fan(2), () => value('asked directly'));
    await expanded(s);
    const stop = new AbortController();
    const batches = provider(undefined, () => {
      stop.abort();
      return false;
    });
    const how = { signal: stop.signal, abortedBecause: () => 'cancelled' as const };
    await expect(go(s, batches, 1, how)).rejects.toThrow();
    expect(batches.cancelled).toEqual(['id-1']);
    expect(await purse(s)).toMatchObject({ guessed: 2, reserved: { tokens: 0 } });
  });

  it('is left to be asked directly by a provider that takes no batch, which is on record', async () => {
    const s = await setting(fan(2), () => value('asked directly'));
    await expanded(s);
    const batches = provider(() => {
      throw new Failure('InvalidInput', 'It has no Batch API.');
    });
    expect(await go(s, batches)).toEqual({ answered: 0 });
    expect(await purse(s)).toMatchObject({ calls: 0, unbatched: 'It has no Batch API.' });
  });

  it('is asked directly at once where there is no credit left: nobody waits for that', async () => {
    const s = await setting(fan(2), () => value('asked directly'));
    await expanded(s);
    const from = s.clock.now();
    const batches = provider(() => {
      throw new Failure('ModelRateLimited', 'There is no credit.', { permanent: true });
    });
    expect(await go(s, batches)).toEqual({ answered: 0 });
    expect(s.clock.now() - from).toBeLessThan(60_000);
    expect(await purse(s)).toMatchObject({ calls: 0, unbatched: 'There is no credit.' });
  });

  it.each(['look', 'answers'] as const)(
    'is left to be asked directly where nobody can hear of its batch any more (`%s`), which counts as it was expected to',
    async (what) => {
      const s = await setting(fan(2), () => value('asked directly'));
      await expanded(s);
      const from = s.clock.now();
      const gone = async () => {
        throw new Failure('ModelAuth', 'It did not accept the key.');
      };
      const batches = { ...provider(), [what]: gone };
      expect(await go(s, batches)).toEqual({ answered: 0 });
      expect(s.clock.now() - from).toBeLessThan(60_000);
      expect(batches.cancelled).toEqual(['id-1']);
      const { spent, ...rest } = await purse(s);
      expect(rest).toMatchObject({ calls: 2, guessed: 2, unbatched: 'It did not accept the key.' });
      expect(rest.open.size).toBe(0);
      expect(spent.tokens).toBeGreaterThan(200);
    },
  );

  it('has what the provider took stopped, though it was cancelled before it heard how that is called', async () => {
    const s = await setting(fan(2), () => value('asked directly'));
    await expanded(s);
    const stop = new AbortController();
    const batches = provider(() => {
      stop.abort();
      throw new Failure('Cancelled', 'It was stopped.');
    });
    const how = { signal: stop.signal, abortedBecause: () => 'cancelled' as const };
    await expect(go(s, batches, 1, how)).rejects.toThrow();
    expect(batches.cancelled).toEqual(['id-1']);
    expect(await purse(s)).toMatchObject({ calls: 2, guessed: 2, reserved: { tokens: 0 } });
  });

  it('counts as guessed those that do not say what they took, and no others', async () => {
    const s = await setting(fan(3), () => value('asked directly'));
    await expanded(s);
    const batches = provider();
    const some: Batches = {
      ...batches,
      answers: async (id, signal) =>
        (await batches.answers(id, signal)).map((one, n) =>
          'said' in one && n === 1 ? { ...one, said: { ...one.said, usage: {} } } : one,
        ),
    };
    await go(s, some);
    expect(await purse(s)).toMatchObject({ calls: 3, guessed: 1 });
  });

  it('is asked in no batch where the budget is in dollars and nobody knows what it costs', async () => {
    const { prices: _, ...plan } = fan(2);
    const s = await setting(plan, () => value('asked directly'));
    await expanded(s);
    await beginPurse(s.store, purseOf('first'), { limit: { usd: 1 } });
    const batches = provider();
    expect(await go(s, batches)).toEqual({ answered: 0 });
    expect(batches.taken.size).toBe(0);
  });

  it('leaves nothing of a batch at a provider that refused it', async () => {
    const s = await setting(fan(2), () => value('asked directly'));
    await expanded(s);
    const forgotten: string[] = [];
    const batches: Batches = {
      ...provider(),
      look: async () => ({ isOver: true, answered: 0, refused: 'It took no batch.' }),
      forget: async (id) => void forgotten.push(id),
    };
    await go(s, batches);
    expect(forgotten).toEqual(['id-1']);
  });

  it('is sent again once there is room at its provider, and in halves where nothing else is under way', async () => {
    const s = await setting(fan(12), () => value('asked directly'));
    await expanded(s);
    const all = provider();
    const refused = { isOver: true, answered: 0, refused: 'Too much waits.', noRoom: true } as const;
    const sizeOf = (id: string) => all.taken.get(id)!.requests.length;
    const batches: Batches = {
      ...all,
      look: async (id) => (sizeOf(id) > 3 ? refused : { isOver: true, answered: 0 }),
    };
    expect(await go(s, batches)).toEqual({ answered: 12 });
    expect([...all.taken.keys()].map(sizeOf)).toEqual([12, 6, 6, 3, 3, 3, 3]);
    const { calls, batched, unbatched } = await purse(s);
    expect({ calls, batched, unbatched }).toEqual({ calls: 12, batched: 12, unbatched: undefined });
  });

  it('is asked directly where there is no room at its provider for a single one', async () => {
    const s = await setting(fan(2), () => value('asked directly'));
    await expanded(s);
    const batches: Batches = {
      ...provider(),
      look: async () => ({ isOver: true, answered: 0, refused: 'Too much waits.', noRoom: true }),
    };
    expect(await go(s, batches)).toEqual({ answered: 0 });
    expect(await purse(s)).toMatchObject({ calls: 0, unbatched: 'Too much waits.' });
  });

  it('waits with what there was no room for until something that is under way is over', async () => {
    const s = await setting(fan(4), () => value('asked directly'));
    await expanded(s);
    const batches = provider();
    const before: number[] = [];
    const busy: Batches = {
      ...batches,
      // Two go in a file; the first is done with its third look, and meanwhile there is room for no other.
      sizeOf: () => 7 * 1024 * 1024,
      look: async (id) => {
        if (id === 'id-1') before.push(batches.taken.size);
        const refused = { isOver: true, answered: 0, refused: 'Too much waits.', noRoom: true } as const;
        if (before.length > 2) return { isOver: true, answered: 0 };
        return id === 'id-1' ? { isOver: false, answered: 0 } : refused;
      },
    };
    expect(await go(s, busy)).toEqual({ answered: 4 });
    expect(before).toEqual([2, 2, 2]);
    expect([...batches.taken.values()].map(({ requests }) => requests.length)).toEqual([2, 2, 1, 1]);
  });

  it('asks in no batch about what is done already', async () => {
    const s = await setting(fan(3), () => value('asked directly'));
    await expanded(s);
    await s.clock.until(runUnit(s.lease({ k: 1 }), s.effects));
    const batches = provider();
    expect(await go(s, batches)).toEqual({ answered: 2 });
    expect([...batches.taken.values()].map(({ requests }) => requests.length)).toEqual([2]);
  });
});

describe('a single brief', () => {
  const single = (more: Partial<Brief> = {}): Plan => ({
    ...planOf({
      id: 'number',
      executor: { kind: 'ask', text: 'Number 7.' },
      maxTokens: 100,
      batch: { byMs: 3_600_000 },
      ...more,
    }),
    models: { default: 'm-1' },
  });

  it('is a batch of one, and takes its answer', async () => {
    const s = await setting(single(), () => value('asked directly'));
    const batches = provider();
    expect(await go(s, batches)).toEqual({ answered: 1 });
    expect([...batches.taken.values()].map(({ requests }) => requests.length)).toEqual([1]);
    await s.clock.until(runUnit(s.lease(), { ...s.effects, batches }));
    expect((await s.state()).final).toMatchObject({ status: 'succeeded', try: 1, usage: USAGE });
    expect(s.tasks).toHaveLength(0);
    expect(await purse(s)).toMatchObject({ calls: 1, batched: 1 });
  });

  it('whose answer is rejected asks directly for a better one, and pays for both', async () => {
    const s = await setting(single({ accept: [{ kind: 'cel', cel: 'output == "fine"' }] }), () => ({
      output: { text: 'fine' },
      usage: USAGE,
    }));
    const batches = provider();
    await go(s, batches);
    const all = { ...s.effects, batches };
    await s.clock.until(runUnit(s.lease(), all));
    s.clock.pass(60_000);
    await s.clock.until(runUnit(s.lease(attempt(2)), all));
    expect((await s.state()).final).toMatchObject({ status: 'succeeded', try: 2 });
    expect(s.tasks).toHaveLength(1);
    expect(await purse(s)).toMatchObject({ calls: 2, batched: 1 });
  });

  it('whose result is used again goes in no batch, and its judge is asked by nobody', async () => {
    const judged = single({
      cacheMs: 3_600_000,
      accept: [{ kind: 'judge', model: 'default', says: 'It is right.' }],
    });
    const s = await setting(judged, ({ label }) =>
      label.startsWith('the judge') ? value({ holds: true, finding: '' }) : { output: { text: '7' } },
    );
    await s.clock.until(runUnit(s.lease(), s.effects));
    expect(s.tasks).toHaveLength(2);
    const batches = provider();
    const another = { run: { id: 'run', first: 'second' } };
    expect(await go(s, batches, 1, another)).toEqual({ answered: 0 });
    expect(batches.taken.size).toBe(0);
    await s.clock.until(runUnit(s.lease(another), { ...s.effects, batches }));
    expect(s.tasks).toHaveLength(2);
  });
});

it('whoever waits for a provider that does not take a batch says so', async () => {
  const s = await setting(fan(2), () => value('asked directly'));
  await expanded(s);
  const batches: Batches = {
    ...provider(),
    find: async () => undefined,
    send: async () => {
      throw new Failure('ModelUnavailable', 'It fails.');
    },
  };
  await go(s, batches);
  expect(s.beats.map(({ note }) => note)).toContain('batch: its provider does not take it yet');
  expect(await purse(s)).toMatchObject({ calls: 0, reserved: { tokens: 0 } });
});
