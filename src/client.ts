import { removeReports } from './adapters/reports.js';
import { fileStore } from './adapters/stores/file.js';
import { musterOn } from './client/muster.js';
import type { Muster } from './client/surface.js';
import { readConfig } from './config.js';
import { bringUpHere } from './here.js';
import { meansOf } from './means.js';
import { nothingRuns, runningService } from './temporal/bringUp.js';
import type { Connected } from './temporal/connection.js';
import { Unreachable } from './temporal/unreachable.js';

export type { RunEvent } from './client/events.js';
export { musterOn } from './client/muster.js';
export type { PruneOptions } from './client/prune.js';
export type { Due } from './client/schedules/record.js';
export {
  type NewSchedule,
  type ScheduleHistory,
  type Schedules,
  sourceAt,
} from './client/schedules/schedules.js';
export { timetableOf } from './client/schedules/timetable.js';
export type {
  Gate,
  GateAnswer,
  Muster,
  MusterOptions,
  PatchOptions,
  PatchResult,
  RunReport,
  Sound,
  SoundRules,
  Startable,
  Started,
  StartOptions,
  WatchOptions,
} from './client/surface.js';
export type { Pruned } from './engine/prune/prune.js';
export type { ScheduleView, Timetable } from './temporal/schedules.js';

export interface CreateOptions {
  /** In place of environment variables: `MUSTER_HOME`, `TEMPORAL_ADDRESS`, … */
  readonly settings?: { readonly [name: string]: string };
  /** URL of a module whose functions `call` may name, for the worker that is brought up here. */
  readonly functions?: string;
  /** Whether server and worker are brought up where no service is named and none runs; yes unless told. */
  readonly bringUp?: boolean;
  readonly onProgress?: (line: string) => void;
}

/**
 * Muster with the settings of this machine, as the command line has them: the same store, the same service. Nothing is
 * brought up or connected to before something needs it; close it when done, or the connection keeps the program alive.
 * @throws Failure `InvalidInput` where the settings will not do, `StoreUnavailable`
 */
export async function createMuster({
  settings = {},
  functions,
  bringUp = true,
  onProgress,
}: CreateOptions = {}): Promise<Muster & { close(): Promise<void> }> {
  const config = readConfig(undefined, { ...settings, ...(functions && { MUSTER_FUNCTIONS: functions }) });
  let connected: Connected | undefined;
  const muster = musterOn({
    store: await fileStore(config.store),
    workspaces: config.workspaces,
    ...(await meansOf(config)),
    clear: async ({ id }) => removeReports(config.home, id),
    async connect() {
      if (bringUp) await bringUpHere(config, onProgress ? { onProgress } : {});
      const service = runningService(config);
      if (!service) throw new Unreachable(nothingRuns(config.home));
      const { connect } = await import('./temporal/connection.js');
      connected = await connect(service, config.payloadKeys);
      return connected.client;
    },
  });
  return { ...muster, close: async () => connected?.connection.close() };
}
