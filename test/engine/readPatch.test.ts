import { MockActivityEnvironment } from '@temporalio/testing';
import { describe, expect, it } from 'vitest';
import { type ActivityEffects, createActivities } from '../../src/activities/index.js';
import { sha256 } from '../../src/adapters/digest.js';
import { checkPolicy } from '../../src/adapters/executors/checkPolicy.js';
import { OPEN_POLICY } from '../../src/adapters/executors/policy.js';
import { redactor } from '../../src/adapters/executors/redactor.js';
import { memoryStore } from '../../src/adapters/stores/memory.js';
import type { Plan } from '../../src/core/plan/plan.js';
import { unitGraph } from '../../src/core/plan/unitGraph.js';
import { storePlan } from '../../src/engine/plans.js';
import { planOf } from './setting.js';

const RUN = { id: 'a', first: 'f' };

describe('the activity that reads a patch', () => {
  const store = memoryStore();
  const { readPatch } = createActivities({
    store,
    refused: async (plan: Plan, how: { inline: boolean }) => checkPolicy(plan, OPEN_POLICY, how),
    redactor: redactor([]),
  } as unknown as ActivityEffects);
  const stored = (plan: Plan) => storePlan(store, { plan, graph: unitGraph(plan), files: new Map() }, sha256);
  const command = { id: 'build', executor: { kind: 'run', argv: ['node'] } } as const;

  async function read(more: Partial<Plan>, how: { readonly given?: true }) {
    const [from, plan] = await Promise.all([
      stored({ ...planOf({ id: 'a' }), ...more }),
      stored({ ...planOf({ id: 'a' }, command), ...more }),
    ]);
    return new MockActivityEnvironment().run(readPatch, { run: RUN, from, plan, ...how });
  }

  it('lets a run whose plan came without a file run no commands by a patch either', async () => {
    await expect(read({}, { given: true })).rejects.toMatchObject({
      type: 'CommandNotAllowed',
      nonRetryable: true,
    });
    expect(await read({ folder: '/plans' }, { given: true })).toMatchObject({ touched: [] });
    expect(await read({}, {})).toMatchObject({ touched: [] });
  });
});
