import { Client, Connection } from '@temporalio/client';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { ANSWERING, FAULTS, faultyModel, SLOW_MS } from '../support/faultyModel.js';
import { endOfRun, LOOKING, type Place, place } from '../support/muster.js';
import { INPUT, numbering, OUTPUT } from '../support/numbering.js';

let here: Place;
let model: Awaited<ReturnType<typeof faultyModel>>;
beforeEach(() => {
  here = place();
});
afterEach(async () => {
  await here.close();
  await model.close();
});

/** What is silent for so long is stopped; what is slow and never silent is not. */
const STALL_MS = 2_000;

/** A brief for each item, asked for its number. */
const planOf = (items: number, limits: object, more: object = {}) => ({
  muster: 1,
  name: 'many calls',
  brief: 'Number them.',
  models: { default: 'faulty-1' },
  limits,
  briefs: [
    numbering(items, {
      stall: `${STALL_MS / 1_000}s`,
      retry: { attempts: 4, backoff: '50ms..200ms' },
      ...more,
    }),
  ],
});
async function historyBytes(id: string): Promise<number> {
  const connection = await Connection.connect({ address: inject('address') });
  try {
    const { raw } = await new Client({ connection }).workflow.getHandle(id).describe();
    return Number(raw.workflowExecutionInfo?.historySizeBytes);
  } finally {
    await connection.close();
  }
}
const spentAtServer = () => model.calls.reduce((sum, { tokens }) => sum + tokens, 0);

describe('a provider that fails in ten ways', () => {
  it('gets 1,000 briefs done, one way each, and every call it was asked is accounted for, with a worker killed with -9 in between', async () => {
    model = await faultyModel((item) => FAULTS[item % FAULTS.length]);
    here.env.OPENAI_BASE_URL = model.url;
    const plan = here.write('plan.json', planOf(1_000, { concurrency: 100, budget: { tokens: 2_000_000 } }));
    const first = await here.worker();
    const { code, stderr } = await here.muster('start', plan, '--id', 'faults-1000');
    expect(code, stderr).toBe(0);
    await expect.poll(() => model.calls.length, LOOKING).toBeGreaterThan(700);
    first.kill('SIGKILL');
    const underWay = 100;
    await here.worker();
    const { answer, run } = await endOfRun(here, 'faults-1000');
    expect(run.status).toBe('complete');
    expect(answer.ledger).toHaveLength(1_000);
    const { calls, tokens, open } = run.spent!;
    // Each item once in vain and once more, but for those that are answered; what was under way when the worker died is asked again.
    const fewest = 1_000 + 100 * (FAULTS.length - ANSWERING.length);
    expect(model.calls.length).toBeGreaterThanOrEqual(fewest);
    expect(model.calls.length).toBeLessThanOrEqual(fewest + underWay);
    // One was on record before it was made: the worker may have died in between.
    expect(calls).toBeGreaterThanOrEqual(model.calls.length);
    expect(calls).toBeLessThanOrEqual(model.calls.length + underWay);
    expect(open).toBe(0);
    expect(tokens).toBeGreaterThanOrEqual(spentAtServer());
    for (const fault of FAULTS) expect(model.calls.filter((call) => call.fault === fault)).toHaveLength(100);
  });

  it('is asked once for what is slow but never silent, and for what is 3 MB: that is kept outside of history, and shown cut', async () => {
    expect(SLOW_MS).toBeGreaterThan(STALL_MS);
    model = await faultyModel((item) => ANSWERING[item % ANSWERING.length]);
    here.env.OPENAI_BASE_URL = model.url;
    const plan = here.write('plan.json', planOf(10, { concurrency: 10, budget: { tokens: 2_000_000 } }));
    await here.worker();
    await here.muster('start', plan, '--id', 'long-and-slow');
    const { answer, run } = await endOfRun(here, 'long-and-slow');
    expect(run.status).toBe('complete');
    expect(run.tries).toBe(10);
    expect(model.calls).toHaveLength(10);
    expect(run.spent).toMatchObject({ calls: 10, guessed: 0, open: 0, tokens: spentAtServer() });

    const muster = await here.library();
    const { markdown } = (await muster.result('long-and-slow'))!;
    expect(markdown).toMatch(/\| 1 \| 0 \| more “(word )+\w* ?…/);
    expect(markdown.length).toBeLessThan(20_000);
    expect(answer.apart).toMatchObject([{ at: '$.data.number', from: 2, count: 8 }]);
    expect(await historyBytes('long-and-slow')).toBeLessThan(200_000);
  });
});

describe('a budget', () => {
  it('is overshot by no more than what was under way, also by a worker that was killed; every brief has its row', async () => {
    model = await faultyModel(() => undefined, { ms: 150 });
    here.env.OPENAI_BASE_URL = model.url;
    const concurrency = 10;
    const budget = 100 * (INPUT + OUTPUT);
    const plan = here.write('plan.json', planOf(300, { concurrency, budget: { tokens: budget } }));
    const first = await here.worker();
    await here.muster('start', plan, '--id', 'budget-300');
    await expect.poll(() => model.calls.length, LOOKING).toBeGreaterThan(40);
    first.kill('SIGKILL');
    await here.worker();
    const { answer, run } = await endOfRun(here, 'budget-300');
    expect(spentAtServer()).toBeLessThanOrEqual(budget + concurrency * (INPUT + OUTPUT));
    expect(run.spent!.calls).toBeGreaterThanOrEqual(model.calls.length);
    expect(answer.ledger).toHaveLength(300);
    expect(run.counts.succeeded).toBeGreaterThan(70);
    expect(run.counts['over-budget']).toBe(300 - run.counts.succeeded!);
    expect(run.status).toBe('partial');
  });

  it('that was raised lets a run go on that waits for it', async () => {
    model = await faultyModel(() => undefined);
    here.env.OPENAI_BASE_URL = model.url;
    const plan = here.write(
      'plan.json',
      planOf(20, { concurrency: 5, budget: { tokens: 5 * (INPUT + OUTPUT), then: 'pause' } }),
    );
    await here.worker();
    await here.muster('start', plan, '--id', 'raised');
    const muster = await here.library();
    const waiting = async () =>
      (await muster.status('raised'))?.progress?.active.filter(({ failure }) =>
        failure?.includes('muster budget'),
      ).length ?? 0;
    await expect.poll(waiting, LOOKING).toBe(5);
    const asked = model.calls.length;
    expect(asked).toBeLessThan(20);
    const raised = await here.muster('budget', 'raised', '--tokens', '100000');
    expect(raised).toMatchObject({ code: 0 });
    expect(raised.stdout).toMatch(/raised: \d calls? · [\d,]+ of 100,000 tokens spent/);
    const { run } = await endOfRun(here, 'raised');
    expect(run.status).toBe('complete');
    expect(run.tries).toBe(20);
    expect(model.calls).toHaveLength(20);
  });
});
