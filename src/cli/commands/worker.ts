import { setFlagsFromString } from 'node:v8';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { guardProcess } from '../../adapters/executors/guardOutput.js';
import { type Lifeline, lifeline } from '../../temporal/lifeline.js';
import { createWorker } from '../../worker.js';
import { configFor } from '../machine.js';
import type { Screen } from '../screen.js';
import { redactorFor } from '../secrets.js';

export interface WorkerCommandOptions {
  readonly functions?: string;
  readonly concurrency?: number;
}

/**
 * A heap may grow by half before it is swept, where it would grow fourfold, to more than 100 MB of what nobody needs; and
 * each thread gets a small nursery (bench/README.md).
 */
const SMALL = ['--heap-growing-percent=50', '--max-semi-space-size=4'];

/**
 * `muster worker`: works until a signal or its supervisor ends it; what is in flight then is handed back.
 * @throws Unreachable, Failure InvalidInput
 */
export async function worker(options: WorkerCommandOptions, screen: Screen): Promise<number> {
  const { functions, concurrency } = options;
  for (const flag of SMALL) setFlagsFromString(flag);
  // What a brief fails of is in the ledger; Temporal's own account of it is for those who ask.
  Runtime.install({ logger: new DefaultLogger(screen.wishes.verbose ? 'INFO' : 'ERROR') });
  guardProcess(await redactorFor(configFor({ functions })));
  let tie: Lifeline | undefined;
  const working = await createWorker({
    ...(functions === undefined ? {} : { functions }),
    ...(concurrency === undefined ? {} : { concurrency }),
    onRetention: (line) => {
      screen.progress(() => [line]);
      tie?.say(line);
    },
  });
  const over = working.run();
  // Only what runs can be shut down, and the supervisor may be gone already.
  tie = lifeline(() => working.shutdown());
  tie.ready();
  screen.progress(() => [
    `Working on ${working.taskQueue} at ${working.address}. Ctrl-C ends it; what runs is handed back.`,
  ]);
  await over;
  return 0;
}
