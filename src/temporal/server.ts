import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { type Config, Secret, type Service } from '../config.js';
import { serverFolder, withLog } from './home.js';
import { LOOPBACK } from './ports.js';

export interface ServerSettings {
  readonly binary: string;
  /** The state folder, prepared. */
  readonly home: string;
  readonly namespace: string;
  readonly durability: Config['durability'];
  /** Of gRPC, and of the web UI. */
  readonly ports: readonly [number, number];
}

/**
 * Starts the embedded server, on loopback only, in a process group of its own so that ctrl-C in a terminal does not
 * take it away from under the worker. The same settings after any kind of end bring back the same state.
 */
export function startServer(settings: ServerSettings): ChildProcess {
  const [port, uiPort] = settings.ports;
  const folder = serverFolder(settings.home);
  const flags = [
    ...['--ip', LOOPBACK, '--port', String(port), '--ui-ip', LOOPBACK, '--ui-port', String(uiPort)],
    ...['--namespace', settings.namespace, '--db-filename', join(folder, 'server.db')],
    ...['--log-level', 'warn', '--color', 'never'],
    ...['journal_mode=wal', `synchronous=${settings.durability === 'full' ? 2 : 1}`].flatMap((p) => [
      '--sqlite-pragma',
      p,
    ]),
    ...DYNAMIC.flatMap((value) => ['--dynamic-config-value', value]),
  ];
  return withLog(settings.home, 'server', (log) =>
    spawn(settings.binary, ['server', 'start-dev', ...flags], {
      cwd: folder,
      stdio: ['ignore', log, log],
      detached: true,
    }),
  );
}

/**
 * Eager start takes an activity from 3.0 to 2.1 ms; fairness and priority are off by default; no call home. A workflow
 * task during which more than 100 events arrive (50 briefs that end) would fail, and the run be replayed from its start.
 */
export const DYNAMIC = [
  'history.maximumBufferedEventsBatch=2000',
  'system.enableActivityEagerExecution=true',
  'matching.useNewMatcher=true',
  'matching.enableFairness=true',
  'frontend.enableServerVersionCheck=false',
];

export function embeddedService(address: string, namespace: string): Service {
  return { address, namespace, credentials: new Secret({}) };
}
