/**
 * 10,000 results of 20 KB (200 MB): carried out and integrated by the worker of the command line; then integrated in a thread of
 * a fresh process, in several ways, twice over the same store, for the same bytes are to come. Seconds, and peak resident memory
 * of that process as the kernel keeps it (VmHWM, Linux).
 * node bench/wide.mjs [results] [bytes of each] [beginning of the names of cases]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sha256 } from '../dist/adapters/digest.js';
import { OPEN_POLICY } from '../dist/adapters/executors/policy.js';
import { surroundings } from '../dist/adapters/folder.js';
import { fileStore } from '../dist/adapters/stores/file.js';
import { encodeSegment } from '../dist/core/outcome/segment.js';
import { compile } from '../dist/core/plan/compile.js';
import { INLINE_LIMIT, putBytes } from '../dist/engine/artifacts.js';
import { storePlan } from '../dist/engine/plans.js';
import { openRun } from '../dist/engine/runIndex.js';
import { segmentName } from '../dist/engine/segments.js';
import { resultOf, runStoppable, threadPool } from '../dist/threads/pool.js';
import { product } from './product.mjs';

const RUN = { id: 'wide', first: 'f-wide' };
/** Short items with figures, each held against the long result that it cites. */
const SOURCED = {
  requirements: [
    {
      id: 'sourced',
      says: 'All is in the results.',
      check: { provenance: 'strict', in: '$.rows', cites: 'from' },
    },
  ],
};
/** Each key is said by two that say something else in one long field. */
const BY_KEY = { merge: { rows: { from: ['dig'], at: '$.rows', key: 'vendor', conflicts: ['majority'] } } };
const ALONE = { merge: { rows: { from: ['dig'], at: '$.rows', key: ['vendor', 'cost'] } } };
const WORDS = [
  'runs',
  'steps',
  'queue',
  'latency',
  'worker',
  'retries',
  'licence',
  'support',
  'storage',
  'cost – per seat',
];
const NEAR = { merge: { rows: { from: ['dig'], at: '$.rows', near: 0.8 } } };
const CASES = {
  'side by side': {},
  'by key, each of two that differ': { integrate: BY_KEY },
  'by key, each of one': { integrate: ALONE },
  'no key, nearly the same': { integrate: NEAR },
  '660,000 short rows of one source': { integrate: ALONE },
  'with provenance': { integrate: ALONE, ...SOURCED },
};

const [what, ...given] = process.argv.slice(2);
if (what === '--prepare') await prepare(...given);
else if (what === '--integrate') await integrate(...given);
else measure(what, ...given);

/** The worker of the command line carries them all out, and integrates them. */
function byWorker(count, bytes) {
  const { home, write, muster, close } = product();
  const plan = write('wide.json', {
    muster: 1,
    name: 'wide',
    brief: 'Say much.',
    limits: { concurrency: 100 },
    params: { type: 'object', properties: { count: { type: 'integer' } } },
    briefs: [
      { id: 'numbers', run: ['seq', '{{ params.count }}'], parse: 'lines' },
      {
        id: 'dig',
        needs: ['numbers'],
        forEach: { in: 'numbers.output', as: 'n', max: 20_000 },
        run: ['cat', '{{ n }}.json'],
        parse: 'json',
      },
    ],
    integrate: BY_KEY,
  });
  for (let n = 1; n <= count; n++) write(`${n}.json`, { rows: [rowOf(n - 1, bytes)] });
  try {
    const { seconds } = muster('run', plan, '--param', `count=${count}`);
    const { workerPid } = JSON.parse(readFileSync(join(home, 'supervisor.json'), 'utf8'));
    const peak = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${workerPid}/status`, 'utf8'))[1]) / 1024;
    console.log(
      `carried out and integrated by a worker, by key: ${seconds.toFixed(0)} s in all; worker peak ${peak.toFixed(0)} MB`,
    );
  } finally {
    muster('dev', '--stop');
    close();
  }
}

function rowOf(k, bytes) {
  const short = { vendor: `Vendor ${k >> 1}`, cost: 1000 + (k % 2), from: [`dig[${k}]`] };
  return { ...short, text: longText(k, bytes) };
}

function measure(results = '10000', bytes = '20000', only = '') {
  const self = fileURLToPath(import.meta.url);
  // As a worker's own.
  const flags = ['--max-semi-space-size=4', '--heap-growing-percent=50'];
  const child = (...args) =>
    execFileSync(process.execPath, [...flags, self, ...args], { encoding: 'utf8' }).trim();
  if ('worker'.startsWith(only)) byWorker(Number(results), Number(bytes));
  for (const name of Object.keys(CASES).filter((name) => name.startsWith(only))) {
    const folder = mkdtempSync(join(tmpdir(), 'muster-wide-'));
    try {
      const count = name.startsWith('660,000') ? '1' : results;
      const plan = child('--prepare', folder, name, count, bytes);
      const told = [1, 2].map(() => JSON.parse(child('--integrate', folder, plan, count)));
      const [first, second] = told;
      const times = told.map(({ seconds, mb }) => `${seconds.toFixed(1)} s, ${mb.toFixed(0)} MB`).join('; ');
      const same = first.answer === second.answer ? 'the same bytes' : 'OTHER BYTES';
      console.log(
        `${name}: ${times}; ${first.status}; report.json ${(first.size / 1e6).toFixed(1)} MB; ${same}`,
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

function saidIn(name, k, bytes) {
  if (name.startsWith('660,000'))
    return { rows: Array.from({ length: 660_000 }, (_, n) => ({ vendor: `Vendor ${n}`, cost: n })) };
  const { text, ...short } = rowOf(k, bytes);
  return CASES[name].requirements ? { rows: [short], text } : { rows: [{ ...short, text }] };
}

async function prepare(folder, name, results, bytes) {
  const count = Number(results);
  const store = await fileStore(join(folder, 'store'));
  const document = {
    muster: 1,
    name: 'wide',
    brief: 'Say much.',
    briefs: [
      {
        id: 'dig',
        run: ['true', '{{ n }}'],
        parse: 'json',
        forEach: { in: `[${count}]`, as: 'n', max: 20_000 },
      },
    ],
    ...CASES[name],
  };
  const compiled = await compile({ document }, surroundings(process.env.PATH));
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
  const plan = await storePlan(store, compiled, sha256);
  await openRun(store, { ...RUN, plan, name: 'wide', brief: 'Say much.', openedAt: Date.now() });
  const place = (unit) => segmentName({ run: RUN.first, unit }, 0);
  const keys = Array.from({ length: count }, (_, k) => `${k}`);
  await store.create(
    place('0'),
    encodeSegment({ dispatch: 1, attempt: 1 }, [{ row: 'expansion', keys, items: [] }], []),
  );
  for (const [k, key] of keys.entries()) {
    const body = new TextEncoder().encode(JSON.stringify(saidIn(name, k, Number(bytes))));
    const ref = { digest: sha256(body), size: body.length, type: 'application/json' };
    if (ref.size > INLINE_LIMIT) await putBytes(store, { bytes: body, type: ref.type }, sha256);
    const outcome = {
      row: 'outcome',
      brief: 'dig',
      key,
      try: 1,
      verdict: 'succeeded',
      status: 'succeeded',
    };
    const times = { started: 1_000, ended: 2_000 };
    const inline = ref.size <= INLINE_LIMIT;
    const unit = `0.${k}`;
    const at = { run: RUN.first, unit, seq: 0, offset: 0, length: ref.size };
    const row = { ...outcome, ...times, ref: inline ? { ...ref, at } : ref };
    await store.create(place(unit), encodeSegment({ dispatch: 1, attempt: 1 }, [row], inline ? [body] : []));
  }
  console.log(plan);
}

async function integrate(folder, plan, results) {
  const storeRoot = join(folder, 'store');
  const pool = threadPool(new URL('../dist/threads/integrate.js', import.meta.url), 1);
  const note = { reason: 'completed', units: 'd', fans: { 0: 's'.repeat(Number(results)) } };
  const config = { policy: OPEN_POLICY, env: process.env, model: {} };
  const task = { run: RUN, plan, note, storeRoot, workspaces: join(folder, 'workspaces'), config };
  const from = performance.now();
  const signal = new AbortController().signal;
  const result = resultOf(await runStoppable(pool, task, { signal, graceMs: 1_000 }));
  const seconds = (performance.now() - from) / 1000;
  const mb = Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024;
  const store = await fileStore(storeRoot);
  const read = async (digest) => (await store.read(`blobs/${digest.slice(0, 2)}/${digest}`)).length;
  const { status, answer, report } = result;
  console.log(JSON.stringify({ seconds, mb, status, answer, size: await read(report.json) }));
  await pool.destroy();
}

/** Words, with a figure now and then. */
function longText(n, length) {
  let text = `Result ${n}.`;
  for (let k = 0; text.length < length; k++)
    text += ` ${WORDS[(n + k) % WORDS.length]} ${WORDS[(n * 7 + k * 3) % WORDS.length]}${k % 9 === 0 ? ` of ${n + k} units.` : ''}`;
  return text.slice(0, length);
}
