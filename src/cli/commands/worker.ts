import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { runningService } from '../../temporal/bringUp.js';
import { untilAnswers } from '../../temporal/connection.js';
import { lifeline } from '../../temporal/lifeline.js';
import { Unreachable } from '../../temporal/unreachable.js';
import { createWorker } from '../../worker.js';
import { configFor, nothingRuns } from '../machine.js';
import type { Screen } from '../screen.js';

export interface WorkerCommandOptions {
  readonly functions?: string;
  readonly concurrency?: number;
}

/**
 * `muster worker`: works until a signal or its supervisor ends it; what is in flight then is handed back.
 * @throws Unreachable, Failure InvalidInput
 */
export async function worker(options: WorkerCommandOptions, screen: Screen): Promise<number> {
  const config = configFor(options);
  const { functions, policy, model } = config;
  const service = runningService(config);
  if (!service) throw new Unreachable(nothingRuns(config.home));
  // What a brief fails of is in the ledger; Temporal's own account of it is for those who ask.
  Runtime.install({ logger: new DefaultLogger(screen.wishes.verbose ? 'INFO' : 'ERROR') });
  const { address, namespace, credentials } = service;
  // It may be coming up beside this worker.
  await untilAnswers(service, 30_000);
  const connection = await NativeConnection.connect({ address, ...credentials.reveal() }).catch(
    (error: Error) => {
      throw new Unreachable(`No Temporal answers at ${address}: ${error.message}.`, { cause: error });
    },
  );
  const { concurrency } = options;
  const working = await createWorker({
    connection,
    namespace,
    storeRoot: config.store,
    ...(functions === undefined ? {} : { functions }),
    ...(policy === undefined ? {} : { policy: (await import('../policyFile.js')).readPolicy(policy) }),
    model: {
      ...(model.baseURL === undefined ? {} : { baseURL: model.baseURL }),
      ...(model.apiKey === undefined ? {} : { apiKey: model.apiKey.reveal() }),
    },
    env: config.environment.reveal(),
    ...(concurrency === undefined ? {} : { concurrency }),
  });
  const over = working.run();
  // Only what runs can be shut down, and the supervisor may be gone already.
  lifeline(() => working.shutdown()).ready();
  screen.progress(() => [
    `Working on ${working.taskQueue} at ${address}. Ctrl-C ends it; what runs is handed back.`,
  ]);
  await over;
  await connection.close();
  return 0;
}
