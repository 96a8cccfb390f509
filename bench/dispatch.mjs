/**
 * 1,000 no-op briefs through Muster, and through a hand-written workflow with one activity per brief: same server, same
 * run, same worker options, concurrency and payload sizes, interleaved. Muster also fsyncs every outcome and writes a report.
 * Prints each round and the ratio of medians.  node bench/dispatch.mjs [rounds] [briefs]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { fileStore, musterOn } from '../dist/index.js';
import { WORKER_TUNING, workerOn } from '../dist/workerOn.js';
import { embedded } from './embedded.mjs';
import { median } from './figures.mjs';

Runtime.install({ logger: new DefaultLogger('ERROR') });
const rounds = Number(process.argv[2] ?? 7);
const count = Number(process.argv[3] ?? 1000);
const concurrency = 100;

const folder = mkdtempSync(join(tmpdir(), 'muster-bench-'));
const server = await embedded(folder);
const native = await NativeConnection.connect({ address: server.address });
const connection = await Connection.connect({ address: server.address });
const client = new Client({ connection });
const store = await fileStore(join(folder, 'store'));

const muster = musterOn({ store, connect: async () => client });
const musterWorker = await workerOn({
  connection: native,
  storeRoot: join(folder, 'store'),
  inline: { noop: () => null },
  env: process.env,
});
const bareWorker = await Worker.create({
  connection: native,
  taskQueue: 'bare',
  workflowBundle: await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('./bare/workflows.mjs', import.meta.url)),
  }),
  activities: { noop: async () => ({ status: 'succeeded', tries: 1 }) },
  ...WORKER_TUNING,
});
const running = Promise.all([musterWorker.run(), bareWorker.run()]);

const document = {
  muster: 1,
  name: 'noop',
  brief: 'Do nothing, often.',
  limits: { concurrency },
  briefs: Array.from({ length: count }, (_, u) => ({ id: `b${u}`, call: 'noop' })),
};
const compiled = await muster.check({ document });
if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems.slice(0, 3)));

async function timed(work) {
  const from = performance.now();
  await work();
  return performance.now() - from;
}
const throughMuster = async () => {
  const { id } = await muster.start(compiled);
  const result = await client.workflow.getHandle(id).result();
  if (result.status !== 'complete') throw new Error(`run ended ${result.status}`);
};
const input = { run: { id: 'a1b2c3d4', first: '0'.repeat(36) }, plan: 'd'.repeat(64) };
const throughBare = async () => {
  const done = await client.workflow.execute('bare', {
    taskQueue: 'bare',
    workflowId: `bare-${Math.random()}`,
    args: [{ count, concurrency, input }],
  });
  if (done !== count) throw new Error(`${done} of ${count}`);
};

const times = { bare: [], muster: [] };
await throughBare();
await throughMuster();
for (let round = 0; round < rounds; round++) {
  const order = round % 2 === 0 ? ['bare', 'muster'] : ['muster', 'bare'];
  for (const which of order) times[which].push(await timed(which === 'bare' ? throughBare : throughMuster));
  console.log(
    `round ${round + 1}  bare ${(times.bare.at(-1) / count).toFixed(2)} ms  muster ${(times.muster.at(-1) / count).toFixed(2)} ms a brief`,
  );
}
const ratios = times.muster.map((ms, n) => ms / times.bare[n]);
console.log(`\n${count} briefs, ${concurrency} at once, ${rounds} rounds`);
console.log(
  `median a brief: bare ${(median(times.bare) / count).toFixed(2)} ms, muster ${(median(times.muster) / count).toFixed(2)} ms`,
);
console.log(
  `ratio by round: median ${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)})`,
);

musterWorker.shutdown();
bareWorker.shutdown();
await running;
await connection.close();
await native.close();
await server.stop();
rmSync(folder, { recursive: true });
