import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { UPDATES } from '../../src/contracts/messages.js';
import type { UnitInput } from '../../src/contracts/unit.js';
import { graphOf, untilCancelled, withWorker } from '../support/workflows.js';

/** A fan-out of ten, cut into two shards of five. */
const cut = { concurrency: 3, sharding: { above: 4, of: 5, most: 20 } };
const wide = graphOf([{ kind: 'fan', label: 'dig' }], cut);
const ten = { expand: async () => ({ status: 'expanded', count: 10 }) as const };
/** Units that succeed after so long, ms. */
const taking = (ms: number) => () => sleep(ms, { status: 'succeeded' });
const all = [...Array(10).keys()].map((k) => `0.${k}`);
const instances = (started: readonly string[]) => [...new Set(started.filter((name) => name !== '0'))].sort();

describe('a fan-out in shards', () => {
  it('carries out every instance once, with nothing cached and replayed at every step', async () => {
    await withWorker(
      wide,
      () => undefined,
      async ({ start, observed }) => {
        await (await start()).result();
        expect([...observed.started].sort()).toEqual(all);
        expect(observed.note).toMatchObject({ reason: 'completed', fans: { 0: 'ssssssssss' } });
      },
      { ...ten, maxCachedWorkflows: 0 },
    );
  });

  it('goes on under another number where the id of a shard is taken', async () => {
    await withWorker(
      wide,
      () => undefined,
      async ({ start, client, observed }) => {
        const id = `taken-${Math.random().toString(36).slice(2)}`;
        const args = [{ plan: { digest: 'd'.repeat(64) } }];
        const inTheWay = await client.workflow.start('run', {
          ...{ workflowId: `${id}/0.0/1`, args },
          taskQueue: `nobody-${id}`,
        });
        await (await start(id)).result();
        await inTheWay.terminate();
        expect(observed.note).toMatchObject({ fans: { 0: 'ssssssssss' } });
        expect(instances(observed.started)).toEqual(all);
      },
      ten,
    );
  });

  it('is taken up by another shard where one was ended by hand', async () => {
    await withWorker(
      wide,
      taking(700),
      async ({ start, client, observed }) => {
        const id = `ended-${Math.random().toString(36).slice(2)}`;
        const handle = await start(id);
        await expect.poll(() => observed.started.length).toBeGreaterThanOrEqual(3);
        await client.workflow.getHandle(`${id}/0.0/1`).terminate();
        await handle.result();
        expect(observed.note).toMatchObject({ reason: 'completed', fans: { 0: 'ssssssssss' } });
        expect(instances(observed.started)).toEqual(all);
      },
      ten,
    );
  });

  it('is left out as a whole where somebody skips it: nothing of it is called failed', async () => {
    await withWorker(
      wide,
      taking(500),
      async ({ start, client, observed }) => {
        const handle = await start();
        await expect.poll(() => observed.started.length).toBeGreaterThanOrEqual(3);
        const now = client.workflow.getHandle(handle.workflowId);
        await now.executeUpdate(UPDATES.skip, { args: [{ u: 0 }] });
        await handle.result();
        const letters = observed.note?.fans[0] ?? '';
        expect(letters).toHaveLength(10);
        expect(letters).not.toMatch(/[f.r]/);
        expect(letters).toContain('k');
      },
      ten,
    );
  });

  it('is asked how it stands when the time of somebody is up who waits for it', async () => {
    const byMs = 12_000;
    const join = { of: [0], when: 'all_done_min_one_success', byMs, rest: 'cancel' } as const;
    const joined = {
      ...graphOf([{ kind: 'fan', label: 'dig' }, { needs: 0 }], cut),
      sets: [{ clauses: [join] }],
    };
    let began = 0;
    // The first ends too late to be told of unasked, the others not before they are recalled.
    const unit = async ({ u, k }: UnitInput) => {
      if (u === 1) return { status: 'succeeded' };
      if (k !== 0) return untilCancelled();
      await sleep(began + byMs - 1_000 - Date.now());
      return { status: 'succeeded' };
    };
    await withWorker(
      joined,
      unit,
      async ({ start, observed }) => {
        await (await start()).result();
        expect(observed.note).toMatchObject({ units: 'ds' });
        expect(observed.note?.fans[0]).toMatch(/^sc/);
      },
      {
        expand: async () => {
          began = Date.now();
          return ten.expand();
        },
      },
    );
  });
});
