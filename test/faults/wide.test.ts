import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { Client, Connection } from '@temporalio/client';
import { afterEach, expect, inject, it } from 'vitest';
import { type Place, place } from '../support/muster.js';
import { recorded } from '../support/waves.js';

/** Items of the fan-out; `MUSTER_WIDE=10000` for as many as that. */
const WIDTH = Number(process.env.MUSTER_WIDE ?? 2_000);

const places: Place[] = [];
afterEach(async () => {
  for (const one of places.splice(0)) await one.close();
});

/** Notes that it was called, and doubles. */
const FUNCTIONS = `
import { appendFileSync } from 'node:fs';
export const numbers = ({ input }) => Array.from({ length: input }, (_, n) => ({ n }));
export function double({ input: { n }, key }) {
  appendFileSync(new URL('./log', import.meta.url), n + ' ' + key + '\\n');
  return { n, twice: 2 * n };
}
`;

const PLAN = `
muster: 1
name: wide
brief: Double every number.
params: { type: object, properties: { count: { type: integer } } }
requirements:
  - { id: all, says: All are there., check: { count: { min: ${WIDTH} }, in: '$.doubles[*]' } }
limits: { concurrency: 50 }
defaults: { heartbeat: 5s }
briefs:
  - { id: numbers, call: numbers, stdin: { from: params.count } }
  - id: double
    needs: [numbers]
    forEach: { in: numbers.output, key: string(item.n), max: ${Math.max(WIDTH, 1)} }
    call: double
    stdin: { from: item }
integrate:
  merge: { doubles: { from: [double], key: n } }
`;

/** Most resident memory of a process so far, MB; undefined where the system does not tell. */
function peakOf({ pid }: ChildProcess): number | undefined {
  if (!existsSync(`/proc/${pid}/status`)) return undefined;
  const [, kB] = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return kB === undefined ? undefined : Number(kB) / 1024;
}

/** Longest and largest history of the run and its shards. */
async function histories(id: string): Promise<{ events: number; bytes: number; shards: number }> {
  const connection = await Connection.connect({ address: inject('address') });
  const client = new Client({ connection });
  const most = { events: 0, bytes: 0, shards: 0 };
  try {
    for await (const { workflowId, runId } of client.workflow.list({
      query: `WorkflowId STARTS_WITH "${id}"`,
    })) {
      const { raw } = await client.workflow.getHandle(workflowId, runId).describe();
      most.events = Math.max(most.events, Number(raw.workflowExecutionInfo?.historyLength));
      most.bytes = Math.max(most.bytes, Number(raw.workflowExecutionInfo?.historySizeBytes));
      if (workflowId.includes('/')) most.shards++;
    }
  } finally {
    await connection.close();
  }
  return most;
}

it(`a fan-out of ${WIDTH.toLocaleString('en')} items, its worker killed -9 twice: every item once, in short histories and little memory`, async () => {
  const at = place();
  places.push(at);
  at.env.MUSTER_FUNCTIONS = at.write('functions.mjs', FUNCTIONS);
  at.write('log', '');
  // As the supervisor and the image set it.
  at.env.MALLOC_ARENA_MAX = '2';
  const id = `wide-${WIDTH}`;
  const calls = () => at.read('log').split('\n').slice(0, -1);

  let worker = await at.worker();
  const started = await at.muster(
    'start',
    at.write('plan.yaml', PLAN),
    '--id',
    id,
    '--param',
    `count=${WIDTH}`,
  );
  expect(started.code, started.stderr).toBe(0);
  const known: { readonly done: ReadonlySet<string>; readonly calls: number }[] = [];
  for (const share of [0.25, 0.6]) {
    await expect
      .poll(() => calls().length, { timeout: 600_000, interval: 100 })
      .toBeGreaterThan(share * WIDTH);
    worker.kill('SIGKILL');
    known.push({ done: recorded(at), calls: calls().length });
    worker = await at.worker();
  }
  expect((await at.muster('watch', id)).code).toBe(0);
  const peak = peakOf(worker);

  const { ledger, data } = JSON.parse((await at.muster('result', id, '--json')).stdout).answer as {
    readonly ledger: readonly { readonly brief: string; readonly key?: string; readonly status: string }[];
    readonly data: { readonly doubles: readonly { readonly n: number; readonly twice: number }[] };
  };
  expect(ledger).toHaveLength(WIDTH + 1);
  expect(new Set(ledger.map(({ brief, key }) => `${brief} ${key}`)).size).toBe(WIDTH + 1);
  expect(ledger.every(({ status }) => status === 'succeeded')).toBe(true);
  const { doubles } = data;
  expect(doubles).toHaveLength(WIDTH);
  expect(doubles.every(({ n, twice }) => twice === 2 * n)).toBe(true);

  const keys = new Map<string, Set<string>>();
  for (const call of calls()) {
    const [n = '', key = ''] = call.split(' ');
    keys.set(n, (keys.get(n) ?? new Set()).add(key));
  }
  expect(keys.size).toBe(WIDTH);
  expect([...keys.values()].filter(({ size }) => size > 1)).toEqual([]);
  for (const { done, calls: before } of known) {
    const later = calls()
      .slice(before)
      .map((call) => `double[${call.split(' ')[0]}]`);
    expect(later.filter((label) => done.has(label))).toEqual([]);
  }

  const { events, bytes, shards } = await histories(id);
  expect(shards).toBeGreaterThanOrEqual(WIDTH > 1_000 ? Math.ceil(WIDTH / 250) : 0);
  expect(events).toBeLessThanOrEqual(4_096);
  expect(bytes).toBeLessThanOrEqual(4 * 2 ** 20);
  if (peak !== undefined) expect(peak).toBeLessThan(500);
  console.log(
    `${WIDTH} items: ${shards} shards, at most ${events} events and ${bytes} bytes of history, ${peak?.toFixed(0)} MB.`,
  );
});
