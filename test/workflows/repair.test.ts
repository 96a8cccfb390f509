import { describe, expect, it } from 'vitest';
import { UPDATES } from '../../src/contracts/messages.js';
import type { UnitInput } from '../../src/contracts/unit.js';
import { graphOf, withWorker } from '../support/workflows.js';

describe('a round of repair', () => {
  it('reaches single instances of a fan-out that is carried out in shards, and what is made from them', async () => {
    const shards = { concurrency: 3, sharding: { above: 4, of: 5, most: 20 } };
    const wide = {
      ...graphOf([{ kind: 'fan', label: 'dig' }, { needs: 0 }, {}], shards),
      sets: [{ done: [0] }],
    };
    const asked: UnitInput[] = [];
    await withWorker(
      wide,
      async (input) => {
        asked.push(input);
        return undefined;
      },
      async ({ start, observed }) => {
        await (await start()).result();
        const before = ['0.0', '0.1', '0.2', '0.3', '0.4', '0.5', '0.6', '0.7', '0.8', '0.9', '1', '2'];
        expect([...observed.started].sort()).toEqual([...before, '0.2', '0.7', '0.7', '1', '1'].sort());
        expect(asked.flatMap(({ k, again }) => (k === 7 ? [again ?? 0] : []))).toEqual([0, 1, 2]);
        expect(observed.note).toMatchObject({ reason: 'completed', units: 'dss', fans: { 0: 'ssssssssss' } });
      },
      {
        expand: async () => ({ status: 'expanded', count: 10 }) as const,
        sentBack: (round) =>
          [
            { sentBack: [{ u: 0, k: 7 }] },
            {
              sentBack: [
                { u: 0, k: 2 },
                { u: 0, k: 7 },
              ],
            },
          ][round - 1],
        maxCachedWorkflows: 0,
      },
    );
  });

  it('may follow while a run is integrated: who steers it then is told so, and is heard in the round', async () => {
    let release = () => {};
    const asked = new Promise<void>((resolve) => {
      release = resolve;
    });
    let integrating = () => {};
    const begun = new Promise<void>((resolve) => {
      integrating = resolve;
    });
    let second = () => {};
    const secondAsked = new Promise<void>((resolve) => {
      second = resolve;
    });
    await withWorker(
      graphOf([{}, {}]),
      ({ again }) => (again ? secondAsked.then(() => undefined) : undefined),
      async ({ start, client }) => {
        const handle = await start();
        const now = client.workflow.getHandle(handle.workflowId);
        const concurrency = () => now.executeUpdate(UPDATES.concurrency, { args: [{ limit: 1 }] });
        await begun;
        const refused = await concurrency().catch((error: Error) => error);
        expect(`${(refused as Error).cause}`).toMatch(
          /being integrated.*If that sends something back to briefs/,
        );
        release();
        await expect.poll(concurrency, { timeout: 20_000, interval: 100 }).toEqual({ changed: true });
        second();
        await handle.result();
      },
      {
        sentBack: async (round) => {
          if (round > 1) return undefined;
          integrating();
          await asked;
          return { sentBack: [{ u: 1 }] };
        },
      },
    );
  });
});
