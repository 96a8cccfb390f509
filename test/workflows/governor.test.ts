import { expect, it } from 'vitest';
import { GOVERNOR, governorId } from '../../src/contracts/governor.js';
import type { Claim, Message } from '../../src/core/govern/lease.js';
import { Spender } from '../../src/core/govern/spender.js';
import { governors } from '../../src/temporal/governors.js';
import { graphOf, withWorker } from '../support/workflows.js';

const message = (seq: number, more: Partial<Message> = {}): Message => ({
  ...{ worker: 'w', seq, limits: { requests: 10, windowMs: 60_000 }, requests: [], tokens: [] },
  ...{ out: { requests: 0, tokens: 0 }, calls: 0, spent: [], waiting: [['run', 10]] },
  seen: { answered: 0, unavailable: 0, limited: 0 },
  ...more,
});

it('a governor goes on in a new history between two updates, and knows what it had given out', async () => {
  await withWorker(
    graphOf([{}]),
    () => undefined,
    async ({ client, queue }) => {
      const ask = governors(client, queue, 'api.test');
      const first = await ask('m', message(1));
      const handle = client.workflow.getHandle(governorId(queue, 'api.test', 'm'));
      const { runId } = await handle.describe();
      let last = first;
      let seq = 2;
      while ((await handle.describe()).runId === runId)
        for (let n = 0; n < 50; n++) {
          const { epoch, number, requests = [], tokens = [] } = last;
          last = await ask('m', message(seq++, { had: { epoch, number }, requests, tokens }));
        }
      expect(last).toMatchObject({ epoch: first.epoch, number: seq - 1, kept: true });
      // What one worker has, another one does not get.
      const other = await ask('m', message(1, { worker: 'v', waiting: Array(10).fill(['run', 10]) }));
      const held = (pieces: typeof first.requests = []) => pieces.reduce((sum, [, n]) => sum + n, 0);
      expect(held(last.requests)).toBeGreaterThan(0);
      expect(held(other.requests) + held(last.requests)).toBeLessThanOrEqual(10);
    },
  );
});

it('a governor that nobody asks ends once nothing rests any more, and whoever asks then gets all of another at once', async () => {
  await withWorker(
    graphOf([{}]),
    () => undefined,
    async ({ client, queue }) => {
      const limits = { requests: 10, windowMs: 3_000 };
      const handle = await client.workflow.start(GOVERNOR, {
        ...{ workflowId: governorId(queue, 'api.test', 'idle'), taskQueue: queue },
        args: [{ idleMs: 500 }],
      });
      const ask = governors(client, queue, 'api.test');
      const spender = new Spender('w', limits);
      const tell = async (waiting: readonly Claim[]) => {
        const lease = await ask('idle', spender.message(waiting, performance.now()));
        spender.take(lease, performance.now());
        return lease;
      };
      const { epoch } = await tell([['run', 10]]);
      spender.spend(1, 'run', 10, performance.now());
      spender.ended(1, { kind: 'answered' }, performance.now());
      await tell([]);
      const given = performance.now();
      await handle.result();
      // What was spent rests for a window: another governor would not know.
      expect(performance.now() - given).toBeGreaterThan(limits.windowMs - 200);
      const another = await tell([['run', 10]]);
      expect(another.epoch).not.toBe(epoch);
      expect(spender.opensAt(10, performance.now())).toBeLessThanOrEqual(performance.now());
    },
  );
});
