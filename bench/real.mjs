/**
 * Instances of MUSTER_DATA carried out on a real server, their durations scaled down and slept, beside the simulation of
 * exactly that plan.  MUSTER_DATA=… node bench/real.mjs [--seconds 15] [--sample 24] [--seed 1] [--at-once 1] [--json]
 * [family/name@slots …]. On the server at TEMPORAL_ADDRESS, else on one of its own.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { criticalPath } from '../dist/core/graph/criticalPath.js';
import { needsOf } from '../dist/core/graph/units.js';
import { simulate } from '../dist/core/schedule/simulate.js';
import { fileStore, musterOn } from '../dist/index.js';
import { workerOn } from '../dist/workerOn.js';
import { embedded } from './embedded.mjs';
import { durationOf, instances, sampled } from './instances.mjs';

/** Of what is promised: so much longer than simulated, and so many ms more for each brief on the critical path. */
const SHARE = 0.05;
const PER_BRIEF_MS = 20;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '15' },
    sample: { type: 'string', default: '24' },
    seed: { type: 'string', default: '1' },
    'at-once': { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
});
const targetMs = Number(options.seconds) * 1000;
const data = process.env.MUSTER_DATA ?? '';
if (!existsSync(join(data, 'reference.json'))) {
  console.log('MUSTER_DATA is not set: nothing was carried out for real.');
  process.exit(0);
}
const source = instances(data);

/** An instance as a plan of sleeping briefs, `scale` ms for each unit of its durations. */
function planOf({ tasks, capacity = {} }, slots, scale) {
  const id = new Map(tasks.map((task, u) => [task.id, `t${u}`]));
  return {
    muster: 1,
    name: 'slept',
    brief: 'Sleep as long as each is told.',
    limits: { concurrency: slots },
    resources: capacity,
    briefs: tasks.map((task) => {
      const ms = Math.round(durationOf(task) * scale);
      const uses = Object.fromEntries(
        Object.entries(task.resources ?? {}).filter(([, amount]) => amount > 0),
      );
      return {
        ...{ id: id.get(task.id), call: 'rest', stdin: { from: `{"ms": ${ms}}` }, estimate: `${ms}ms`, uses },
        ...(task.deps.length > 0 && { needs: task.deps.map((need) => id.get(need)) }),
      };
    }),
  };
}

const simulationOf = ({ plan, graph }) => simulate(graph, (u) => plan.briefs[u].estimateMs);

/** Briefs of the simulated schedule, last to first, each held up by the one before: by a need, a slot or a resource. */
function chainOf({ spans }) {
  let length = 0;
  for (let at = spans.reduce((last, span) => (span.end > last.end ? span : last)); at; length++)
    at = spans.find((span) => span.end === at.start && span.start < at.start);
  return length;
}

const folder = mkdtempSync(join(tmpdir(), 'muster-bench-'));
Runtime.install({ logger: new DefaultLogger('ERROR') });
const own = process.env.TEMPORAL_ADDRESS ? undefined : await embedded(folder);
const address = own?.address ?? process.env.TEMPORAL_ADDRESS;
const native = await NativeConnection.connect({ address });
const connection = await Connection.connect({ address });
const client = new Client({ connection });
const muster = musterOn({ store: await fileStore(join(folder, 'store')), connect: async () => client });
const worker = await workerOn({
  connection: native,
  storeRoot: join(folder, 'store'),
  functions: new URL('./functions.mjs', import.meta.url).href,
  env: process.env,
});
const running = worker.run();

async function compiled(document) {
  const found = await muster.check({ document });
  if (!found.ok) throw new Error(JSON.stringify(found.problems.slice(0, 3)));
  return found;
}

/** Times in ms. */
async function carriedOut(name) {
  const [at, slots] = name.split('@');
  const instance = source.read(at);
  const total = Math.max(...instance.tasks.map(durationOf), 1);
  // A round of it in fine grain tells how long the whole takes, and so the scale.
  const fine = simulationOf(await compiled(planOf(instance, Number(slots), 1e6 / total))).makespan;
  const scale = ((1e6 / total) * targetMs) / fine;
  const plan = await compiled(planOf(instance, Number(slots), scale));
  const simulation = simulationOf(plan);
  const needs = plan.graph.units.map((_, u) => needsOf(plan.graph, u));
  const path = criticalPath(
    needs,
    plan.plan.briefs.map(({ estimateMs }) => estimateMs),
  ).path.length;

  const asked = Date.now();
  const { id } = await muster.start(plan);
  const { status } = await client.workflow.getHandle(id).result();
  const wall = Date.now() - asked;
  if (status !== 'complete') throw new Error(`${name} ended ${status}`);
  const { briefs } = (await muster.result(id)).report.run;
  const real =
    Math.max(...briefs.map(({ ended }) => ended)) - Math.min(...briefs.map(({ started }) => started));
  const simulated = simulation.makespan;
  const allowed = simulated * (1 + SHARE) + PER_BRIEF_MS * path;
  return {
    ...{
      name,
      tasks: briefs.length,
      scale,
      simulated,
      real,
      wall,
      path,
      chain: chainOf(simulation),
      allowed,
    },
    ...{ inside: real <= allowed, load: loadavg()[0] },
  };
}

const wanted =
  positionals.length > 0 ? positionals : sampled(source, Number(options.sample), Number(options.seed));
const line = (...cells) =>
  options.json ||
  console.log(
    cells.map((cell, n) => String(cell)[n === 0 ? 'padEnd' : 'padStart'](n === 0 ? 42 : 11)).join(''),
  );
const figures = [];
function tell(one) {
  figures.push(one);
  const { name, tasks, simulated, real, path, chain, allowed, inside, load } = one;
  line(
    ...[name, tasks, `${simulated} ms`, `${real} ms`, (real / simulated).toFixed(3), path, chain],
    ...[`${Math.round(allowed)} ms`, load.toFixed(1), inside ? '' : 'OUTSIDE'],
  );
}
try {
  // Threads, bundles and caches are warm for all of them alike.
  await carriedOut(wanted[0]);
  line('instance@slots', 'briefs', 'simulated', 'real', 'ratio', 'path', 'chain', 'allowed', 'load');
  const left = [...wanted];
  const lane = async () => {
    for (let name = left.shift(); name; name = left.shift()) tell(await carriedOut(name));
  };
  await Promise.all(Array.from({ length: Number(options['at-once']) }, lane));
} finally {
  worker.shutdown();
  await running;
  await connection.close();
  await native.close();
  await own?.stop();
  rmSync(folder, { recursive: true });
}
if (options.json) console.log(JSON.stringify(figures));
else
  console.log(
    `\n${figures.filter(({ inside }) => inside).length} of ${figures.length} inside ${SHARE * 100} % and ${PER_BRIEF_MS} ms a brief on the critical path`,
  );
