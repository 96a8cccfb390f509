import { Client } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import type { Policy } from './adapters/executors/policy.js';
import { fileStore } from './adapters/stores/file.js';
import { type Retention, readConfig } from './config.js';
import { meansOf } from './means.js';
import { keepHouse } from './retention.js';
import { nothingRuns, runningService } from './temporal/bringUp.js';
import { untilAnswers } from './temporal/connection.js';
import { dataConverterOf } from './temporal/payloadCodec.js';
import { runsOf } from './temporal/runs.js';
import { Unreachable } from './temporal/unreachable.js';
import { type MusterWorker, type WorkerOnOptions, workerOn } from './workerOn.js';

export type WorkerOptions = Pick<WorkerOnOptions, 'functions' | 'inline' | 'concurrency'> & {
  /** In place of environment variables: `MUSTER_HOME`, `TEMPORAL_ADDRESS`, `MUSTER_POLICY`, … */
  readonly settings?: { readonly [name: string]: string };
  /** In place of the file that `MUSTER_POLICY` names. */
  readonly policy?: Partial<Policy>;
  /** Gets a line about runs that the retention of the settings has removed; to standard error unless told. */
  readonly onRetention?: (line: string) => void;
};

/**
 * A worker with the settings of this machine, for the service they name or the server that runs here.
 * @throws Unreachable where no Temporal answers, Failure `InvalidInput` where the settings will not do
 */
export async function createWorker({
  settings = {},
  functions,
  onRetention = console.error,
  ...options
}: WorkerOptions = {}): Promise<MusterWorker> {
  const config = readConfig(undefined, { ...settings, ...(functions && { MUSTER_FUNCTIONS: functions }) });
  const service = runningService(config);
  if (!service) throw new Unreachable(nothingRuns(config.home));
  // It may be coming up beside this worker.
  await untilAnswers(service, 30_000);
  const { address, namespace, credentials } = service;
  const connection = await NativeConnection.connect({ address, ...credentials.reveal() }).catch(
    (error: Error) => {
      throw new Unreachable(`No Temporal answers at ${address}: ${error.message}.`, { cause: error });
    },
  );
  const { home, store: storeRoot, retention } = config;
  const dataConverter = dataConverterOf(config.payloadKeys);
  const houseOf = async (retention: Retention) =>
    keepHouse({
      retention,
      home,
      storeRoot,
      store: await fileStore(storeRoot),
      runs: runsOf(new Client({ connection, namespace, dataConverter }), worker.taskQueue),
      onEvent: onRetention,
    });
  const worker = await workerOn({
    connection,
    namespace,
    storeRoot,
    workspaces: config.workspaces,
    ...(await meansOf(config)),
    dataConverter,
    ...options,
  });
  return {
    ...worker,
    address,
    async run() {
      const house = retention && (await houseOf(retention));
      try {
        await worker.run();
      } finally {
        await house?.stop();
        await connection.close();
      }
    },
  };
}
