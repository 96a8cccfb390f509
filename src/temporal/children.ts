import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config, Service } from '../config.js';
import { addresses, type Board, portsOf } from './board.js';
import { withLog } from './home.js';
import type { Kept } from './keepAlive.js';
import type { WorkerNews } from './lifeline.js';
import { freePorts } from './ports.js';
import { end } from './processes.js';
import type { SupervisorRecord } from './record.js';
import { startServer } from './server.js';

/** What node and glibc would rather not give back: each costs a worker tens of MB, and nothing runs sooner for it (bench/README.md). */
const YOUNG = '--max-semi-space-size=4';
const ARENAS = { MALLOC_ARENA_MAX: '2' };

/** The embedded server, as the supervisor keeps it. */
export function server(config: Config, binary: string, board: Board): Kept {
  let settled = false;
  return {
    name: 'server',
    async start() {
      const known = portsOf(board.record);
      const ports = settled ? known : await freePorts(known);
      board.update(addresses(ports));
      const { home, namespace, durability } = config;
      return startServer({ binary, home, namespace, durability, ports });
    },
    async ready(_child, gone) {
      // Loaded while the server starts, not before.
      const { untilAnswers } = await import('./connection.js');
      await untilAnswers(board.service(), 120_000, gone);
      settled = true;
    },
    report: (news) => board.note('server', news),
  };
}

/** The first one starts beside the server, to save the time; one that starts again waits for it. */
export function worker(config: Config, entry: string, board: Board): Kept {
  let first = true;
  return {
    name: 'worker',
    async start(signal) {
      while (!first && !board.record.serverReady) await sleep(50, undefined, { signal });
      first = false;
      return withLog(config.home, 'worker', (log) =>
        spawn(process.execPath, [YOUNG, entry, 'worker'], {
          cwd: config.home,
          env: workerEnvironment(config, board.service()),
          stdio: ['ignore', log, log, 'ipc'],
          detached: true,
        }),
      );
    },
    ready: (child) =>
      new Promise((resolve) => {
        child.on('message', (news: WorkerNews) => {
          if (news.kind === 'ready') resolve();
          else if (news.kind === 'said') board.say(news.line);
          else board.update({ loopDelayMs: news.delayMs });
        });
      }),
    report: (news) => board.note('worker', news),
  };
}

/** A worker of the embedded server finds it as any other service; what the user set for services is out of the way. */
function workerEnvironment(config: Config, service: Service): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = { ...ARENAS, ...config.environment.reveal() };
  if (config.service) return environment;
  for (const name of Object.keys(environment)) if (name.startsWith('TEMPORAL_')) delete environment[name];
  return {
    ...environment,
    TEMPORAL_ADDRESS: service.address,
    TEMPORAL_NAMESPACE: service.namespace,
    TEMPORAL_TLS: 'false',
  };
}

/** A worker hands back what it runs within 15 s. */
const WORKER_GRACE_MS = 20_000;
const SERVER_GRACE_MS = 5_000;

/** Ends the worker and the server of a record, where they still live. */
export async function endChildren(record: SupervisorRecord): Promise<void> {
  const { workerPid, workerBorn, serverPid, serverBorn } = record;
  if (workerPid && workerBorn) await end({ pid: workerPid, born: workerBorn }, WORKER_GRACE_MS);
  if (serverPid && serverBorn) await end({ pid: serverPid, born: serverBorn }, SERVER_GRACE_MS);
}
