/**
 * Four worker processes and one model server with a limit per sliding window, and two runs that want more than it allows:
 * how much of the allowance is used, how many calls are refused, and how it is divided between the runs.
 * node bench/governor.mjs [--window 6] [--windows 10] [--requests 50] [--tokens 20000] [--answer 150]: seconds of a window, windows measured,
 * what is allowed in one, and the mean length of an answer in tokens. On the server at TEMPORAL_ADDRESS, else on one of its own.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createMuster } from '../dist/index.js';
import { embedded } from './embedded.mjs';
import { limitedServer } from './limited.mjs';

const { values } = parseArgs({
  options: {
    window: { type: 'string', default: '6' },
    windows: { type: 'string', default: '10' },
    requests: { type: 'string', default: '50' },
    tokens: { type: 'string', default: '20000' },
    answer: { type: 'string', default: '150' },
  },
});
const [windowMs, windows, requests, tokens, answer] = [
  ...[Number(values.window) * 1000, Number(values.windows), Number(values.requests)],
  ...[Number(values.tokens), Number(values.answer)],
];
const WORKERS = 4;

const folder = mkdtempSync(join(tmpdir(), 'muster-bench-'));
const own = process.env.TEMPORAL_ADDRESS ? undefined : await embedded(folder);
const server = await limitedServer({ windowMs, requests, tokens, answer });
writeFileSync(
  join(folder, 'policy.json'),
  JSON.stringify({ models: { model: { requests, tokens, per: `${values.window}s` } } }),
);
const settings = {
  MUSTER_HOME: join(folder, 'home'),
  TEMPORAL_ADDRESS: own?.address ?? process.env.TEMPORAL_ADDRESS,
  MUSTER_POLICY: join(folder, 'policy.json'),
  OPENAI_BASE_URL: server.url,
};
const workers = Array.from({ length: WORKERS }, () => {
  const main = new URL('../dist/cli/main.js', import.meta.url).pathname;
  return spawn(process.execPath, [main, 'worker'], {
    env: { ...process.env, ...settings },
    stdio: 'ignore',
  });
});
const muster = await createMuster({ settings, bringUp: false });
const plan = (run) => ({
  muster: 1,
  name: run,
  brief: 'Answer each.',
  params: {
    type: 'object',
    properties: { items: { type: 'array', items: { type: 'string' } } },
    required: ['items'],
  },
  limits: { concurrency: 100 },
  models: { default: 'model' },
  briefs: [
    {
      id: 'each',
      forEach: { in: 'params.items', as: 'item', max: 2000 },
      ask: `run=${run} item={{ item }}`,
      output: { type: 'object' },
    },
  ],
});
const most = Math.ceil((windows + 3) * Math.max(requests, tokens / answer / 2));
const items = Array.from({ length: Math.min(1000, most) }, (_, n) => `item ${n}`);
try {
  for (const run of ['a', 'b'])
    await muster.start(plan(run), { params: { items }, id: `${run}-${process.pid}` });
  const from = await server.first();
  const begin = from + windowMs;
  const end = begin + windows * windowMs;
  await new Promise((resolve) => setTimeout(resolve, end - Date.now()));
  const seen = server.between(begin, end);
  const share = Math.max(
    seen.taken.length / (requests * windows),
    seen.taken.reduce((sum, one) => sum + one.tokens, 0) / (tokens * windows),
  );
  const of = (run) => seen.taken.filter((one) => one.run === run).length;
  console.log(
    JSON.stringify({
      window: `${values.window} s`,
      ...{ windows, calls: seen.taken.length, tokens: seen.taken.reduce((sum, one) => sum + one.tokens, 0) },
      used: `${(100 * share).toFixed(1)} %`,
      refused: `${((100 * seen.refused) / (seen.taken.length + seen.refused)).toFixed(2)} %`,
      ...{ a: of('a'), b: of('b') },
    }),
  );
} finally {
  await Promise.allSettled(['a', 'b'].map((run) => muster.cancel(`${run}-${process.pid}`)));
  await muster.close();
  for (const worker of workers) worker.kill('SIGKILL');
  await server.close();
  await own?.stop();
  rmSync(folder, { recursive: true, force: true });
}
