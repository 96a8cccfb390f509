import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { embedded } from '../bench/embedded.mjs';
import { limitedServer } from '../bench/limited.mjs';
import { governorId } from '../dist/contracts/governor.js';
import { fileStore, musterOn, workerOn } from '../dist/index.js';
import { modelsFor } from './recordModels.mjs';

/**
 * Records histories of runs that together take every path of the workflow, for `test/replay/histories`: once for each
 * release, under its version.  node scripts/record.mjs VERSION [NAME …]
 */
const [version, ...wanted] = process.argv.slice(2);
if (!version) throw new Error('Which version? node scripts/record.mjs VERSION [NAME …]');
const sleep = (seconds) => ['node', '-e', `setTimeout(() => {}, ${seconds * 1000})`];
const print = (value) => ['node', '-e', `console.log(${JSON.stringify(JSON.stringify(value))})`];

const WITHIN = {
  muster: 1,
  name: 'part',
  brief: 'A part of it.',
  briefs: [{ id: 'a', gate: 'Good?', within: '1s' }],
};

const PLANS = {
  waves: {
    limits: { concurrency: 2 },
    resources: { books: 1 },
    briefs: [
      { id: 'a', run: print(1) },
      { id: 'b', needs: ['a'], run: print(2), uses: { books: 1 } },
      { id: 'c', needs: ['a'], run: print(3), uses: { books: 1 } },
      { id: 'd', needs: ['b', 'c'], run: print(4) },
    ],
  },
  barrier: {
    waves: 'barrier',
    briefs: [
      { id: 'a', run: print(1) },
      { id: 'b', run: print(2) },
      { id: 'c', needs: ['a'], run: print(3) },
    ],
  },
  fan: {
    briefs: [
      { id: 'list', run: print([1, 2, 3]), parse: 'json' },
      {
        id: 'each_one',
        needs: ['list'],
        forEach: { in: 'list.output' },
        run: ['node', '-e', 'console.log(process.argv[1])', 'n{{ item }}'],
      },
      { id: 'pair', forEach: { each: 'each_one' }, needs: ['each_one'], run: print(1) },
      { id: 'sum', needs: ['each_one', 'pair'], run: print(6) },
    ],
  },
  failing: {
    defaults: { retry: { attempts: 2, backoff: '100ms..100ms' } },
    briefs: [
      { id: 'bad', run: ['false'] },
      { id: 'after', needs: ['bad'], run: print(1) },
      { id: 'unneeded', when: 'false', run: print(1) },
    ],
  },
  stopping: {
    onFailure: 'stop',
    defaults: { retry: { attempts: 1 } },
    briefs: [
      { id: 'bad', run: ['false'] },
      { id: 'long', run: sleep(60) },
    ],
  },
  deadline: {
    limits: { deadline: '2s' },
    briefs: [
      { id: 'quick', run: print(1) },
      { id: 'long', run: sleep(60) },
    ],
  },
  cancelled: {
    briefs: [
      { id: 'long', run: sleep(60) },
      { id: 'after', needs: ['long'], run: print(1) },
    ],
  },
  scheduled: { briefs: [{ id: 'a', run: print(1) }] },
  joins: {
    briefs: [
      { id: 'bad', run: ['false'], retry: { attempts: 1 } },
      { id: 'good', run: print(1) },
      { id: 'long', run: sleep(60) },
      { id: 'any', needs: ['bad', 'good'], join: 'one_success', run: print(2) },
      { id: 'first', needs: ['good', 'long'], await: { long: { by: '2s', rest: 'cancel' } }, run: print(3) },
    ],
  },
  steered: {
    briefs: [
      { id: 'bad', run: ['false'], retry: { attempts: 1 } },
      { id: 'after', needs: ['bad'], run: print(1) },
      { id: 'long', run: sleep(60) },
    ],
  },
  asked: {
    briefs: [
      { id: 'release', gate: 'Shall it go out?', within: '10m' },
      { id: 'out', needs: ['release'], run: print(1) },
    ],
  },
  patched: {
    limits: { deadline: '10m' },
    briefs: [
      { id: 'long', run: sleep(4) },
      { id: 'old', needs: ['long'], run: print(1) },
      { id: 'write', needs: ['long'], run: print(2) },
    ],
  },
  within: {
    briefs: [
      { id: 'plan_it', run: print(WITHIN), parse: 'json' },
      { id: 'do_it', needs: ['plan_it'], plan: { from: 'plan_it.output' } },
    ],
  },
  governed: {
    models: { default: 'm' },
    briefs: [
      {
        id: 'each_one',
        forEach: { in: '[1, 2, 3, 4, 5]' },
        ask: 'run=a item={{ item }}',
        output: { type: 'object' },
      },
    ],
  },
  batched: {
    models: { default: 'x' },
    briefs: [
      {
        id: 'each_one',
        forEach: { in: '[1, 2, 3]' },
        ask: 'run=b item={{ item }}',
        output: { type: 'object' },
        batch: true,
        retry: { attempts: 9, backoff: '1s..3s' },
      },
    ],
  },
  tools: {
    models: { default: 'x' },
    briefs: [{ id: 'look', ask: 'Look it up.', tools: ['add'], output: { type: 'object' } }],
  },
  wide: {
    briefs: [
      { id: 'list', run: print(Array.from({ length: 1_001 }, (_, n) => n)), parse: 'json' },
      {
        id: 'each_one',
        needs: ['list'],
        forEach: { in: 'list.output', max: 1_001 },
        when: 'item > 998',
        run: print(1),
      },
    ],
  },
};

/** @returns the id of the run */
async function byHand(name, document) {
  const compiled = await muster.check({ document, folder });
  if (!compiled.ok) throw new Error(`${name}: ${JSON.stringify(compiled.problems)}`);
  return (await muster.start(compiled, { id: name })).id;
}

async function byTheClock(name, document) {
  const file = join(folder, `${name}.json`);
  writeFileSync(file, JSON.stringify(document));
  await muster.schedules.create({ id: name, file, cron: '0 3 1 1 *' });
  return muster.schedules.trigger(name);
}

/** What people do to a run while it goes on, each thing once what it takes is there. */
const ACTS = {
  cancelled: (id) => muster.cancel(id),
  async steered(id) {
    await muster.pause(id);
    await muster.setConcurrency(id, 2);
    await muster.resume(id);
    await muster.retry(id, 'bad');
    await wait(2_000);
    await muster.skip(id, 'long');
  },
  async asked(id) {
    const [gate] = await muster.gates(id);
    await muster.approve(id, 'release', { digest: gate.digest, by: 'Ann' });
  },
  patched: (id) => muster.patch(id, documentOf('patched', PATCHED)),
};
const PATCHED = {
  limits: { deadline: '20m' },
  briefs: [
    PLANS.patched.briefs[0],
    { id: 'write', needs: ['long', 'new'], run: print(3) },
    { id: 'new', run: print(4) },
  ],
};
const documentOf = (name, plan) => ({ muster: 1, name, brief: `Record ${name}.`, ...plan });

function record(name, id) {
  const show = ['workflow', 'show', '--workflow-id', id, '--address', server.address, '--output', 'json'];
  const text = execFileSync(server.binary, show, { encoding: 'utf8', maxBuffer: 2 ** 26 });
  const file = fileURLToPath(new URL(`../test/replay/histories/${name}-${version}.json`, import.meta.url));
  // Which machine it was is nobody's business, and replay does not ask.
  const anonymous = (key, value) => {
    if (key === 'identity' || /^\d+@/.test(value)) return 'recorded';
    return key === 'stackTrace' ? '' : value;
  };
  writeFileSync(file, `${JSON.stringify(JSON.parse(text, anonymous), undefined, 1)}\n`);
  console.log(`${name}: recorded`);
}

/** Workflows whose histories are kept, and what they are called: a run's own, parts of it, or what it went by. */
const RECORDED = {
  governed: { governed: governor },
  tools: { tools: '', 'tools-loop': '/0/tools/1' },
  within: { within: '', 'within-part': '/1/1' },
  wide: { wide: '', 'wide-shard': '/1.1000/5' },
};

/** Of the model that is asked. */
function governor() {
  return governorId(worker.taskQueue, new URL(provider.url).host, 'm');
}

Runtime.install({ logger: new DefaultLogger('ERROR') });
const folder = mkdtempSync(join(tmpdir(), 'muster-record-'));
const server = await embedded(folder);
const native = await NativeConnection.connect({ address: server.address });
const connection = await Connection.connect({ address: server.address });
const client = new Client({ connection });
const storeRoot = join(folder, 'store');
const muster = musterOn({ store: await fileStore(storeRoot), connect: async () => client });
const limited = await limitedServer({ windowMs: 3_000, requests: 2, tokens: 10_000, answer: 20 });
const provider = await modelsFor(limited);
const worker = await workerOn({
  ...{ connection: native, storeRoot, env: process.env, model: { baseURL: provider.url } },
  policy: { models: { m: { requests: 2, perMs: 3_000 } }, tools: { functions: ['add'], mcp: {} } },
  inline: {
    add: Object.assign(({ input }) => input.n + 1, {
      tool: { description: 'Adds one.', input: { type: 'object' } },
    }),
  },
});
const running = worker.run();
for (const [name, plan] of Object.entries(PLANS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const document = documentOf(name, plan);
  const id = name === 'scheduled' ? await byTheClock(name, document) : await byHand(name, document);
  if (ACTS[name]) {
    await wait(2_000);
    await ACTS[name](id);
  }
  await client.workflow.getHandle(id).result();
  for (const [as, part] of Object.entries(RECORDED[name] ?? { [name]: '' }))
    record(as, part === governor ? governor() : `${id}${part}`);
}

worker.shutdown();
await running;
await connection.close();
await native.close();
await server.stop();
await provider.close();
await limited.close();
rmSync(folder, { recursive: true });
