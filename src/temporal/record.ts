import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lives } from './processes.js';
import type { Settings } from './settings.js';

/**
 * `supervisor.json`: what the supervisor of a home tells everybody else. Only the supervisor writes it; it stays when
 * the supervisor ends, so that the next one takes the same ports and reaps what was left.
 */
export interface SupervisorRecord {
  readonly pid: number;
  /** When that process was born, so that a number used again is not taken for it; also of the children below. */
  readonly born: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** `starting` also while a dead child is being replaced. */
  readonly state: 'starting' | 'ready' | 'stopping' | 'stopped' | 'failed';
  readonly address: string;
  readonly namespace: string;
  /** The server is the supervisor's own. */
  readonly embedded: boolean;
  readonly uiAddress?: string;
  readonly serverPid?: number;
  readonly serverBorn?: string;
  readonly workerPid?: number;
  readonly workerBorn?: string;
  /** The server answers. */
  readonly serverReady: boolean;
  /** The worker has said that it polls. */
  readonly workerReady: boolean;
  /** Of the worker, 99th percentile of the last ten seconds, ms. */
  readonly loopDelayMs?: number;
  readonly settings: Settings;
  /** Why it failed. */
  readonly problem?: string;
}

const path = (home: string) => join(home, 'supervisor.json');

export function writeRecord(home: string, record: SupervisorRecord): void {
  writeFileSync(`${path(home)}.new`, JSON.stringify(record, null, 2), { mode: 0o600 });
  renameSync(`${path(home)}.new`, path(home));
}

export function readRecord(home: string): SupervisorRecord | undefined {
  try {
    return JSON.parse(readFileSync(path(home), 'utf8')) as SupervisorRecord;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The record of a supervisor that lives now. */
export function livingSupervisor(home: string): SupervisorRecord | undefined {
  const record = readRecord(home);
  return record && lives(record) ? record : undefined;
}
