import type { Spent } from '../budget/spent.js';
import type { RunProgress } from './progress.js';

/** A run as it stands. */
export interface RunView {
  readonly id: string;
  readonly name: string;
  readonly phase:
    | 'compiling'
    | 'running'
    | 'paused'
    | 'stopping'
    | 'integrating'
    | 'complete'
    | 'partial'
    | 'failed'
    | 'cancelled'
    | 'terminated';
  /** ms since the epoch. */
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly deadlineAt?: number;
  /** What models took so far; absent where none was called. */
  readonly spent?: Spent;
  /** How often its plan was patched; absent: never. */
  readonly patches?: number;
  /** Absent where no worker answers, or none has read the plan yet. */
  readonly progress?: RunProgress;
  /** Whether a worker answered just now. */
  readonly answered: boolean;
  /** Why it ended without a report. */
  readonly failure?: { readonly type: string; readonly message: string };
}
