import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { batchModel } from '../support/batchModel.js';
import { endOfRun, LOOKING, type Place, place } from '../support/muster.js';
import { INPUT, numbering, OUTPUT } from '../support/numbering.js';

let here: Place;
let model: Awaited<ReturnType<typeof batchModel>>;
beforeEach(() => {
  here = place();
});
afterEach(async () => {
  await here.close();
  await model.close();
});

/** Dollars for a million tokens. */
const PRICE = { input: 2, output: 10 };
const DIRECT = (INPUT * PRICE.input + OUTPUT * PRICE.output) / 1e6;

const planOf = (items: number, batch: object | true, limits: object = {}) => ({
  muster: 1,
  name: 'by night',
  brief: 'Number them.',
  models: { default: 'batched-1' },
  prices: { 'batched-1': PRICE },
  limits: { concurrency: 100, ...limits },
  briefs: [numbering(items, { batch })],
});
const sum = (all: readonly number[]) => all.reduce((a, b) => a + b, 0);

describe('a batch run', () => {
  it('of 2,000 briefs, a tenth of which expires, with a worker killed with -9: each in the ledger once, at the batch price', async () => {
    model = await batchModel({ ms: 6_000, expires: (item) => item % 10 === 3 });
    here.env.OPENAI_BASE_URL = model.url;
    const plan = here.write('plan.json', planOf(2_000, true, { budget: { usd: 2_000 * DIRECT } }));
    const first = await here.worker();
    const { code, stderr } = await here.muster('start', plan, '--id', 'batch-2000');
    expect(code, stderr).toBe(0);
    await expect.poll(() => model.sent().length, LOOKING).toBe(2);
    await expect.poll(() => model.looks(), LOOKING).toBeGreaterThan(0);
    first.kill('SIGKILL');
    await here.worker();
    const { answer, run } = await endOfRun(here, 'batch-2000');
    expect(run.status).toBe('complete');
    expect(answer.ledger).toHaveLength(2_000);
    expect(new Set(answer.ledger.map(({ key }) => key)).size).toBe(2_000);
    expect(run.counts.succeeded).toBe(2_000);
    // The two that were sent before the worker died, and what expired of each once more.
    expect(model.sent().map(({ lines }) => lines.length)).toEqual([1_000, 1_000, 200]);
    expect(sum(model.sent().map(({ answered }) => answered.length))).toBe(2_000);
    expect(model.direct).toEqual([]);
    expect(run.spent).toMatchObject({ calls: 2_000, batched: 2_000, open: 0, guessed: 0 });
    expect(run.spent!.usd).toBeCloseTo((2_000 * DIRECT) / 2, 9);
    expect(run.spent!.tokens).toBe(2_000 * (INPUT + OUTPUT));
    expect(run.tries).toBe(2_000);
  });

  it('that takes longer than it may is stopped, and what it has not answered is asked for directly', async () => {
    model = await batchModel({ ms: 600_000 });
    here.env.OPENAI_BASE_URL = model.url;
    await here.worker();
    const plan = here.write('plan.json', planOf(20, { by: '3s' }));
    await here.muster('start', plan, '--id', 'batch-late');
    const { run } = await endOfRun(here, 'batch-late');
    expect(run.status).toBe('complete');
    expect(model.sent()).toMatchObject([{ status: 'cancelled', answered: [] }]);
    expect([...model.direct].sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => n));
    expect(run.spent).toMatchObject({ calls: 20, open: 0, guessed: 0 });
    expect(run.spent!.usd).toBeCloseTo(20 * DIRECT, 9);
  });

  it('is cancelled at its provider within 10 s of when the run is, and every brief is in the ledger', async () => {
    model = await batchModel({ ms: 600_000 });
    here.env.OPENAI_BASE_URL = model.url;
    await here.worker();
    const plan = here.write('plan.json', planOf(20, true));
    await here.muster('start', plan, '--id', 'batch-cancelled');
    await expect.poll(() => model.looks(), LOOKING).toBeGreaterThan(0);
    const muster = await here.library();
    const asked = Date.now();
    await muster.cancel('batch-cancelled');
    const { answer, run } = await endOfRun(here, 'batch-cancelled');
    expect(run.status).toBe('cancelled');
    expect(model.sent()[0]!.cancelled! - asked).toBeLessThan(10_000);
    expect(answer.ledger).toHaveLength(20);
    expect(model.direct).toEqual([]);
  });

  it('where the provider has no batches is asked directly, and the report says why', async () => {
    model = await batchModel({ none: true });
    here.env.OPENAI_BASE_URL = model.url;
    await here.worker();
    const plan = here.write('plan.json', planOf(5, true));
    await here.muster('start', plan, '--id', 'batch-none');
    const { run } = await endOfRun(here, 'batch-none');
    expect(run.status).toBe('complete');
    expect(model.direct).toHaveLength(5);
    expect(run.spent).toMatchObject({ calls: 5, unbatched: expect.stringContaining('has no Batch API') });
  });
});
