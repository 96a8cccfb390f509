import { mkdirSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ActivityCancellationDetails } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ActivityEffects, createActivities } from '../../src/activities/index.js';
import { sha256 } from '../../src/adapters/digest.js';
import { OPEN_POLICY } from '../../src/adapters/executors/policy.js';
import { GRACE_MS } from '../../src/adapters/executors/processGroup.js';
import { redactor } from '../../src/adapters/executors/redactor.js';
import { fileStore } from '../../src/adapters/stores/file.js';
import type { RunResult } from '../../src/contracts/run.js';
import type { ClosingNote } from '../../src/core/schedule/closing.js';
import { loadPlan, storePlan } from '../../src/engine/plans.js';
import type { IntegrateTask } from '../../src/threads/integrate.js';
import { resultOf, runStoppable, type ThreadReply, threadPool } from '../../src/threads/pool.js';
import { alive } from '../adapters/executors/alive.js';
import { RUN, recordRun } from './recordedRun.js';

/** The integrator as it is built, and a store: Node runs no TypeScript in a thread. */
const CACHE = join(import.meta.dirname, '../../node_modules/.cache');
mkdirSync(CACHE, { recursive: true });
const folder = mkdtempSync(join(CACHE, 'muster-test-'));
const outfile = join(folder, 'integrate.mjs');
beforeAll(() =>
  build({
    entryPoints: ['src/threads/integrate.ts'],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
  }),
);
afterAll(() => rm(folder, { recursive: true }));

const NOTE: ClosingNote = { reason: 'completed', units: 's', fans: {} };

/** A run whose verification waits for a minute, and how to know its process. */
async function waiting(mark: string, onTerm: string) {
  const code = `process.on("SIGTERM", () => { ${onTerm} }); setTimeout(() => {}, 60000, "${mark}")`;
  const text = `muster: 1
name: waits
brief: Wait.
briefs: [{ id: dig, run: [node, x.mjs] }]
integrate:
  verify: [node, -e, '${code}']
`;
  const storeRoot = mkdtempSync(join(folder, 'store-'));
  const store = await fileStore(storeRoot);
  const recorded = await recordRun(text, { dig: { status: 'succeeded', value: 'x' } }, { store });
  // Recorded plans lie in a folder that exists in memory only.
  const { plan, graph } = await loadPlan(store, recorded.plan);
  const here = await storePlan(
    store,
    { plan: { ...plan, folder: storeRoot }, graph, files: new Map() },
    sha256,
  );
  const env = { PATH: process.env.PATH };
  return {
    run: RUN,
    plan: here,
    note: NOTE,
    storeRoot,
    workspaces: join(folder, 'workspaces'),
    config: { policy: OPEN_POLICY, env, model: {} },
  };
}

describe('an integration that is stopped while its verification runs', () => {
  it.each([
    ['at once', 'stop-heeds', 'process.exit(0)'],
    ['only when killed', 'stop-ignores', ''],
  ])(
    'leaves no process behind, though the command ends %s, and records no verdict',
    async (_, mark, onTerm) => {
      const task = await waiting(mark, onTerm);
      const pool = threadPool<IntegrateTask, ThreadReply<RunResult>>(pathToFileURL(outfile), 1);
      const stop = new AbortController();
      try {
        const running = runStoppable(pool, task, {
          signal: stop.signal,
          graceMs: 2 * GRACE_MS,
        });
        await expect.poll(() => alive(mark), { timeout: 10_000 }).toHaveLength(1);
        stop.abort();
        const reply = await running;
        expect(alive(mark)).toEqual([]);
        expect(() => resultOf(reply)).toThrow(expect.objectContaining({ type: 'Cancelled' }));
        const store = await fileStore(task.storeRoot);
        expect(await store.list(`runs/${RUN.first}/i_`)).toEqual([]);
      } finally {
        await pool.destroy();
      }
    },
  );
});

describe('the integrate activity', () => {
  const input = { run: RUN, plan: 'a'.repeat(64), note: NOTE };
  /** What Temporal is told when the activity is stopped for `why` and the thread answers with `error`. */
  async function stopped(why: { workerShutdown: boolean } | { cancelRequested: boolean }, error: Error) {
    const environment = new MockActivityEnvironment();
    const { integrate } = createActivities({
      integrateInThread: (_: unknown, signal: AbortSignal) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(error))),
      redactor: redactor([]),
    } as unknown as ActivityEffects);
    const running = environment.run(integrate, input).catch((thrown: unknown) => thrown);
    environment.cancel('WORKER_SHUTDOWN', new ActivityCancellationDetails(why));
    return running;
  }

  it('is handed back by a worker that goes away, and begins at once on the next', async () => {
    expect(await stopped({ workerShutdown: true }, new Error('aborted'))).toMatchObject({
      type: 'Released',
      nonRetryable: false,
      nextRetryDelay: 1,
    });
  });

  it('is not handed back where somebody asked it to stop', async () => {
    const told = await stopped({ cancelRequested: true }, new Error('aborted'));
    expect(told).not.toMatchObject({ type: 'Released' });
  });
});
