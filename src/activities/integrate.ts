import type { Activities } from '../contracts/activities.js';
import type { RunResult } from '../contracts/run.js';
import { beating } from './heartbeat.js';

type Input = Parameters<Activities['integrate']>[0];

export interface IntegrateEffects {
  /** Integrates in a thread of its own, over what the store holds. */
  readonly integrateInThread: (input: Input, signal: AbortSignal) => Promise<RunResult>;
}

/** Activity `integrate`: always the last of a run, whatever happened before it. */
export const integrate =
  ({ integrateInThread }: IntegrateEffects): Activities['integrate'] =>
  (input) =>
    beating(({ signal }) => integrateInThread(input, signal));
