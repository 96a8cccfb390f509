import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.js';
import { untilAnswers } from '../../src/temporal/connection.js';
import { type Cluster, startCluster } from '../support/cluster.js';
import { executions, type Place, place } from '../support/muster.js';
import { answerOf, byBrief, recorded, twoWaves } from '../support/waves.js';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster();
});
afterAll(() => cluster.end());

const places: Place[] = [];
afterEach(async () => {
  for (const one of places.splice(0)) await one.close();
});
function here(): Place {
  const one = place();
  one.env.TEMPORAL_ADDRESS = cluster.address;
  places.push(one);
  return one;
}

describe('on Temporal over PostgreSQL a run survives', () => {
  it.each(['temporal', 'postgres'] as const)(
    'kill -9 of %s, and comes to the same answer',
    async (victim) => {
      const calm = here();
      await calm.worker();
      expect((await calm.muster('run', twoWaves(calm), '--id', `calm-${victim}`)).code).toBe(0);
      const expected = await answerOf(calm, `calm-${victim}`);

      const stormy = here();
      await stormy.worker();
      expect((await stormy.muster('start', twoWaves(stormy), '--id', `stormy-${victim}`)).code).toBe(0);
      await expect
        .poll(() => executions(stormy.read('log')).length, { timeout: 60_000, interval: 50 })
        .toBeGreaterThan(6);
      process.kill(cluster[victim], 'SIGKILL');
      const hadRow = recorded(stormy);
      const { service } = readConfig({ TEMPORAL_ADDRESS: cluster.address });
      await untilAnswers(service!, 60_000);
      expect((await stormy.muster('watch', `stormy-${victim}`)).code).toBe(0);

      const { digest, ledger } = await answerOf(stormy, `stormy-${victim}`);
      expect(digest).toBe(expected.digest);
      expect(ledger).toHaveLength(16);
      const times = byBrief(executions(stormy.read('log')));
      for (const brief of hadRow) expect(times.get(brief), `${brief} was recorded`).toHaveLength(1);
    },
  );
});
