import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config, Service } from '../config.js';
import { Failure } from '../core/outcome/failure.js';
import { endChildren } from './children.js';
import { withClaim } from './claim.js';
import { logFile, prepareHome, tailOf, withLog } from './home.js';
import { touch } from './idle.js';
import { locate } from './locate.js';
import { end, goneWithin } from './processes.js';
import { livingSupervisor, readRecord, type SupervisorRecord } from './record.js';
import { embeddedService } from './server.js';
import { settingsOf, settingsThatDiffer } from './settings.js';
import { Unreachable } from './unreachable.js';

export interface BringUpOptions {
  /** The command line's main file; started with the argument `dev` it supervises. */
  readonly entry: string;
  /** Gets a line a person can read while something is installed or started. */
  readonly onProgress?: (line: string) => void;
  /** Takes the living supervisor as it is, whatever it was started with. */
  readonly anySettings?: boolean;
}

/** The supervisor is expected to be up within this; a server takes 1.2 s, a worker as long. */
const START_MS = 120_000;

/**
 * Makes sure that the embedded server answers and a worker polls: returns at once where they do, else starts the
 * supervisor, detached, and waits. Of any number that call at the same moment one starts it.
 * @throws Unreachable naming the log; Failure InvalidInput where the living supervisor was started with other settings
 */
export async function bringUp(
  config: Config,
  { entry, onProgress = () => {}, anySettings = false }: BringUpOptions,
): Promise<Service> {
  const fitting = (living: SupervisorRecord) => (anySettings ? living : sameSettings(config, living));
  prepareHome(config.home);
  touch(config.home);
  const living = livingSupervisor(config.home);
  if (living?.state === 'ready') return serviceOf(fitting(living));
  await locate(config, onProgress);
  const waiting = () => onProgress('Another command is starting the supervisor; waiting for it.');
  return withClaim(config.home, 'bring-up', waiting, async () => {
    const present = await pastStopping(config.home);
    if (present) fitting(present);
    else onProgress('Starting the server and a worker.');
    const started = present ? undefined : start(config, entry);
    return serviceOf(fitting(await untilReady(config, started)));
  });
}

/** The service that `bringUp` would return, where it is up; starts nothing. */
export function runningService(config: Config): Service | undefined {
  const living = livingSupervisor(config.home);
  if (config.service) return config.service;
  return living?.embedded && living.serverReady ? serviceOf(living) : undefined;
}

/** What to say where {@link runningService} has none. */
export const nothingRuns = (home: string): string =>
  `No Temporal server runs for ${home}. Runs that are open there go on as soon as it does: \`muster watch RUN\` starts it, and so does \`muster dev\`.`;

/** Ends the supervisor of this home with its children, or what a killed one left. False where nothing was there. */
export async function stopSupervisor(config: Config): Promise<boolean> {
  const record = readRecord(config.home);
  if (!record) return false;
  const living = livingSupervisor(config.home);
  if (living) await end(living, 30_000);
  const last = readRecord(config.home);
  if (last) await endChildren(last);
  return living !== undefined;
}

const serviceOf = ({ address, namespace }: SupervisorRecord): Service => embeddedService(address, namespace);

/** One that is just leaving is waited for. */
async function pastStopping(home: string): Promise<SupervisorRecord | undefined> {
  const record = livingSupervisor(home);
  if (record?.state !== 'stopping' && record?.state !== 'stopped' && record?.state !== 'failed')
    return record;
  await goneWithin(record, 20_000);
  return livingSupervisor(home);
}

interface Started {
  readonly pid?: number;
  /** How it ended, once it has. */
  ended?: string;
}

function start(config: Config, entry: string): Started {
  const child = withLog(config.home, 'supervisor', (log) =>
    spawn(process.execPath, [entry, 'dev'], {
      cwd: config.home,
      env: { ...config.environment.reveal() },
      stdio: ['ignore', log, log],
      detached: true,
    }),
  );
  child.unref();
  const started: Started = { pid: child.pid };
  child.once('error', (error) => {
    started.ended = error.message;
  });
  child.once('exit', (code, signal) => {
    started.ended = signal ?? `exit code ${code}`;
  });
  return started;
}

async function untilReady(config: Config, started: Started | undefined): Promise<SupervisorRecord> {
  const { home } = config;
  for (const until = Date.now() + START_MS; Date.now() < until; await sleep(25)) {
    const living = livingSupervisor(home);
    if (living?.state === 'ready') return living;
    // Ours may have left because another one, started by hand, was there first.
    const gone = living === undefined && (!started || started.ended !== undefined);
    if (!gone && living?.state !== 'failed') continue;
    const last = readRecord(home);
    const told = last?.state === 'failed' && (!started || last.pid === started.pid);
    const problem = told ? last.problem : `The supervisor ended (${started?.ended ?? 'killed'}).`;
    throw new Unreachable([problem, ...whatTheLogsSay(home, problem ?? '')].join('\n'));
  }
  throw new Unreachable(
    [`The supervisor is not ready after ${START_MS / 1000} s.`, ...whatTheLogsSay(home, '')].join('\n'),
  );
}

/** The log of whoever is to blame, with its end. */
function whatTheLogsSay(home: string, problem: string): string[] {
  const name = /^The (server|worker) /.exec(problem)?.[1] ?? 'supervisor';
  const log = name as 'server' | 'worker' | 'supervisor';
  return [`Its log is ${logFile(home, log)}, and ends:`, tailOf(home, log).replace(/^/gm, '  ')];
}

/** @throws Failure InvalidInput naming each setting in which the living supervisor differs */
function sameSettings(config: Config, living: SupervisorRecord): SupervisorRecord {
  const differences = settingsThatDiffer(living.settings, settingsOf(config));
  if (differences.length === 0) return living;
  throw new Failure(
    'InvalidInput',
    [
      `The supervisor of ${config.home} (process ${living.pid}) was started with other settings than this command:`,
      ...differences.map((line) => `  ${line}`),
      'Stop it when its runs are done (muster dev --stop) and run this again, or give this command a MUSTER_HOME of its own.',
    ].join('\n'),
  );
}
