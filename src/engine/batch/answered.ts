import type { Brief } from '../../core/plan/plan.js';
import type { AskWork } from '../../core/plan/render.js';
import type { Executor } from '../../ports/executor.js';
import type { Effects, Lease } from '../lease.js';
import type { Log } from '../log.js';
import { batchesOf, openBatchLog } from './log.js';

/**
 * @returns `ask`, which takes what a batch has answered to the same call, and is paid for. A brief that somebody wants done
 * once more is asked about anew.
 */
export function answeredOr(
  ask: Executor<AskWork>,
  { run, u }: Pick<Lease, 'run' | 'u'>,
  { store, batches }: Pick<Effects, 'store' | 'batches'>,
  { batch }: Pick<Brief, 'batch'>,
  { state }: Pick<Log, 'state'>,
): Executor<AskWork> {
  if (!batch || !batches) return ask;
  return async (task) => {
    if (state.again > 0) return ask(task);
    const log = await openBatchLog(store, batchesOf(run.first, u));
    // Another process may have written what this one has not read.
    if (!log.state.said.has(task.key)) await log.readOn();
    const said = log.state.said.get(task.key);
    return said ? batches.effectOf(task, said) : ask(task);
  };
}
