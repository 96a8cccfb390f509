import { describe, expect, it } from 'vitest';
import { sha256 } from '../../src/adapters/digest.js';
import { memoryStore } from '../../src/adapters/stores/memory.js';
import type { Budget, Plan } from '../../src/core/plan/plan.js';
import { openPurses } from '../../src/engine/payers.js';
import { storePlan } from '../../src/engine/plans.js';
import { chainOf, openPurse, purseOf, spentIn } from '../../src/engine/purses.js';
import { openRun } from '../../src/engine/runIndex.js';
import { appendEntry } from '../../src/engine/scheduleLog.js';
import { purseOfSchedule } from '../../src/engine/schedulePurse.js';
import type { Store } from '../../src/ports/store.js';
import { noGraph, planOf } from './setting.js';

const limited = (budget?: Budget): Plan => ({
  ...planOf({ id: 'a' }),
  limits: { concurrency: 10, ...(budget && { budget }) },
});
const call = { row: 'reserved', call: 'c', amount: { tokens: 7, usd: 0 } } as const;
const spend = async (store: Store, run: string) => {
  for (const log of await chainOf(store, purseOf(run))) await log.append(() => [call]);
};

describe('a run within a run', () => {
  async function within(store: Store, brief: object): Promise<void> {
    const plan = { ...planOf({ id: 'other' }, { id: 'part', ...brief }) };
    const digest = await storePlan(store, { plan, graph: noGraph, files: new Map() }, sha256);
    const outer = { id: 'outer', first: 'first-outer' };
    await openRun(store, { ...outer, plan: digest, name: 'outer', brief: 'x', openedAt: 1 });
    await openPurses(store, 'first-inner', limited(), { partOf: { ...outer, node: { u: 1 } } });
  }

  it('spends what the run above it has', async () => {
    const store = memoryStore();
    await within(store, {});
    await spend(store, 'first-inner');
    expect(await spentIn(store, 'first-outer')).toMatchObject({ calls: 1, tokens: 7 });
    expect(await spentIn(store, 'first-inner')).toMatchObject({ calls: 1, tokens: 7 });
  });

  it('spends what the brief has that it is there, where that has a budget of its own', async () => {
    const store = memoryStore();
    await within(store, { budget: { tokens: 50 } });
    const [, brief, run] = await chainOf(store, purseOf('first-inner'));
    expect(brief!.state.limit).toEqual({ tokens: 50 });
    await spend(store, 'first-inner');
    expect(run!.state.calls).toBe(1);
    expect((await openPurse(store, purseOf('first-outer', { u: 1 }))).state.calls).toBe(1);
  });
});

describe('the runs of a schedule', () => {
  const create = (store: Store, budget: object, at = 1) =>
    appendEntry(store, 'nightly', {
      ...{ kind: 'created', at },
      source: { file: '/p.yaml', params: {}, computed: {}, timezone: 'Europe/Berlin', ...budget },
    });
  const opened = async (store: Store, first: string, iso: string) => {
    const scheduled = { id: 'nightly', at: Date.parse(iso) };
    await openPurses(store, first, limited({ tokens: 1_000 }), { scheduled });
    return chainOf(store, purseOf(first));
  };

  it('spend together what it may in one month, by its own clock', async () => {
    const store = memoryStore();
    await create(store, { budget: { limit: { tokens: 100 }, per: 'month' } });
    const chains = [
      await opened(store, 'one', '2026-03-01T02:00:00Z'),
      await opened(store, 'two', '2026-03-31T21:59:00Z'),
      await opened(store, 'three', '2026-03-31T22:01:00Z'),
    ];
    await spend(store, 'one');
    expect(chains.map(([own]) => own!.state.limit)).toEqual(Array(3).fill({ tokens: 1_000 }));
    expect(chains.map(([, schedule]) => schedule!.state)).toMatchObject([
      { limit: { tokens: 100 }, calls: 1 },
      { limit: { tokens: 100 }, calls: 1 },
      { limit: { tokens: 100 }, calls: 0 },
    ]);
  });

  it('may spend what whoever creates it anew says, of the same month', async () => {
    const store = memoryStore();
    await create(store, { budget: { limit: { tokens: 100 }, per: 'day' } });
    await opened(store, 'one', '2026-03-01T02:00:00Z');
    await spend(store, 'one');
    await appendEntry(store, 'nightly', { kind: 'deleted', at: 2 });
    await create(store, { budget: { limit: { tokens: 900 }, per: 'day' } }, 3);
    const [, schedule] = await opened(store, 'two', '2026-03-01T04:00:00Z');
    expect(schedule!.state).toMatchObject({ limit: { tokens: 900 }, calls: 1 });
  });

  it('are refused where that is in dollars, and the plan asks a model whose price nobody knows', async () => {
    const store = memoryStore();
    await create(store, { budget: { limit: { usd: 1 }, per: 'day' } });
    const plan: Plan = {
      ...planOf({ id: 'a', executor: { kind: 'ask', text: 'x' } }),
      models: { default: 'm-1' },
    };
    const scheduled = { id: 'nightly', at: 0 };
    await expect(openPurses(store, 'one', plan, { scheduled })).rejects.toMatchObject({
      type: 'InvalidInput',
      message:
        'Nobody knows what `m-1` costs, and the budget of the schedule is in dollars. Say it under `prices` of the plan, or limit tokens.',
    });
    const prices = { 'm-1': { input: 1, output: 1, source: 'the plan' } };
    await openPurses(store, 'one', { ...plan, prices }, { scheduled });
    expect(await chainOf(store, purseOf('one'))).toHaveLength(2);
  });

  it('spend what they themselves may where the schedule says nothing', async () => {
    const store = memoryStore();
    await create(store, {});
    expect(await purseOfSchedule(store, { id: 'nightly', at: 0 }, limited())).toBeUndefined();
    expect(await opened(store, 'one', '2026-03-01T02:00:00Z')).toHaveLength(1);
  });
});
