import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { executions, itEmbedded, type Place, place } from '../support/muster.js';
import { answerOf, twoWaves } from '../support/waves.js';

const FUNCTIONS = fileURLToPath(new URL('../support/functions.mjs', import.meta.url));

let here: Place;
afterEach(() => here.close());

describe('when Temporal is of no help', () => {
  it('list and result work with no service at all', async () => {
    here = place();
    await here.worker();
    expect((await here.muster('run', twoWaves(here, 10), '--id', 'kept')).code).toBe(0);
    const forgotten = { ...here.env, TEMPORAL_ADDRESS: '127.0.0.1:1' };
    const elsewhere = place();
    try {
      Object.assign(elsewhere.env, forgotten);
      expect((await elsewhere.muster('list')).stdout).toContain('kept');
      expect((await elsewhere.muster('result', 'kept', '--markdown')).stdout).toContain('# Answer');
    } finally {
      await elsewhere.close();
    }
  });

  it('a terminated run is salvaged from its log: what was recorded is in, the rest is not reached', async () => {
    here = place();
    await here.worker();
    expect((await here.muster('start', twoWaves(here), '--id', 'cut')).code).toBe(0);
    await expect.poll(() => executions(here.read('log')).length, { timeout: 60_000 }).toBeGreaterThan(6);
    const connection = await Connection.connect({ address: inject('address') });
    await new Client({ connection }).workflow.getHandle('cut').terminate('by hand');
    await connection.close();
    expect((await here.muster('result', 'cut')).code).not.toBe(0);
    expect((await here.muster('result', 'cut', '--salvage')).code).toBe(3);
    const { ledger } = await answerOf(here, 'cut');
    expect(ledger).toHaveLength(16);
    const statuses = new Set(ledger.map(({ status }) => status));
    expect(statuses).toEqual(new Set(['succeeded', 'not-reached']));
  });

  itEmbedded(
    'a run is carried on with the functions and the key it was started with, not what the next shell happens to have',
    async () => {
      here = place({ embedded: true });
      const key = { OPENAI_API_KEY: 'sk-never-used' };
      Object.assign(here.env, key);
      const plan = here.write('slow.json', {
        muster: 1,
        name: 'slow',
        brief: 'Take your time.',
        params: { type: 'object', properties: { ms: { type: 'integer', default: 4_000 } } },
        briefs: [{ id: 'a', call: 'patient', stdin: { from: 'params' } }],
      });
      const started = await here.muster('start', plan, '--id', 'slow', '--functions', FUNCTIONS);
      expect(started).toMatchObject({ code: 0 });
      await expect
        .poll(async () => (await here.muster('list')).stdout, { timeout: 20_000 })
        .toContain('slow');
      await here.muster('dev', '--stop');
      delete here.env.OPENAI_API_KEY;
      const refused = await here.muster('watch', 'slow');
      expect(refused.code).toBe(2);
      expect(refused.stderr).toContain('model key: there one, here none (OPENAI_API_KEY)');
      const another = await here.muster('run', twoWaves(here, 10));
      expect(another.code).toBe(2);
      expect(another.stderr).toContain(`functions module: there file://${FUNCTIONS}, here none`);
      Object.assign(here.env, key);
      expect((await here.muster('watch', 'slow')).code).toBe(0);
    },
  );

  it("a service of one's own that does not answer is named, with what to do", async () => {
    here = place();
    here.env.TEMPORAL_ADDRESS = '127.0.0.1:9';
    const { code, stderr } = await here.muster('run', twoWaves(here, 10));
    expect(code).toBe(5);
    expect(stderr).toContain('No Temporal answers at 127.0.0.1:9');
  });
});
