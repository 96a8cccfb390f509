import { describe, expect, it } from 'vitest';
import { sha256 } from '../../src/adapters/digest.js';
import { memoryStore } from '../../src/adapters/stores/memory.js';
import { looker } from '../../src/client/look.js';
import { unitGraph } from '../../src/core/plan/unitGraph.js';
import { storePlan } from '../../src/engine/plans.js';
import { openRun } from '../../src/engine/runIndex.js';
import type { Runs } from '../../src/temporal/runs.js';
import { planOf } from '../engine/setting.js';

describe('how a run stands', () => {
  it('is told by the plan that it goes by, also before the index knows of a patch', async () => {
    const store = memoryStore();
    const stored = (...ids: string[]) => {
      const plan = planOf(...ids.map((id) => ({ id })));
      return storePlan(store, { plan, graph: unitGraph(plan), files: new Map() }, sha256);
    };
    const run = { id: 'a', first: 'f', name: 'trial', brief: 'Try it.', openedAt: 1 };
    await openRun(store, { ...run, plan: await stored('look') });
    const answer = { phase: 'running', waves: [[0, 1]], units: 'r.', fans: {} };
    const service = {
      describe: async () => ({ open: true, state: 'RUNNING', startedAt: 1, first: 'f' }),
      pending: async () => [],
      status: async () => ({ ...answer, plan: await stored('look', 'check') }),
    } as unknown as Runs;
    const view = await looker(store, async () => service).status('a');
    expect(view?.progress).toMatchObject({
      waves: [{ labels: ['look', 'check'] }],
      waiting: [{ label: 'check' }],
    });
  });
});
