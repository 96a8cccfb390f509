import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Config } from '../../src/config.js';
import { Failure } from '../../src/core/outcome/failure.js';
import { bringUp, stopSupervisor } from '../../src/temporal/bringUp.js';
import { connect, untilAnswers } from '../../src/temporal/connection.js';
import { processOf } from '../../src/temporal/processes.js';
import {
  livingSupervisor,
  readRecord,
  type SupervisorRecord,
  writeRecord,
} from '../../src/temporal/record.js';
import { Unreachable } from '../../src/temporal/unreachable.js';
import { builtEntry, FIRST_TIME_MS, homes } from './home.js';

vi.setConfig({ testTimeout: 180_000 });
const { config: home, folder, clear } = homes();
let entry: string;
beforeAll(async () => {
  entry = await builtEntry();
}, FIRST_TIME_MS);
afterAll(clear, 120_000);

describe('bringing up', () => {
  it('starts a server and a worker, detached, and the next command finds them at once', async () => {
    const saw = join(folder(), 'saw.json');
    const config = home({ TEST_WORKER_SAW: saw, TEMPORAL_NAMESPACE: 'own' });
    const up = await bringUp(config, { entry });
    expect(up).toMatchObject({
      namespace: 'own',
      address: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
    });
    await (await connect(up)).connection.close();
    expect(JSON.parse(readFileSync(saw, 'utf8'))).toEqual({
      TEMPORAL_ADDRESS: up.address,
      TEMPORAL_NAMESPACE: 'own',
      MUSTER_HOME: config.home,
    });
    expect(await bringUp(config, { entry })).toMatchObject({ address: up.address });
    expect((await fetch(`http://${living(config).uiAddress}`)).status).toBe(200);
  });

  it('of ten commands that start at the same moment, brings up one supervisor', async () => {
    const config = home();
    const ups = await Promise.all(Array.from({ length: 10 }, () => bringUp(config, { entry })));
    expect(new Set(ups.map(({ address }) => address)).size).toBe(1);
    const log = readFileSync(join(config.home, 'logs/supervisor.log'), 'utf8');
    // One that lost its port to another program is replaced.
    const of = (event: string) => log.match(new RegExp(event, 'g'))?.length ?? 0;
    expect(of('server started') - of('server died')).toBe(1);
    expect(of('worker started') - of('worker died')).toBe(1);
  });

  it('gives two homes a server each, and shows neither to other users of the machine', async () => {
    const [a, b] = [home(), home()];
    const [up, other] = await Promise.all([bringUp(a, { entry }), bringUp(b, { entry })]);
    expect(up.address).not.toBe(other.address);
    const open = ['', 'logs', 'server', 'supervisor.json', 'logs/server.log', 'logs/worker.log'].filter(
      (name) => (statSync(join(a.home, name)).mode & 0o077) !== 0,
    );
    expect(open).toEqual([]);
  });

  it('says why, and names the log, where the worker cannot start', async () => {
    const config = home({ TEST_WORKER_FAILS: '1' });
    const error = await bringUp(config, { entry }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(Unreachable);
    expect((error as Error).message).toContain(
      'The worker died 5 times in a row before it was ready (exit code 1)',
    );
    expect((error as Error).message).toContain(join(config.home, 'logs/worker.log'));
    expect((error as Error).message).toContain('the functions module does not load');
    expect(readRecord(config.home)?.state).toBe('failed');
    await until(() => livingSupervisor(config.home) === undefined);
  });

  it('refuses a living supervisor of another version of Muster', async () => {
    const config = home();
    await bringUp(config, { entry });
    const { settings, ...record } = living(config);
    writeRecord(config.home, { ...record, settings: { ...settings, version: '0.0.9' } });
    await expect(bringUp(config, { entry })).rejects.toThrow(
      /version of Muster: there 0\.0\.9, here .*Stop it when its runs are done/s,
    );
    expect(await bringUp(config, { entry, anySettings: true })).toMatchObject({ address: record.address });
  });

  it('refuses a living supervisor that has other functions, another policy or no key', async () => {
    const config = home();
    await bringUp(config, { entry });
    const other = home({ MUSTER_HOME: config.home, MUSTER_POLICY: entry, OPENAI_API_KEY: 'k' });
    const error = await bringUp(other, { entry }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(Failure);
    expect((error as Error).message).toContain(`policy: there none, here ${entry}`);
    expect((error as Error).message).toContain('model key: there none, here one is set');
    expect((error as Error).message).toContain(`process ${living(config).pid}`);
  });
});

describe('a supervisor', () => {
  it('replaces a killed server on the same port with the same state', async () => {
    const config = home();
    const up = await bringUp(config, { entry });
    const before = await connect(up);
    await before.client.workflow.start('nothing', { workflowId: 'kept', taskQueue: 'nobody' });
    await before.connection.close();
    const { serverPid } = living(config);
    kill(serverPid);
    await until(() => living(config).serverPid !== serverPid && living(config).state === 'ready');
    expect(living(config).address).toBe(up.address);
    const after = await connect(up);
    expect((await after.client.workflow.getHandle('kept').describe()).status.name).toBe('RUNNING');
    await after.connection.close();
  });

  it('keeps only a worker where a service exists', async () => {
    const service = await bringUp(home(), { entry });
    const config = home({ TEMPORAL_ADDRESS: service.address });
    const supervisor = spawn(process.execPath, [entry, 'dev'], { env: config.environment.reveal() });
    await until(() => livingSupervisor(config.home)?.state === 'ready');
    expect(living(config)).toMatchObject({ embedded: false, address: service.address });
    expect(living(config).serverPid).toBeUndefined();
    supervisor.kill('SIGTERM');
    await once(supervisor, 'exit');
  });

  it('replaces a killed worker', async () => {
    const config = home();
    await bringUp(config, { entry });
    const { workerPid, serverPid } = living(config);
    kill(workerPid);
    await until(() => living(config).workerPid !== workerPid && living(config).state === 'ready');
    expect(living(config).serverPid).toBe(serverPid);
  });

  it('that was killed is cleared away by the next one, which takes the same address', async () => {
    const config = home();
    const up = await bringUp(config, { entry });
    const { pid, serverPid } = living(config);
    kill(pid);
    await until(() => !processOf(pid));
    expect(processOf(serverPid ?? 0)).toBeDefined();
    expect(await bringUp(config, { entry })).toMatchObject({ address: up.address });
    expect(processOf(serverPid ?? 0)).toBeUndefined();
    expect(living(config).pid).not.toBe(pid);
  });

  it('ends its children when it is stopped, and nothing is left', async () => {
    const config = home();
    const up = await bringUp(config, { entry });
    const { pid, serverPid, workerPid } = living(config);
    expect(await stopSupervisor(config)).toBe(true);
    for (const gone of [pid, serverPid, workerPid]) expect(processOf(gone ?? 0)).toBeUndefined();
    expect(readRecord(config.home)?.state).toBe('stopped');
    expect(await stopSupervisor(config)).toBe(false);
    await expect(untilAnswers(up, 0)).rejects.toThrow(Unreachable);
  });

  it('leaves when nobody has needed it for its idle time, but not while a workflow is open', async () => {
    const config = home({ MUSTER_IDLE_MINUTES: '0.05' });
    const up = await bringUp(config, { entry });
    const { connection, client } = await connect(up);
    const handle = await client.workflow.start('nothing', { taskQueue: 'nobody', workflowId: 'open' });
    await sleep(6_000);
    expect(livingSupervisor(config.home)?.state).toBe('ready');
    await handle.terminate();
    await connection.close();
    await until(() => livingSupervisor(config.home) === undefined);
    expect(readRecord(config.home)?.state).toBe('stopped');
  });

  it('leaves when its home is removed', async () => {
    const config = home({ MUSTER_IDLE_MINUTES: '0.05' });
    await bringUp(config, { entry });
    const { pid, serverPid } = living(config);
    rmSync(config.home, { recursive: true });
    await until(() => !processOf(pid) && !processOf(serverPid ?? 0));
    expect(existsSync(config.home)).toBe(false);
  });
});

function living(config: Config): SupervisorRecord {
  const record = livingSupervisor(config.home);
  if (!record) throw new Error('no supervisor lives');
  return record;
}

function kill(pid: number | undefined): void {
  process.kill(pid ?? 0, 'SIGKILL');
}

async function until(holds: () => boolean): Promise<void> {
  for (const end = Date.now() + 30_000; !holds(); await sleep(25)) {
    if (Date.now() > end) throw new Error('it did not come about within 30 s');
  }
}
