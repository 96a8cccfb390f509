import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { runsOf } from '../../src/temporal/runs.js';
import { graphOf, withWorker } from '../support/workflows.js';

/** So many are left when the history has grown long that the run cannot end in it. */
const LEFT = 200;
const SKIPPED = 1_300;

it('what people say while a run goes over to its next history is heard by one of the two', async () => {
  const after = { after: [1] };
  const releases: (() => void)[] = [];
  const released = [0, 1].map(() => new Promise<void>((resolve) => releases.push(resolve)));
  await withWorker(
    graphOf([{}, { after: [0] }, ...Array<typeof after>(SKIPPED + LEFT).fill(after)], { concurrency: 100 }),
    async ({ u }) => {
      await released[u];
      return undefined;
    },
    async ({ start, client, observed }) => {
      const handle = await start();
      const { workflowId: id } = handle;
      const runs = runsOf(client, '');
      const executions = new Set<string>();
      const told: number[] = [];
      let next = 2;
      const speak = async () => {
        while (next < 2 + SKIPPED) {
          const u = next++;
          const steered = await runs.update(id, 'skip', { u });
          if (steered?.changed) told.push(u);
        }
      };
      const watch = async () => {
        while (next < 2 + SKIPPED) {
          const { runId, historyLength } = await client.workflow.getHandle(id).describe();
          executions.add(runId);
          if (historyLength > 3_050) releases[0]!();
          await sleep(20);
        }
      };
      await Promise.all([watch(), ...Array.from({ length: 8 }, speak)]);
      releases[1]!();
      await handle.result();
      expect(executions.size).toBeGreaterThan(1);
      expect(told).toHaveLength(SKIPPED);
      expect(observed.note?.byHand).toHaveLength(SKIPPED);
    },
  );
});
