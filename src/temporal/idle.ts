import { closeSync, existsSync, futimesSync, openSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config, Service } from '../config.js';
import { GOVERNOR } from '../contracts/governor.js';
import type { Board } from './board.js';

const path = (home: string) => join(home, 'touched');

/** A client needs the supervisor: its idle time begins anew. */
export function touch(home: string): void {
  const file = openSync(path(home), 'a', 0o600);
  const now = new Date();
  futimesSync(file, now, now);
  closeSync(file);
}

const touchedAt = (home: string): number => statSync(path(home), { throwIfNoEntry: false })?.mtimeMs ?? 0;

/**
 * Resolves when the supervisor has been ready, no workflow open, nothing `expected` and no client has come for
 * `idleMinutes`, or when the home is gone. Before it does, the record says `stopping`; a client that came at that very moment either reads that, or
 * its touch is seen here and taken for a need. Never resolves once the signal has aborted.
 */
export async function untilIdle(
  config: Config,
  board: Board,
  expected: () => Promise<boolean>,
  signal: AbortSignal,
): Promise<void> {
  const idleMs = config.idleMinutes * 60_000;
  const every = Math.min(30_000, Math.max(500, idleMs / 4));
  let neededAt = Date.now();
  for (;;) {
    await sleep(every, undefined, { signal, ref: false }).catch(() => new Promise(() => {}));
    if (!existsSync(config.home)) return;
    const needed =
      board.record.state !== 'ready' ||
      // What cannot be told counts as needed.
      (await expected().catch(() => true)) ||
      (await hasOpenWorkflow(board.service()));
    if (needed) neededAt = Date.now();
    neededAt = Math.max(neededAt, touchedAt(config.home));
    if (Date.now() - neededAt < idleMs) continue;
    board.update({ state: 'stopping' });
    if (touchedAt(config.home) <= neededAt) return;
    board.update({ state: 'starting' });
  }
}

/** A governor ends by itself, and holds nobody up. */
const NEEDED = `ExecutionStatus = "Running" AND WorkflowType != "${GOVERNOR}"`;

/** A service that does not answer may hold open workflows: it counts as needed. */
async function hasOpenWorkflow(service: Service): Promise<boolean> {
  const { connect } = await import('./connection.js');
  try {
    const { connection, client } = await connect(service);
    try {
      return (await client.workflow.count(NEEDED)).count > 0;
    } finally {
      await connection.close();
    }
  } catch {
    return true;
  }
}
