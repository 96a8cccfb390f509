import { expect, it } from 'vitest';
import { governorId } from '../../src/contracts/governor.js';
import type { Message } from '../../src/core/govern/lease.js';
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
