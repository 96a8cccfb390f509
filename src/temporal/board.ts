import type { Config, Service } from '../config.js';
import { logFile } from './home.js';
import type { News } from './keepAlive.js';
import { LOOPBACK } from './ports.js';
import { processOf } from './processes.js';
import { type SupervisorRecord, writeRecord } from './record.js';
import { embeddedService } from './server.js';
import { settingsOf } from './settings.js';

export interface Board {
  readonly record: SupervisorRecord;
  update(change: Partial<SupervisorRecord>): void;
  service(): Service;
  say(line: string): void;
  note(who: 'server' | 'worker', news: News): void;
}

/**
 * The supervisor's record, kept in step with what happens.
 * @param left by the supervisor before: its ports are taken again, its children are on the board until they are ended
 */
export function noticeBoard(
  config: Config,
  left: SupervisorRecord | undefined,
  say: (line: string) => void,
): Board {
  let record: SupervisorRecord = {
    pid: process.pid,
    born: processOf(process.pid)?.born ?? '',
    startedAt: Date.now(),
    state: 'starting',
    ...childrenOf(left),
    ...(config.service
      ? { address: config.service.address }
      : addresses(left?.embedded ? portsOf(left) : [0, 0])),
    namespace: config.namespace,
    embedded: !config.service,
    serverReady: config.service !== undefined,
    workerReady: false,
    settings: settingsOf(config),
  };
  const board: Board = {
    get record() {
      return record;
    },
    update(change) {
      record = { ...record, ...change };
      if (record.state === 'starting' || record.state === 'ready') {
        record = { ...record, state: record.serverReady && record.workerReady ? 'ready' : 'starting' };
      }
      try {
        writeRecord(config.home, record);
      } catch (error) {
        // The home was removed: the watch for idleness sees it and ends this.
        say(`the record cannot be written: ${(error as Error).message}`);
      }
    },
    service: () => config.service ?? embeddedService(record.address, config.namespace),
    say,
    note(who, news) {
      switch (news.kind) {
        case 'started':
          board.update({ [`${who}Pid`]: news.pid, [`${who}Born`]: processOf(news.pid)?.born });
          say(`${who} started, process ${news.pid}`);
          break;
        case 'ready':
          board.update({ [`${who}Ready`]: true });
          say(`${who} ready`);
          break;
        case 'died':
          board.update({ [`${who}Ready`]: false, [`${who}Pid`]: undefined });
          say(`${who} died (${news.how}); its log: ${logFile(config.home, who)}`);
      }
    },
  };
  board.update({});
  return board;
}

function childrenOf(left: SupervisorRecord | undefined): Partial<SupervisorRecord> {
  if (!left) return {};
  const { serverPid, serverBorn, workerPid, workerBorn } = left;
  return { serverPid, serverBorn, workerPid, workerBorn };
}

/** Of gRPC, and of the web UI. */
export type Ports = readonly [number, number];

export function addresses([port, uiPort]: Ports): { address: string; uiAddress: string } {
  return { address: `${LOOPBACK}:${port}`, uiAddress: `${LOOPBACK}:${uiPort}` };
}

export function portsOf({ address, uiAddress }: SupervisorRecord): Ports {
  const port = (text = ''): number => Number(text.split(':').at(-1));
  return [port(address), port(uiAddress)];
}
