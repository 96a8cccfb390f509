import type { Config } from '../config.js';
import { addresses, noticeBoard, portsOf } from './board.js';
import { endChildren, server, worker } from './children.js';
import { claim } from './claim.js';
import { prepareHome } from './home.js';
import { untilIdle } from './idle.js';
import { keepAlive } from './keepAlive.js';
import { locate } from './locate.js';
import { freePorts } from './ports.js';
import { readRecord, type SupervisorRecord } from './record.js';

/*
 * The supervisor owns one server (where it is embedded) and one worker, and replaces either when it dies.
 *
 * 1. One per home: who does not get the claim leaves. The claim dies with its holder, whatever the end.
 * 2. A child is in the record in the same tick as it was started, so that the next supervisor can end what a killed
 *    one left behind, and two servers never share a file.
 * 3. A server that has once been ready keeps its ports until the supervisor ends: clients and workers reconnect.
 * 4. The worker ends before the server, so that it can still report what it finished.
 */
export interface SuperviseOptions {
  /** The command line's main file: started with the argument `worker`, it calls `lifeline().ready()` when it polls. */
  readonly entry: string;
  /** Whether something is to start by itself later, so that server and worker have to stay. */
  readonly expected?: () => Promise<boolean>;
  readonly onEvent?: (line: string) => void;
}

/** Why it ended: nobody needed it, a signal asked it to, or another one lives in this home. */
export type Ending = 'idle' | 'asked' | 'other';

/** @throws Unreachable where no server can be had; Error, naming the log, where a child dies again and again */
export async function supervise(config: Config, options: SuperviseOptions): Promise<Ending> {
  const {
    entry,
    expected = async () => false,
    onEvent = (line) => console.log(`${new Date().toISOString()} ${line}`),
  } = options;
  prepareHome(config.home);
  const held = claim(config.home, 'supervisor');
  if (!held) return 'other';
  const stop = new AbortController();
  const ask = () => stop.abort();
  for (const signal of SIGNALS) process.on(signal, ask);

  const board = noticeBoard(config, readRecord(config.home), onEvent);
  const kept: Promise<Ending>[] = [];
  const close = async (last: Partial<SupervisorRecord>): Promise<void> => {
    stop.abort();
    await Promise.allSettled(kept);
    await endChildren(board.record);
    board.update({ ...last, ...NO_CHILDREN, serverReady: false, workerReady: false });
    for (const signal of SIGNALS) process.off(signal, ask);
    held.release();
  };
  try {
    // What a killed supervisor left still holds the server's file and ports.
    await endChildren(board.record);
    board.update(NO_CHILDREN);
    const children = [worker(config, entry, board)];
    const located = await locate(config, onEvent);
    if (located.how !== 'service') {
      board.update(addresses(await freePorts(portsOf(board.record))));
      children.unshift(server(config, located.binary, board));
    }
    kept.push(...children.map((child) => keepAlive(child, stop.signal).then(() => 'asked' as const)));
    const idle = untilIdle(config, board, expected, stop.signal).then(() => 'idle' as const);
    const ending = await Promise.race([...kept, idle]);
    onEvent(ending === 'idle' ? `not needed for ${config.idleMinutes} minutes, stopping` : 'asked to stop');
    board.update({ state: 'stopping' });
    await close({ state: 'stopped' });
    return ending;
  } catch (error) {
    await close({ state: 'failed', problem: (error as Error).message });
    throw error;
  }
}

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
const NO_CHILDREN = { serverPid: undefined, workerPid: undefined };
