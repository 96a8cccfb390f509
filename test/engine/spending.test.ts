import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../src/adapters/stores/memory.js';
import { Failure } from '../../src/core/outcome/failure.js';
import type { Brief, Budget, Plan } from '../../src/core/plan/plan.js';
import { askOfIntegrator, settleOver } from '../../src/engine/payers.js';
import { beginPurse, openPurse, purseOf } from '../../src/engine/purses.js';
import { runUnit } from '../../src/engine/runUnit.js';
import type { Effect, Executor, Task } from '../../src/ports/executor.js';
import type { Store } from '../../src/ports/store.js';
import { attempt, planOf, type Setting, setting } from './setting.js';

const ASK = { executor: { kind: 'ask', text: 'Which?' }, maxTokens: 100 } as const;
const PRICES = { 'm-1': { input: 1, output: 10, source: 'the plan' } };

const asked = (more: Partial<Brief> = {}, plan: Partial<Plan> = {}): Plan => ({
  ...planOf({ id: 'verdict', ...ASK, ...more }),
  models: { default: 'm-1' },
  prices: PRICES,
  ...plan,
});
const told = (output = 40): Effect => ({
  output: { text: 'Temporal' },
  usage: { inputTokens: 60, outputTokens: output, model: 'm-1' },
});
const go = (s: Setting, n = 1, u = 0) => s.clock.until(runUnit(s.lease({ ...attempt(n), u }), s.effects));

async function limited(s: Setting, { soft, pause, ...limit }: Budget): Promise<void> {
  const how = { limit, ...(soft !== undefined && { soft }), ...(pause && { pause }) };
  await beginPurse(s.store, purseOf(s.lease().run.first), how);
}
const purse = async (s: Setting) => (await openPurse(s.store, purseOf(s.lease().run.first))).state;

describe('what models may cost', () => {
  it('counts what every call took, limited or not', async () => {
    const s = await setting(asked(), () => told());
    await go(s);
    expect(await purse(s)).toMatchObject({
      calls: 1,
      spent: { tokens: 100, usd: 60e-6 + 400e-6 },
      guessed: 0,
      reserved: { tokens: 0, usd: 0 },
    });
  });

  it('is on record before a call is made', async () => {
    const s = await setting(asked(), async () => {
      expect((await purse(s)).open.size).toBe(1);
      return told();
    });
    await go(s);
    expect((await purse(s)).open.size).toBe(0);
  });

  it('makes a brief over budget whose call does not fit any more, and asks nobody', async () => {
    const s = await setting(asked(), () => told());
    await limited(s, { tokens: 50 });
    expect(await go(s)).toMatchObject({ kind: 'ended', result: { status: 'over-budget', tries: 1 } });
    expect(s.tasks).toHaveLength(0);
    const { final } = await s.state();
    expect(final?.reason).toMatchObject({ type: 'OverBudget' });
    expect(final?.reason?.message).toMatch(
      /^verdict is over budget: 0 of 50 tokens spent, and its next call/,
    );
  });

  it('counts tries that were in vain, at what they told of', async () => {
    const s = await setting(asked({ retry: tries(3) }), (_, n) => {
      if (n < 3) throw new Failure('ModelRefused', 'no', { usage: { inputTokens: 60, outputTokens: 5 } });
      return told();
    });
    await throughAll(s);
    expect(await purse(s)).toMatchObject({ calls: 3, spent: { tokens: 65 + 65 + 100 } });
  });

  it('takes nothing for a call that was turned away, and all that was kept for one that nobody heard the end of', async () => {
    const s = await setting(asked({ retry: tries(3) }), (_, n) => {
      if (n === 1) throw new Failure('ModelRateLimited', 'later');
      if (n === 2) throw new Failure('ModelUnavailable', 'cut', { partial: 'Temp', usage: {} });
      return told();
    });
    await throughAll(s);
    const { calls, guessed, spent } = await purse(s);
    expect({ calls, guessed }).toEqual({ calls: 3, guessed: 1 });
    expect(spent.tokens).toBeGreaterThan(100 + 100);
    expect(spent.tokens).toBeLessThan(100 + 100 + 200);
  });

  it('takes nothing for a call that was stopped while it waited for its turn: it was not made', async () => {
    const s = await setting(asked(), () => {
      throw new Failure('Cancelled', 'stopped', { unbegun: true });
    });
    await go(s);
    expect(await purse(s)).toMatchObject({ calls: 0, guessed: 0, spent: { tokens: 0 }, open: new Map() });
  });

  it('counts an answer of a model that stood in at the price of that model, or as a guess where nobody knows that', async () => {
    const prices = { ...PRICES, 'm-2': { input: 100, output: 1_000, source: 'the plan' } };
    for (const [insteadOf, usd, guessed] of [
      ['m-2', 60 * 100e-6 + 40 * 1_000e-6, 0],
      ['m-3', 60e-6 + 400e-6, 1],
    ] as const) {
      const s = await setting(asked({}, { prices }), () => ({ ...told(), asked: insteadOf }));
      await go(s);
      expect(await purse(s)).toMatchObject({ calls: 1, guessed, spent: { tokens: 100, usd } });
      const { final } = await s.state();
      expect(final?.status).toBe('succeeded');
    }
  });

  it('settles what a worker left open that fell silent, once somebody takes up what it began', async () => {
    const store = memoryStore();
    const first = await setting(asked(), () => new Promise<never>(() => undefined), store);
    void runUnit(first.lease(attempt(1)), first.effects);
    await expect.poll(async () => (await purse(first)).open.size).toBe(1);
    const next = await setting(asked(), () => told(), store);
    await go(next, 2);
    expect(await purse(next)).toMatchObject({ calls: 2, guessed: 1, reserved: { tokens: 0 } });
  });

  it('has a call wait for those under way, which is no part of its time, and goes on once they took less than was kept', async () => {
    const plan = {
      ...planOf({ id: 'a', ...ASK }, { id: 'b', ...ASK, timeoutMs: 2_000 }),
      models: { default: 'm-1' },
    };
    const s = await setting(plan, async (task: Task) => {
      if (task.label === 'a') await new Promise((done) => s.clock.after(5_000, () => done(undefined)));
      return told(0);
    });
    await limited(s, { tokens: 300 });
    const both = Promise.all([runUnit(s.lease({ u: 0 }), s.effects), runUnit(s.lease({ u: 1 }), s.effects)]);
    const ended = await s.clock.until(both);
    const done = { result: { status: 'succeeded', tries: 1 } };
    expect(ended).toMatchObject([done, done]);
    expect(s.beats.some(({ note }) => note === 'waits for what others spend')).toBe(true);
  });

  it('begins nothing new above the soft limit, but another try of what has begun', async () => {
    const s = await setting(asked({ retry: tries(2) }), (_, n) => {
      if (n === 1) throw new Failure('ModelRefused', 'no', { usage: { inputTokens: 900, outputTokens: 0 } });
      return told();
    });
    await limited(s, { tokens: 2_000, soft: 0.4 });
    expect(await throughAll(s)).toMatchObject({ result: { status: 'succeeded', tries: 2 } });
    const late = await setting(
      { ...planOf({ id: 'x' }, { id: 'late', ...ASK }), models: { default: 'm-1' } },
      () => told(),
      s.store,
    );
    await go(late, 1, 1);
    expect((await late.state(1)).final).toMatchObject({ status: 'over-budget' });
    expect((await late.state(1)).final?.reason?.message).toMatch(
      /above the 40 % from which nothing new begins/,
    );
  });

  it('waits for a raise where the plan says so, without a try, and goes on after it', async () => {
    const s = await setting(asked(), () => told());
    await limited(s, { tokens: 50, pause: true });
    expect(await go(s)).toMatchObject({ kind: 'again', delayMs: 15_000, reason: { type: 'OverBudget' } });
    expect(await s.state()).toMatchObject({ tries: 0 });
    const rows = await s.segments();
    for (const n of [2, 3, 4])
      expect(await go(s, n)).toMatchObject({
        kind: 'again',
        delayMs: 15_000,
        reason: { type: 'OverBudget' },
      });
    // However long that takes, nothing is added to its log.
    expect(await s.segments()).toEqual(rows);
    const log = await openPurse(s.store, purseOf(s.lease().run.first));
    await log.append(() => [{ row: 'raised', raise: 'one', limit: { tokens: 5_000 } }]);
    expect(await go(s, 5)).toMatchObject({ kind: 'ended', result: { status: 'succeeded', tries: 1 } });
  });

  it('does not do again what took place already where its judge would cost too much, and ends over budget instead', async () => {
    const judged = asked({ accept: [{ kind: 'judge', model: 'default', says: 'It is right.' }] });
    const s = await setting(judged, () => told());
    await limited(s, { tokens: 350, pause: true });
    expect(await go(s)).toMatchObject({ kind: 'ended', result: { status: 'over-budget' } });
    expect(s.tasks).toHaveLength(1);
  });

  it('nor a sample whose judge would cost too much', async () => {
    const accept: Brief['accept'] = [{ kind: 'judge', model: 'default', says: 'It is right.' }];
    const s = await setting(asked({ accept, variants: { samples: 1, parallel: 1, near: 0.8 } }), () =>
      told(),
    );
    await limited(s, { tokens: 350, pause: true });
    expect(await go(s)).toMatchObject({ kind: 'ended' });
    expect(s.tasks).toHaveLength(1);
  });

  it('keeps nothing in the purse of a brief where that of the run has too little', async () => {
    const s = await setting(asked({ budget: { tokens: 5_000 } }), () => told());
    await limited(s, { tokens: 50 });
    expect(await go(s)).toMatchObject({ result: { status: 'over-budget' } });
    const own = await openPurse(s.store, purseOf(s.lease().run.first, { u: 0 }));
    expect(own.state).toMatchObject({ calls: 0, spent: { tokens: 0 }, reserved: { tokens: 0 } });
  });

  it('counts each sample that a process of its own asks for', async () => {
    const vote = { samples: 3, match: 'exact', tie: 'first', stop: 'never', parallel: 3 } as const;
    const store = memoryStore();
    for (const n of [1, 2]) {
      const gone = await setting(asked({ vote }), () => new Promise<never>(() => undefined), store);
      void runUnit(gone.lease(attempt(n)), gone.effects);
      await expect.poll(async () => (await purse(gone)).open.size).toBe(3);
    }
    const s = await setting(asked({ vote }), () => told(), store);
    const isolated = s.effects.executors.ask as Executor;
    await s.clock.until(runUnit(s.lease(attempt(3)), { ...s.effects, isolated }));
    expect(s.tasks).toHaveLength(3);
    expect(await purse(s)).toMatchObject({ calls: 9, guessed: 6, reserved: { tokens: 0 } });
  });

  it('is waited for no longer than somebody may be heard of', async () => {
    const s = await setting(asked({ timeoutMs: 3_600_000 }), () => told());
    await limited(s, { tokens: 300 });
    const log = await openPurse(s.store, purseOf(s.lease().run.first));
    await log.append(() => [{ row: 'reserved', call: 'lost', amount: { tokens: 250, usd: 0 } }]);
    expect(await go(s)).toMatchObject({ kind: 'ended', result: { status: 'over-budget' } });
    await settleOver(s.store, s.lease().run.first);
    expect(await purse(s)).toMatchObject({ reserved: { tokens: 0 }, guessed: 1, spent: { tokens: 250 } });
  });

  it('lets the integrator go on above the soft limit, and settles what one before it left open', async () => {
    const s = await setting(asked(), () => told());
    const { first } = s.lease().run;
    await limited(s, { tokens: 1_000, soft: 0.1 });
    const log = await openPurse(s.store, purseOf(first));
    await log.append(() => [{ row: 'reserved', call: `${first}/i/1/1`, amount: { tokens: 250, usd: 0 } }]);
    const work = { kind: 'ask', model: 'm-1', messages: [{ role: 'user', content: 'Which?' }] } as const;
    const task = {
      work: { ...work, maxTokens: 100 },
      label: 'i',
      key: 'k',
      try: 1,
      progress: () => undefined,
    };
    const means = { store: s.store, clock: s.clock, executors: s.effects.executors };
    const ask = askOfIntegrator(means, first, asked());
    await ask({ ...task, signal: new AbortController().signal });
    expect(await purse(s)).toMatchObject({
      calls: 2,
      guessed: 1,
      reserved: { tokens: 0 },
      spent: { tokens: 350 },
    });
  });

  it('limits a brief by itself, with its judges, and counts it in the run as well', async () => {
    const judged = asked({
      budget: { tokens: 350 },
      accept: [{ kind: 'judge', model: 'default', says: 'It is right.' }],
      retry: tries(1),
    });
    const s = await setting(judged, () => told());
    await go(s);
    expect((await s.state()).final).toMatchObject({ status: 'over-budget' });
    expect(s.tasks).toHaveLength(1);
    expect(await purse(s)).toMatchObject({ calls: 1, spent: { tokens: 100 } });
  });

  it('refuses to spend dollars on a model whose price nobody knows', async () => {
    const s = await setting(asked({}, { prices: {} }), () => told());
    await limited(s, { usd: 5 });
    await go(s);
    expect((await s.state()).final?.reason?.message).toMatch(/nobody knows what `m-1` costs/);
  });

  it('never lets two workers spend the same', async () => {
    const store = memoryStore();
    const briefs = Array.from({ length: 40 }, (_, n) => ({ id: `b${n}`, ...ASK }));
    const plan = { ...planOf(...briefs), models: { default: 'm-1' } };
    const workers = await Promise.all([1, 2, 3, 4].map(() => setting(plan, () => told(), apart(store))));
    await limited(workers[0]!, { tokens: 1_500 });
    const ended = await Promise.all(
      briefs.map((_, u) => {
        const s = workers[u % 4]!;
        return s.clock.until(runUnit(s.lease({ u }), s.effects));
      }),
    );
    const asked = workers.flatMap(({ tasks }) => tasks).length;
    const fresh = await openPurse(apart(store), purseOf(workers[0]!.lease().run.first));
    expect(fresh.state).toMatchObject({ calls: asked, spent: { tokens: asked * 100 } });
    expect(asked).toBeGreaterThan(11);
    expect(asked * 100).toBeLessThanOrEqual(1_500);
    expect(ended).toHaveLength(40);
  });
});

const tries = (attempts: number) => ({ attempts, backoff: { minMs: 1, maxMs: 1 }, then: 'fail' }) as const;

async function throughAll(s: Setting) {
  for (let n = 1; ; n++) {
    const ended = await go(s, n);
    if (ended.kind !== 'again') return ended;
    s.clock.pass(ended.delayMs);
  }
}

/** The same store in the hands of another process, which shares no memory. */
const apart = (store: Store): Store => ({ ...store });
