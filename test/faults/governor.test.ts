import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { fileStore } from '../../src/adapters/stores/file.js';
import { governorId } from '../../src/contracts/governor.js';
import { taskQueueOf } from '../../src/contracts/run.js';
import { nameOf } from '../../src/core/graph/node.js';
import { readState } from '../../src/engine/segments.js';
import { endOfRun, type Place, place } from '../support/muster.js';
import { bundled } from '../support/workflows.js';

const LIMITED = fileURLToPath(new URL('../../bench/limited.mjs', import.meta.url));
const LIMITS = { requests: 10, tokens: 20_000, windowMs: 6_000, answer: 50 };

interface Call {
  readonly at: number;
  readonly run: string;
}
let here: Place;
let provider: {
  readonly url: string;
  between(from: number, to: number): { readonly taken: readonly Call[]; readonly refused: number };
  close(): Promise<void>;
};
beforeEach(async () => {
  here = place();
  provider = await (await import(LIMITED)).limitedServer(LIMITS);
  const { requests, tokens } = LIMITS;
  here.env.MUSTER_POLICY = here.write('policy.json', { models: { 'm*': { requests, tokens, per: '6s' } } });
  here.env.OPENAI_BASE_URL = provider.url;
});
afterEach(async () => {
  await here.close();
  await provider.close();
});

const planFor = (run: string, items: number) => ({
  muster: 1 as const,
  name: run,
  brief: 'Answer each.',
  limits: { concurrency: 20 },
  models: { default: 'm-1' },
  briefs: [
    {
      id: 'each',
      forEach: { in: `[${Array.from({ length: items }, (_, n) => n).join(', ')}]`, as: 'item' },
      ask: `run=${run} item={{ item }}`,
      output: { type: 'object' },
      timeout: '10s',
      heartbeat: '2s',
    },
  ],
});

/** Why tries of a run came to nothing. */
async function inVain(run: string): Promise<readonly string[]> {
  const store = await fileStore(join(here.folder, 'home/store'));
  const states = await Promise.all(
    Array.from({ length: 15 }, (_, k) => readState(store, { run, unit: nameOf({ u: 0, k }) })),
  );
  return states.flatMap(({ counted }, k) =>
    counted.flatMap(({ verdict, reason }) =>
      verdict === 'succeeded' ? [] : [`${k}: ${verdict}, ${reason?.type}: ${reason?.message}`],
    ),
  );
}

describe('a provider that allows ten calls in six seconds', () => {
  it('refuses none of two workers, though one is killed with -9; each brief waits, and none is out of time', async () => {
    const first = await here.worker();
    await here.worker();
    const muster = await here.library();
    for (const run of ['a', 'b']) await muster.start(planFor(run, 15), { id: `governed-${run}` });
    const taken = () => provider.between(0, Number.POSITIVE_INFINITY).taken;
    await expect.poll(() => taken().length, { timeout: 60_000, interval: 20 }).toBeGreaterThanOrEqual(15);
    first.kill('SIGKILL');
    const reports = await Promise.all(['a', 'b'].map((run) => endOfRun(here, `governed-${run}`)));
    expect(provider.between(0, Number.POSITIVE_INFINITY).refused).toBe(0);
    for (const report of reports) {
      expect(report.answer.ledger.map(({ status }) => status)).toEqual(Array(15).fill('succeeded'));
      expect(await inVain(report.run.first)).toEqual([]);
      expect(report.run.tries).toBe(15);
    }
    // Both waited from the beginning on: neither was made to wait for the other.
    const half = taken().slice(0, 20);
    expect(half.filter(({ run }) => run === 'a').length).toBeGreaterThanOrEqual(6);
    expect(half.filter(({ run }) => run === 'b').length).toBeGreaterThanOrEqual(6);

    const { stdout } = await here.muster('doctor', '--json');
    const { findings } = JSON.parse(stdout) as { findings: { what: string; detail: string }[] };
    const said = findings.filter(({ what }) => what === 'provider').map(({ detail }) => detail);
    expect(said).toEqual([expect.stringMatching(`^${new URL(provider.url).host}/m-1: \\d workers? asks?`)]);

    const queue = taskQueueOf(await fileStore(join(here.folder, 'home/store')));
    const connection = await Connection.connect({ address: inject('address') });
    try {
      const id = governorId(queue, new URL(provider.url).host, 'm-1');
      const history = await new Client({ connection }).workflow.getHandle(id).fetchHistory();
      await Worker.runReplayHistory({ workflowBundle: await bundled() }, history, id);
    } finally {
      await connection.close();
    }
  });
});
