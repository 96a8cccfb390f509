import { execFile } from 'node:child_process';
import { statfs } from 'node:fs/promises';
import { promisify } from 'node:util';
import { tsToMs } from '@temporalio/common';
import type { Config, Service } from '../config.js';
import { GIT_NEEDED, gitThatWillDo } from '../core/files/git.js';
import { runningService } from './bringUp.js';
import { type Connected, connect } from './connection.js';
import { governedBy } from './governors.js';
import { CLI_VERSION, commandOnPath, type Found, find } from './locate.js';
import { lives } from './processes.js';
import { readRecord } from './record.js';
import { settingsOf, settingsThatDiffer } from './settings.js';

/** One thing looked at. */
export interface Finding {
  readonly what: string;
  readonly state: 'ok' | 'missing' | 'problem';
  readonly detail: string;
  /** What to do about it; absent where nothing needs doing. */
  readonly todo?: string;
}

/** Bytes below which a run may fill the disk. */
const LOW_DISK = 1e9;
/** Milliseconds of event-loop delay from which heartbeats come late. */
const SLOW_LOOP = 500;

/**
 * Looks at everything a run needs; starts and changes nothing, and never shows a key.
 * @param storeId of the store in `config.store`; absent where no run has made one yet
 */
export async function examine(config: Config, storeId?: string): Promise<readonly Finding[]> {
  const found = find(config);
  const queue = storeId === undefined ? undefined : `muster-${storeId}`;
  return [
    node(),
    await git(config),
    await server(config, found),
    supervisor(config),
    ...(await service(config, queue)),
    storeId === undefined
      ? {
          what: 'store',
          state: 'missing',
          detail: `none yet in ${config.store}`,
          todo: 'The first run makes it.',
        }
      : { what: 'store', state: 'ok', detail: `${storeId} in ${config.store}, task queue ${queue}` },
    await disk(config.home),
    model(config),
    payloads(config),
    ...workerLoop(config),
  ];
}

function node(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const detail = process.version;
  return major > 20 || (major === 20 && minor >= 19)
    ? { what: 'Node', state: 'ok', detail }
    : { what: 'Node', state: 'problem', detail, todo: 'Install Node 20.19 or newer.' };
}

async function server(config: Config, found: Found | undefined): Promise<Finding> {
  const what = 'Temporal server';
  switch (found?.how) {
    case 'service':
      return {
        what,
        state: 'ok',
        detail: `the service at ${found.service.address} (TEMPORAL_ADDRESS or temporal.toml)`,
      };
    case 'path':
    case 'cache': {
      const place = found.how === 'path' ? 'on PATH' : 'cached';
      const version = await versionOf(found.binary);
      return version
        ? { what, state: 'ok', detail: `${place}: ${found.binary} (${version})` }
        : {
            what,
            state: 'problem',
            detail: `${place}: ${found.binary} does not run`,
            todo: 'Remove or replace that file.',
          };
    }
    case undefined: {
      const go = commandOnPath('go', config.environment.reveal().PATH);
      const detail = `no service is named, no \`temporal\` is on PATH, none is cached; ${go ? `Go is at ${go}` : 'Go is not on PATH'}`;
      const way = go
        ? 'downloads it, or builds it with Go'
        : 'downloads it, which needs https://temporal.download';
      return {
        what,
        state: 'missing',
        detail,
        todo: `The first \`muster run\` ${way} (CLI ${CLI_VERSION}).`,
      };
    }
  }
}

async function git({ environment }: Config): Promise<Finding> {
  const what = 'git';
  const { PATH } = environment.reveal();
  const binary = commandOnPath('git', PATH);
  const said = binary && (await versionOf(binary));
  const version = said && gitThatWillDo(said);
  if (version) return { what, state: 'ok', detail: `${version}, for plans whose briefs have workspaces` };
  const detail = said ? `${said}, too old for workspaces` : 'not on PATH; only workspaces want it';
  return { what, state: 'missing', detail, todo: `For such plans: install git ${GIT_NEEDED} or newer.` };
}

async function versionOf(binary: string): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)(binary, ['--version'], { timeout: 10_000 });
    return stdout.trim();
  } catch {
    return undefined;
  }
}

function supervisor(config: Config): Finding {
  const what = 'supervisor';
  const record = readRecord(config.home);
  if (!record || record.state === 'stopped')
    return { what, state: 'ok', detail: 'none runs; `muster run` starts one when it is needed' };
  if (record.state === 'failed')
    return {
      what,
      state: 'problem',
      detail: `the last one failed: ${record.problem}`,
      todo: `Read the logs in ${config.home}/logs.`,
    };
  if (!lives(record))
    return {
      what,
      state: 'problem',
      detail: `stale: process ${record.pid} of ${new Date(record.startedAt).toISOString()} was killed`,
      todo: 'The next `muster run` cleans up after it, or now: muster dev --stop',
    };
  const differences = settingsThatDiffer(record.settings, settingsOf(config));
  const detail = `process ${record.pid}, ${record.state}, web UI ${record.uiAddress ? `http://${record.uiAddress}` : 'of the service'}`;
  return differences.length === 0
    ? { what, state: 'ok', detail }
    : {
        what,
        state: 'problem',
        detail: `${detail}; started with other settings: ${differences.join('; ')}`,
        todo: 'When its runs are done: muster dev --stop',
      };
}

async function service(config: Config, queue: string | undefined): Promise<Finding[]> {
  const where = runningService(config);
  if (!where)
    return [
      {
        what: 'Temporal',
        state: 'missing',
        detail: 'nothing runs',
        todo: '`muster run` or `muster dev` brings it up.',
      },
    ];
  let connected: Connected;
  try {
    connected = await connect(where);
  } catch (error) {
    const todo = config.service ? 'Check TEMPORAL_ADDRESS.' : `Read ${config.home}/logs/server.log.`;
    return [{ what: 'Temporal', state: 'problem', detail: (error as Error).message, todo }];
  }
  try {
    return [
      { what: 'Temporal', state: 'ok', detail: `answers at ${where.address}, namespace ${where.namespace}` },
      ...(queue
        ? [
            await worker(connected, where, queue),
            ...(await governedBy(connected.client, queue)).map(provider),
          ]
        : []),
    ];
  } finally {
    await connected.connection.close();
  }
}

async function worker(connected: Connected, { namespace }: Service, queue: string): Promise<Finding> {
  const pollers = await pollersOf(connected, namespace, queue);
  return pollers.length > 0
    ? {
        what: 'worker',
        state: 'ok',
        detail: `${pollers.length} on task queue ${queue}: ${pollers.join(', ')}`,
      }
    : {
        what: 'worker',
        state: 'missing',
        detail: `nobody polls task queue ${queue}`,
        todo: '`muster dev` or `muster worker` starts one; runs wait until then.',
      };
}

/** What may be asked of one now. That it fails mends itself, and nobody need do anything. */
function provider({
  of,
  workers,
  waiting,
  atOnce,
  notBefore = 0,
  down,
}: Awaited<ReturnType<typeof governedBy>>[number]): Finding {
  const until = new Date(notBefore).toISOString();
  const detail = [
    `${of}: ${workers === 1 ? '1 worker asks' : `${workers} workers ask`}`,
    ...(atOnce === undefined ? [] : [`at most ${atOnce} calls at once`]),
    ...(waiting > 0 ? [`${waiting === 1 ? '1 call waits' : `${waiting} calls wait`}`] : []),
    ...(notBefore > Date.now() ? [`it asked to wait until ${until}`] : []),
    ...(down ? ['it fails, and is tried again now and then'] : []),
  ].join(', ');
  return { what: 'provider', state: down ? 'missing' : 'ok', detail };
}

/** `TASK_QUEUE_TYPE_WORKFLOW` of Temporal's API. */
const WORKFLOW_TASKS = 1;
/** A poll lasts a minute at most, then a living worker comes back; the server remembers pollers for five. */
const POLLED_MS = 70_000;

/** Identities of the workers that poll a queue for workflow tasks. */
export async function pollersOf(
  { connection }: Pick<Connected, 'connection'>,
  namespace: string,
  queue: string,
): Promise<string[]> {
  const { pollers } = await connection.workflowService.describeTaskQueue({
    namespace,
    taskQueue: { name: queue },
    taskQueueType: WORKFLOW_TASKS,
  });
  const since = Date.now() - POLLED_MS;
  const polling = (pollers ?? []).filter(({ lastAccessTime }) => tsToMs(lastAccessTime) > since);
  return [...new Set(polling.map(({ identity }) => identity ?? 'unnamed'))];
}

async function disk(home: string): Promise<Finding> {
  try {
    const { bavail, bsize } = await statfs(home);
    const free = bavail * bsize;
    const detail = `${(free / 1e9).toFixed(1)} GB free for ${home}`;
    return free < LOW_DISK
      ? { what: 'disk', state: 'problem', detail, todo: 'Make room, or point MUSTER_HOME elsewhere.' }
      : { what: 'disk', state: 'ok', detail };
  } catch {
    return {
      what: 'disk',
      state: 'missing',
      detail: `${home} is not there yet`,
      todo: 'The first run makes it.',
    };
  }
}

function model({ model: { apiKey, baseURL } }: Config): Finding {
  const place = baseURL ?? "the provider's own address";
  return apiKey
    ? { what: 'model', state: 'ok', detail: `a key is set, for ${place}` }
    : {
        what: 'model',
        state: 'missing',
        detail: `no key is set, for ${place}`,
        todo: 'Set OPENAI_API_KEY if a plan uses `ask`.',
      };
}

function payloads({ payloadKeys = [] }: Config): Finding {
  const [first, ...others] = payloadKeys.map(({ id }) => id);
  const also = others.length > 0 ? `; ${others.join(', ')} are read as well` : '';
  const detail = first ? `encrypted with the key ${first}${also}` : 'plain: MUSTER_CODEC_KEYS is not set';
  return { what: 'payloads', state: 'ok', detail };
}

function workerLoop(config: Config): Finding[] {
  const record = readRecord(config.home);
  if (!record || !lives(record) || record.loopDelayMs === undefined) return [];
  const detail = `the worker's event loop is late by ${record.loopDelayMs} ms at the 99th percentile`;
  return record.loopDelayMs > SLOW_LOOP
    ? [
        {
          what: 'event loop',
          state: 'problem',
          detail,
          todo: 'A function declared `inline` blocks it; declare it otherwise.',
        },
      ]
    : [{ what: 'event loop', state: 'ok', detail }];
}
