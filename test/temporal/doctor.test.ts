import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bringUp } from '../../src/temporal/bringUp.js';
import { examine, type Finding } from '../../src/temporal/doctor.js';
import { cachedBinary } from '../../src/temporal/locate.js';
import { livingSupervisor, writeRecord } from '../../src/temporal/record.js';
import { silent } from '../support/silent.js';
import { builtEntry, FIRST_TIME_MS, homes } from './home.js';

Runtime.install({ logger: silent });
const { config, folder, clear } = homes();
let entry: string;
beforeAll(async () => {
  entry = await builtEntry();
}, FIRST_TIME_MS);
afterAll(clear, 60_000);

const by = (findings: readonly Finding[]) =>
  Object.fromEntries(findings.map((finding) => [finding.what, finding]));

describe('doctor', () => {
  it('says of an empty machine what is missing and what will bring it', async () => {
    const found = by(await examine(config({ PATH: folder(), XDG_CACHE_HOME: folder() })));
    expect(found).toMatchObject({
      Node: { state: 'ok' },
      'Temporal server': { state: 'missing', todo: expect.stringContaining('https://temporal.download') },
      supervisor: { state: 'ok', detail: expect.stringContaining('none runs') },
      Temporal: { state: 'missing' },
      store: { state: 'missing' },
      disk: { state: 'missing' },
      model: { state: 'missing', todo: expect.stringContaining('OPENAI_API_KEY') },
    });
    for (const { state, todo } of Object.values(found))
      expect(state === 'ok' || todo !== undefined).toBe(true);
  });

  it('sees what runs, whether somebody polls the queue of the store, and never shows the key', async () => {
    const here = config({ OPENAI_API_KEY: 'sk-hidden' });
    const { address } = await bringUp(here, { entry });
    const before = await examine(here, 'abc');
    expect(by(before)).toMatchObject({
      'Temporal server': { state: 'ok', detail: expect.stringContaining('1.29') },
      supervisor: { state: 'ok', detail: expect.stringContaining('web UI http://127.0.0.1:') },
      Temporal: { state: 'ok', detail: `answers at ${address}, namespace default` },
      worker: { state: 'missing', detail: 'nobody polls task queue muster-abc' },
      store: { state: 'ok', detail: expect.stringContaining('muster-abc') },
      disk: { state: 'ok' },
      model: { state: 'ok' },
    });
    expect(JSON.stringify(before)).not.toContain('sk-hidden');

    const connection = await NativeConnection.connect({ address });
    const worker = await Worker.create({
      connection,
      taskQueue: 'muster-abc',
      identity: 'somebody',
      workflowsPath: fileURLToPath(new URL('./nothing.ts', import.meta.url)),
    });
    await worker.runUntil(async () => {
      await expect
        .poll(async () => by(await examine(here, 'abc')).worker?.state, { timeout: 10_000 })
        .toBe('ok');
      expect(by(await examine(here, 'abc')).worker?.detail).toContain('somebody');
    });
    await connection.close();

    const record = livingSupervisor(here.home);
    if (!record) throw new Error('no supervisor lives');
    writeRecord(here.home, { ...record, loopDelayMs: 900 });
    expect(by(await examine(here))['event loop']).toMatchObject({
      state: 'problem',
      detail: expect.stringContaining('900 ms'),
    });
    const different = config({ MUSTER_HOME: here.home, OPENAI_BASE_URL: 'http://127.0.0.1:1/v1' });
    expect(by(await examine(different)).supervisor).toMatchObject({
      state: 'problem',
      detail: expect.stringContaining('model address: there none, here http://127.0.0.1:1/v1'),
    });
    writeRecord(here.home, { ...record, born: 'long ago' });
    expect(by(await examine(here)).supervisor).toMatchObject({
      state: 'problem',
      detail: expect.stringContaining('stale'),
    });
    writeRecord(here.home, record);
  });

  it('finds a cached server that does not run', async () => {
    const here = config({ PATH: folder(), XDG_CACHE_HOME: folder() });
    mkdirSync(`${here.cache}/bin`, { recursive: true });
    writeFileSync(cachedBinary(here), 'not a program', { mode: 0o755 });
    expect(by(await examine(here))['Temporal server']).toMatchObject({ state: 'problem' });
  });

  it('says which address does not answer', async () => {
    const found = by(await examine(config({ TEMPORAL_ADDRESS: '127.0.0.1:9' })));
    expect(found.Temporal).toMatchObject({
      state: 'problem',
      detail: expect.stringContaining('127.0.0.1:9'),
    });
  });
});
