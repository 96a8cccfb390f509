import type { Client, WorkflowHandle } from '@temporalio/client';
import { describe, expect, it } from 'vitest';
import type { SubRunEnd, UnitInput } from '../../src/contracts/unit.js';
import type { UnitGraph } from '../../src/core/graph/units.js';
import { graphOf, withWorker } from '../support/workflows.js';

/** What every unit is asked, as `run id: u` or `run id: u.k`; a unit that runs a plan answers with `plan` first. */
function world(plans: { readonly [u: string]: { readonly plan: string; readonly size: number } }) {
  const did: string[] = [];
  const ended: SubRunEnd[] = [];
  const unit = async ({ run, plan, u, k, within }: UnitInput) => {
    const node = k === undefined ? `${u}` : `${u}.${k}`;
    const sub = plan === 'd'.repeat(64) ? plans[u] : undefined;
    if (sub && !within) return { status: 'not-reached', within: { id: `${run.id}/${node}`, ...sub } };
    if (within) ended.push(within);
    did.push(`${run.id.slice(run.id.indexOf('/') + 1)}: ${node}`);
    return within?.status === 'refused' ? { status: 'refused' } : undefined;
  };
  return { did, ended, unit };
}

async function longest(client: Client, id: string, first: string): Promise<number> {
  const history = await client.workflow.getHandle(id, first).fetchHistory();
  const next = history.events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId;
  return Math.max(history.events?.length ?? 0, next ? await longest(client, id, next) : 0);
}
const longestOf = (
  client: Client,
  { workflowId, firstExecutionRunId }: WorkflowHandle & { firstExecutionRunId: string },
) => longest(client, workflowId, firstExecutionRunId);

const pair = graphOf([{}, { after: [0] }]);
const fan = (more: Partial<UnitGraph> = {}) =>
  graphOf([{ kind: 'fan', within: true }], { concurrency: 6, ...more });
const chain = (length: number, within?: number) =>
  graphOf(
    Array.from({ length }, (_, u) => ({
      after: u > 0 ? [u - 1] : [],
      ...(u === within && { within: true as const }),
    })),
    { sharding: { above: 1_000, of: 250, most: 20_000 } },
  );

describe('runs within a run', () => {
  it('are begun for each instance, and from shards too; every brief of each is carried out once', async () => {
    const { did, ended, unit } = world({ 0: { plan: 'pair', size: 2 } });
    const sharding = { above: 5, of: 4, most: 20_000 };
    await withWorker(
      fan({ sharding }),
      unit,
      async ({ start, observed }) => {
        await (await start()).result();
        expect(ended.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 'complete'));
        expect(did).toHaveLength(30);
        expect(new Set(did).size).toBe(did.length);
        expect(observed.note).toBeDefined();
      },
      { graphs: { pair }, expand: async () => ({ status: 'expanded', count: 10 }) },
    );
  });

  it('come with it to no more briefs than its most: what does not fit is refused whole', async () => {
    const { ended, unit } = world({ 0: { plan: 'pair', size: 2 } });
    const sharding = { above: 1_000, of: 250, most: 20 };
    await withWorker(
      fan({ sharding }),
      unit,
      async ({ start }) => {
        await (await start()).result();
        const count = (of: string) => ended.filter(({ status }) => status === of).length;
        // One fan of ten, and room for nine more briefs: four pairs.
        expect([count('complete'), count('refused')]).toEqual([4, 6]);
      },
      { graphs: { pair }, expand: async () => ({ status: 'expanded', count: 10 }) },
    );
  });

  it('may be long, and so may the run: each continues as new on its way, and loses nothing', async () => {
    const { did, unit } = world({ 400: { plan: 'long', size: 700 } });
    await withWorker(
      chain(900, 400),
      unit,
      async ({ start, client }) => {
        const handle = (await start()) as Parameters<typeof longestOf>[1];
        await handle.result();
        expect(did).toHaveLength(1_600);
        expect(new Set(did).size).toBe(1_600);
        expect(await longestOf(client, handle)).toBeLessThanOrEqual(4096);
      },
      { graphs: { long: chain(700) } },
    );
  });
});
