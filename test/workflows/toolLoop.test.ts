import type { Client } from '@temporalio/client';
import { describe, expect, it } from 'vitest';
import type { LoopEnd, StepInput, UnitInput } from '../../src/contracts/unit.js';
import { graphOf, untilCancelled, withWorker } from '../support/workflows.js';

const BOUNDS = { turns: 200, calls: 400, parallel: 2 };

/**
 * A model that answers in its last turn, and wants `calls` in each before: what was asked, as `u.k turn.call`.
 * @param tries that it takes
 * @param held how often what a loop came to has to wait before it is judged
 */
function world({ turns = 3, calls = 1, tries = 1, held = 0 } = {}) {
  const did: string[] = [];
  const ended: LoopEnd[] = [];
  const dispatches: number[] = [];
  let most = 0;
  let now = 0;
  const nameOf = ({ u, k }: { readonly u: number; readonly k?: number }) =>
    k === undefined ? `${u}` : `${u}.${k}`;
  const made = new Map<string, number>();
  return {
    ...{ did, ended, dispatches },
    most: () => most,
    unit: async (input: UnitInput) => {
      dispatches.push(input.dispatch);
      const name = nameOf(input);
      const { loop } = input;
      if (loop) ended.push(loop);
      if (loop && ended.length <= held) return { status: 'not-reached', tries: 0, heldMs: 5 };
      if (loop) made.set(name, loop.try);
      const tried = made.get(name) ?? 0;
      if (loop && tried >= tries) return { status: 'succeeded', tries: tried };
      if (loop) return { status: 'not-reached', tries: tried };
      return { status: 'not-reached', tries: tried, loop: { try: tried + 1, ...BOUNDS } };
    },
    steps: {
      turn: async (input: StepInput) => {
        did.push(`${nameOf(input)} ${input.loop}: ${input.turn}`);
        return { status: 'succeeded' as const, calls: input.turn < turns ? calls : 0 };
      },
      call: async (input: StepInput) => {
        did.push(`${nameOf(input)} ${input.loop}: ${input.turn}.${input.call}`);
        most = Math.max(most, ++now);
        await new Promise((done) => setTimeout(done, 5));
        now--;
        return { status: 'succeeded' as const };
      },
    },
  };
}

async function eventsOf(client: Client, id: string, run?: string): Promise<number[]> {
  const { events = [] } = await client.workflow.getHandle(id, run).fetchHistory();
  const next = events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId;
  return [events?.length ?? 0, ...(next ? await eventsOf(client, id, next) : [])];
}
const one = graphOf([{ tools: true }]);

/** What a world has seen once a run in it is over. */
async function carriedOut(
  all: ReturnType<typeof world>,
  graph = one,
  more: Partial<Parameters<typeof withWorker>[3]> = {},
) {
  const { unit, steps } = all;
  await withWorker(graph, unit, async ({ start }) => (await start()).result(), { steps, ...more });
  return all;
}

describe('a tool loop', () => {
  it('takes a turn, then the calls it wants, so many at a time, then the next turn, until the model answers', async () => {
    const { did, ended, most } = await carriedOut(world({ calls: 3 }));
    expect(did).toEqual([
      ...['0 1: 1', '0 1: 1.1', '0 1: 1.2', '0 1: 1.3'],
      ...['0 1: 2', '0 1: 2.1', '0 1: 2.2', '0 1: 2.3', '0 1: 3'],
    ]);
    expect(most()).toBe(2);
    expect(ended).toMatchObject([{ try: 1, turns: 3 }]);
  });

  it('begins anew for another try, each time by a holder of its own', async () => {
    const { did, ended, dispatches } = await carriedOut(world({ turns: 1, tries: 3 }));
    expect(did).toEqual(['0 1: 1', '0 2: 1', '0 3: 1']);
    expect(ended.map(({ try: n }) => n)).toEqual([1, 2, 3]);
    expect(dispatches).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('that may not be judged yet waits, and takes no turn once more for that', async () => {
    const { did, ended, dispatches } = await carriedOut(world({ turns: 2, held: 2 }));
    expect(did).toEqual(['0 1: 1', '0 1: 1.1', '0 1: 2']);
    expect(ended).toEqual([ended[0], ended[0], ended[0]]);
    expect(dispatches).toEqual([1, 2, 3, 4]);
  });

  it('of 200 turns goes on in new histories, and repeats nothing', async () => {
    const { did, ended, unit, steps } = world({ turns: 200, calls: 2 });
    await withWorker(
      one,
      unit,
      async ({ start, client }) => {
        const handle = await start();
        const loop = client.workflow.getHandle(`${handle.workflowId}/0/tools/1`);
        await expect
          .poll(
            () =>
              loop.describe().then(
                () => true,
                () => false,
              ),
            { timeout: 60_000 },
          )
          .toBe(true);
        const { runId } = await loop.describe();
        await handle.result();
        expect(did).toHaveLength(200 + 398);
        expect(new Set(did).size).toBe(did.length);
        expect(ended).toMatchObject([{ try: 1, turns: 200 }]);
        const events = await eventsOf(client, loop.workflowId, runId);
        expect(events.length).toBeGreaterThan(1);
        expect(Math.max(...events)).toBeLessThanOrEqual(4096);
      },
      { steps },
    );
  });

  it('goes on for each instance of a fan-out, in shards too', async () => {
    const fan = graphOf([{ kind: 'fan', tools: true }], {
      concurrency: 6,
      sharding: { above: 5, of: 4, most: 20_000 },
    });
    const { did, ended } = await carriedOut(world({ turns: 2 }), fan, {
      expand: async () => ({ status: 'expanded', count: 10 }),
    });
    expect(ended).toHaveLength(10);
    expect(did).toHaveLength(30);
    expect(new Set(did).size).toBe(30);
  });

  it('that is cancelled stops what it does, and has that taken down', async () => {
    const { ended, unit, steps } = world();
    const call = async () => (await untilCancelled()) as { status: 'cancelled' };
    await withWorker(
      one,
      unit,
      async ({ start, client }) => {
        const handle = await start();
        const loop = client.workflow.getHandle(`${handle.workflowId}/0/tools/1`);
        const pending = async () =>
          loop.describe().then(
            ({ raw }) => raw.pendingActivities?.[0]?.activityId ?? '',
            () => '',
          );
        await expect.poll(pending, { timeout: 60_000 }).toBe('0 turn 1, call 1');
        await handle.cancel();
        await handle.result();
        expect(ended).toMatchObject([{ try: 1, turns: 1, cancelled: true }]);
      },
      { steps: { ...steps, call } },
    );
  });
});
