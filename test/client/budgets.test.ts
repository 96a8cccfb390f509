import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../src/adapters/stores/memory.js';
import { budgetsOn } from '../../src/client/budgets.js';
import { checkOn } from '../../src/client/check.js';
import { schedulesOn } from '../../src/client/schedules/schedules.js';
import { beginPurse, purseOf } from '../../src/engine/purses.js';
import type { RunEntry } from '../../src/engine/runIndex.js';

describe('a budget', () => {
  it('of a run that has ended is raised as well: it may be integrated again by models', async () => {
    const store = memoryStore();
    await beginPurse(store, purseOf('f'), { limit: { tokens: 10 } });
    const entry = { id: 'a', first: 'f', closed: { status: 'partial' } } as unknown as RunEntry;
    const budgets = budgetsOn({ store, known: async () => entry });
    expect(await budgets.setBudget('a', { tokens: 100 })).toBe(true);
    expect(await budgets.spent('a')).toMatchObject({ limit: { tokens: 100 } });
    expect(await budgets.setBudget('a', { tokens: 100 })).toBe(false);
  });

  it('of a schedule in dollars is refused when it is made, where nobody knows what a model of the plan costs', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'muster-')), 'plan.json');
    const ask = { id: 'a', ask: 'Which?', output: { type: 'object' } };
    writeFileSync(
      file,
      JSON.stringify({
        muster: 1,
        name: 'nightly',
        brief: 'x',
        models: { default: 'no-such-model' },
        briefs: [ask],
      }),
    );
    const nobody = async () => {
      throw new Error('the service was asked');
    };
    const schedules = schedulesOn({
      store: memoryStore(),
      check: checkOn(process.env.PATH),
      service: nobody,
    });
    const made = (limit: object) =>
      schedules.create({ id: 'nightly', file, cron: ['0 3 * * *'], budget: { limit, per: 'day' } } as never);
    await expect(made({ usd: 1 })).rejects.toMatchObject({
      type: 'InvalidInput',
      message: expect.stringContaining('Nobody knows what `no-such-model` costs'),
    });
    await expect(made({ tokens: 1_000 })).rejects.toThrow('the service was asked');
  });
});
