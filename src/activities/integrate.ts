import type { Activities } from '../contracts/activities.js';
import type { RunResult, ToRepair } from '../contracts/run.js';
import { handedBack } from './failures.js';
import { beating } from './heartbeat.js';

type Input = Parameters<Activities['integrate']>[0];

export interface IntegrateEffects {
  /** Integrates in a thread of its own, over what the store holds. Settles when nothing of it runs any more. */
  readonly integrateInThread: (input: Input, signal: AbortSignal) => Promise<RunResult | ToRepair>;
}

/** Activity `integrate`: always the last of a run, whatever happened before it. */
export const integrate =
  ({ integrateInThread }: IntegrateEffects): Activities['integrate'] =>
  (input) =>
    beating(async ({ signal, abortedBecause }) => {
      try {
        return await integrateInThread(input, signal);
      } catch (error) {
        // However it ended then, it says nothing of the run: the next worker integrates it.
        if (signal.aborted && abortedBecause() === 'shutdown') throw handedBack();
        throw error;
      }
    });
