import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { embedded } from '../bench/embedded.mjs';
import { fileStore, musterOn, workerOn } from '../dist/index.js';

/**
 * Records histories of runs that together take every path of the workflow, for `test/replay/histories`: once for each
 * release, under its version.  node scripts/record.mjs VERSION [NAME …]
 */
const [version, ...wanted] = process.argv.slice(2);
if (!version) throw new Error('Which version? node scripts/record.mjs VERSION [NAME …]');
const sleep = (seconds) => ['node', '-e', `setTimeout(() => {}, ${seconds * 1000})`];
const print = (value) => ['node', '-e', `console.log(${JSON.stringify(JSON.stringify(value))})`];

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

Runtime.install({ logger: new DefaultLogger('ERROR') });
const folder = mkdtempSync(join(tmpdir(), 'muster-record-'));
const server = await embedded(folder);
const native = await NativeConnection.connect({ address: server.address });
const connection = await Connection.connect({ address: server.address });
const client = new Client({ connection });
const storeRoot = join(folder, 'store');
const muster = musterOn({ store: await fileStore(storeRoot), connect: async () => client });
const worker = await workerOn({ connection: native, storeRoot, env: process.env });
const running = worker.run();
for (const [name, plan] of Object.entries(PLANS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const document = { muster: 1, name, brief: `Record ${name}.`, ...plan };
  const id = name === 'scheduled' ? await byTheClock(name, document) : await byHand(name, document);
  if (name === 'cancelled') {
    await wait(2_000);
    await muster.cancel(id);
  }
  await client.workflow.getHandle(id).result();
  const show = ['workflow', 'show', '--workflow-id', id, '--address', server.address, '--output', 'json'];
  const text = execFileSync(server.binary, show, { encoding: 'utf8', maxBuffer: 2 ** 26 });
  const file = fileURLToPath(new URL(`../test/replay/histories/${name}-${version}.json`, import.meta.url));
  // Which machine it was is nobody's business, and replay does not ask.
  const anonymous = (key, value) => (key === 'identity' ? 'recorded' : key === 'stackTrace' ? '' : value);
  writeFileSync(file, `${JSON.stringify(JSON.parse(text, anonymous), undefined, 1)}\n`);
  console.log(`${name}: recorded`);
}
worker.shutdown();
await running;
await connection.close();
await native.close();
await server.stop();
rmSync(folder, { recursive: true });
