/**
 * The dispatcher in simulation over real workflow DAGs and scheduling problems with known optima, from the folder that
 * MUSTER_DATA names, against bounds and against what others reach there.  MUSTER_DATA=… node bench/schedule.mjs
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { boundsOf } from '../dist/core/graph/bounds.js';
import { ranks } from '../dist/core/graph/criticalPath.js';
import { simulate } from '../dist/core/schedule/simulate.js';
import { nearestRank } from './figures.mjs';
import { durationOf, instances } from './instances.mjs';

const data = process.env.MUSTER_DATA ?? '';
if (!existsSync(join(data, 'reference.json'))) {
  console.log('MUSTER_DATA is not set: workflow DAGs, plans and scheduling problems were skipped.');
  process.exit(0);
}
const { read, names } = instances(data);
const reference = read('reference');

/** As a plan of so many slots would be compiled. */
function problem(name, concurrency) {
  const { tasks, capacity = {} } = read(name);
  const at = new Map(tasks.map(({ id }, u) => [id, u]));
  const durations = tasks.map(durationOf);
  const needs = tasks.map(({ deps }) => deps.map((id) => at.get(id)));
  const rank = ranks(needs, durations);
  const resources = Object.keys(capacity);
  const sets = needs.filter((of) => of.length > 0).map((success) => ({ success }));
  let set = 0;
  const units = tasks.map(({ id, resources: held = {} }, u) => ({
    ...{ kind: 'brief', label: id, rank: rank[u], timeoutMs: 1, heartbeatMs: 1 },
    ...(needs[u].length > 0 && { needs: set++ }),
    uses: Object.entries(held).flatMap(([r, amount]) => (amount > 0 ? [[resources.indexOf(r), amount]] : [])),
  }));
  const capacities = resources.map((r) => ({ name: r, capacity: capacity[r] }));
  const graph = { v: 1, units, sets, capacities, concurrency, waves: 'rolling', onFailure: 'continue' };
  return { graph, durations, needs };
}

/** Makespan of the dispatcher's schedule. @throws Error where that breaks a constraint */
function dispatched({ graph, durations, needs }) {
  const { makespan, spans } = simulate(graph, (u) => durations[u]);
  const span = new Map(spans.map((one) => [one.u, one]));
  if (span.size !== durations.length) throw new Error('not everything ran');
  for (const [u, of] of needs.entries())
    for (const need of of)
      if (span.get(u).start < span.get(need).end) throw new Error(`${u} began before ${need} had ended`);
  const held = (t, amount) =>
    spans.reduce((sum, { u, start, end }) => sum + (start <= t && t < end ? amount(graph.units[u]) : 0), 0);
  for (const { start } of spans) {
    if (held(start, () => 1) > graph.concurrency) throw new Error(`too many at once at ${start}`);
    for (const [c, { capacity, name }] of graph.capacities.entries()) {
      const amount = ({ uses }) => uses.find(([at]) => at === c)?.[1] ?? 0;
      if (held(start, amount) > capacity) throw new Error(`too much of ${name} at ${start}`);
    }
  }
  return makespan;
}

const ENOUGH = 1_000_000;
const bound = ({ graph, durations, needs }) =>
  boundsOf(needs, durations, [{ capacity: graph.concurrency, amounts: durations.map(() => 1) }]).least;
const percent = (ratio) => `${((ratio - 1) * 100).toFixed(1)} %`;
const mean = (numbers) => numbers.reduce((a, b) => a + b, 0) / numbers.length;
const line = (...cells) =>
  console.log(
    cells.map((cell, n) => String(cell)[n === 0 ? 'padEnd' : 'padStart'](n === 0 ? 26 : 15)).join(''),
  );

console.log('\nDAGs, makespan over the lower bound (longest path, work shared, interval)\n');
line('', 'instances', 'slots', 'median', '90th pct', 'worst', 'barrier worst');
const dags = {
  'workflows (wf)': 'wf',
  'plans (asynchow)': 'asynchow',
  'agents (worfbench)': 'worfbench',
  documents: 'docs',
};
for (const [title, family] of Object.entries(dags))
  for (const slots of [4, 16, 64, ENOUGH]) {
    const all = names(family);
    const over = all.map((name) => {
      const one = problem(name, slots);
      const least = bound(one);
      const waves = reference[name]?.[slots === ENOUGH ? 'inf' : slots]?.waves;
      return { ratio: dispatched(one) / least, barrier: waves && waves / least };
    });
    const ratios = over.map(({ ratio }) => ratio);
    const barriers = over.flatMap(({ barrier }) => barrier ?? []);
    line(
      title,
      all.length,
      slots === ENOUGH ? 'no limit' : slots,
      nearestRank(ratios, 0.5).toFixed(3),
      nearestRank(ratios, 0.9).toFixed(3),
      Math.max(...ratios).toFixed(3),
      barriers.length > 0 ? Math.max(...barriers).toFixed(3) : 'unknown',
    );
  }

console.log('\nScheduling problems, mean over the best known makespan, one greedy pass\n');
line('', 'instances', 'Muster', 'critical path', 'FIFO', 'FIFO, blocking', 'barrier');
const sizes = ['j30', 'j60', 'j120'];
const problems = {
  ...Object.fromEntries(
    sizes.map((size) => [size, names('rcpsp').filter((name) => name.match(/j(30|60|120)/)[0] === size)]),
  ),
  'job shop': names('jssp'),
};
let worst = { over: 0 };
for (const [family, all] of Object.entries(problems)) {
  const known = all.map((name) => reference[name]);
  const ours = all.map((name) => dispatched(problem(name, ENOUGH)));
  for (const [n, name] of all.entries()) {
    const over = ours[n] / known[n].cpDispatch;
    if (over > worst.over) worst = { over, name };
  }
  const of = (key) => percent(mean(known.map((one) => one[key] / one.bestKnown)));
  const own = percent(mean(ours.map((makespan, n) => makespan / known[n].bestKnown)));
  line(family, all.length, own, of('cpDispatch'), of('fifoDispatch'), of('fifoHeadOfLine'), of('waves'));
}
console.log(
  `\nOf single problems, the furthest from critical-path dispatch: ${worst.name}, ${percent(worst.over)}`,
);
console.log('No constraint is broken in any of them.');
