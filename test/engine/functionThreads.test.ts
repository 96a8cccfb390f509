import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { MessageChannel, type Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OPEN_POLICY } from '../../src/adapters/executors/policy.js';
import { fileStore } from '../../src/adapters/stores/file.js';
import type * as client from '../../src/client.js';
import type { RunResult } from '../../src/contracts/run.js';
import type { IntegrateTask } from '../../src/threads/integrate.js';
import { resultOf, type ThreadReply } from '../../src/threads/pool.js';
import { RUN, recordRun, textOf } from './recordedRun.js';

/** What integrates as it is built: Node runs no TypeScript in a thread. Where each lies leads to the entry of a call. */
const CACHE = join(import.meta.dirname, '../../node_modules/.cache');
mkdirSync(CACHE, { recursive: true });
const folder = mkdtempSync(join(CACHE, 'muster-test-'));
let integrate: (task: IntegrateTask) => Promise<ThreadReply<RunResult>>;
let musterOn: typeof client.musterOn;
beforeAll(async () => {
  await build({
    entryPoints: {
      'adapters/executors/integrate': 'src/threads/integrate.ts',
      'adapters/executors/client': 'src/client/muster.ts',
      'threads/call': 'src/threads/call.ts',
    },
    ...{ outdir: folder, bundle: true, packages: 'external', platform: 'node', format: 'esm' },
  });
  ({ default: integrate } = await import(join(folder, 'adapters/executors/integrate.js')));
  ({ musterOn } = await import(join(folder, 'adapters/executors/client.js')));
});
afterAll(() => rm(folder, { recursive: true }));

const threads: Worker[] = [];
process.on('worker', (thread: Worker) => threads.push(thread));
beforeEach(() => {
  threads.length = 0;
});
/** Of those that were started since the test began. */
const living = () => threads.filter(({ threadId }) => threadId !== -1);

const PLAN = `muster: 1
name: totals
brief: How much was sold?
briefs: [{ id: shop, run: [node, s.mjs], parse: json }]
integrate:
  merge: { total: { from: [shop], at: '$[*]', reduce: sum } }
`;

/** A run whose integrator asks a function, and what it needs to. */
async function asking(name: string) {
  const at = join(folder, name);
  const storeRoot = join(at, 'store');
  mkdirSync(at);
  const store = await fileStore(storeRoot);
  const { plan } = await recordRun(PLAN, { shop: { status: 'succeeded', value: [3, 4] } }, { store });
  const file = join(at, 'functions.mjs');
  /** @param times what it is multiplied with */
  const summing = (times = 1) =>
    writeFileSync(
      file,
      `import { appendFileSync } from 'node:fs';
      export const sum = ({ input: { items } }) => {
        appendFileSync(${JSON.stringify(join(at, 'calls'))}, '.');
        return [{ value: ${times} * items.reduce((all, { value }) => all + value, 0), from: items.map((_, n) => n) }];
      };`,
    );
  summing();
  const calls = () => readFileSync(join(at, 'calls'), 'utf8').length;
  const functions = pathToFileURL(file).href;
  const run = async () => {
    const { port1, port2 } = new MessageChannel();
    const config = { policy: OPEN_POLICY, env: {}, model: {}, functions };
    const note = { reason: 'completed', units: 's', fans: {} } as const;
    const input = { run: RUN, plan, note, storeRoot, workspaces: join(at, 'workspaces') };
    const { report } = resultOf(await integrate({ ...input, config, port: port2 }));
    port1.close();
    return JSON.parse(await textOf(store, report.json)).answer.data;
  };
  const connect = () => Promise.reject(new Error('connection refused'));
  return { run, summing, calls, muster: musterOn({ store, connect, functions }) };
}

describe('a function that the integrator calls', () => {
  it('leaves no thread behind in a worker', async () => {
    const { run } = await asking('worker');
    expect(await run()).toEqual({ total: [7] });
    expect(threads.length).toBeGreaterThan(0);
    expect(living()).toEqual([]);
  });

  it('leaves no thread behind in a program that integrates by other rules', async () => {
    const { run, muster } = await asking('client');
    await run();
    threads.length = 0;
    const sold = { from: ['shop'], at: '$[*]', reduce: 'sum' };
    const { report } = await muster.integrate(RUN.id, { integrate: { merge: { sold } } });
    expect(report.answer.data).toEqual({ sold: [7] });
    expect(threads.length).toBeGreaterThan(0);
    expect(living()).toEqual([]);
  });

  it('is called once, and again only when its module is another', async () => {
    const { run, summing, calls, muster } = await asking('mended');
    await run();
    const rules = { integrate: { merge: { total: { from: ['shop'], at: '$[*]', reduce: 'sum' } } } };
    expect((await muster.integrate(RUN.id, rules)).report.answer.data).toEqual({ total: [7] });
    expect(calls()).toBe(1);
    summing(2);
    expect((await muster.integrate(RUN.id, rules)).report.answer.data).toEqual({ total: [14] });
    expect(calls()).toBe(2);
  });

  it('that there is none of is told before anything is asked', async () => {
    const { run, calls, muster } = await asking('unknown');
    await run();
    const rules = { integrate: { merge: { total: { from: ['shop'], at: '$[*]', reduce: 'sums' } } } };
    const refused = muster.integrate(RUN.id, rules);
    await expect(refused).rejects.toMatchObject({
      type: 'InvalidPlan',
      message: expect.stringMatching(
        /^integrate\.merge\.total\.reduce: no function is called `sums`.*it has sum\./,
      ),
    });
    expect(calls()).toBe(1);
  });
});
