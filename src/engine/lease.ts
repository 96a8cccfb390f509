import type { Beat, LoopEnd, RunName, SubRunEnd, UnitResult } from '../contracts/unit.js';
import type { Digest } from '../core/outcome/canonical.js';
import type { Answer, Question } from '../core/outcome/gate.js';
import type { Holder, Reason } from '../core/outcome/outcome.js';
import type { Compiled, Source } from '../core/plan/compile.js';
import type { Plan } from '../core/plan/plan.js';
import type { Problem } from '../core/plan/problems.js';
import type { Batches } from '../ports/batches.js';
import type { Clock } from '../ports/clock.js';
import type { Executor, Executors } from '../ports/executor.js';
import type { Store } from '../ports/store.js';
import type { Tools } from '../ports/tools.js';
import type { Depots } from '../ports/trees.js';

/** This delivery of a unit. */
export interface Lease {
  readonly run: RunName;
  /** Digest of the stored plan. */
  readonly plan: string;
  readonly u: number;
  readonly k?: number;
  readonly holder: Holder;
  /** How often somebody asked for it once more; absent: never. */
  readonly again?: number;
  /** How the run within it ended, where the brief is one and that is over. */
  readonly within?: SubRunEnd;
  /** How its tool loop ended, where that is over. */
  readonly loop?: LoopEnd;
  /** Of a gate that asked before. */
  readonly answer?: Answer;
  /** When this dispatch was first scheduled, ms since the epoch; `within` counts from here. */
  readonly scheduledAt: number;
  /** When its time is over, ms since the epoch, where that does not count from there. */
  readonly endsAt?: number;
  readonly signal: AbortSignal;
  /** Why the signal aborted. */
  readonly abortedBecause: () => 'cancelled' | 'shutdown' | 'lost';
}

/** A step of a tool loop, in the hands of whoever holds the unit. */
export interface StepOf {
  /** Name of its log. */
  readonly at: string;
  /** Something of the loop went before it. */
  readonly begun: boolean;
}

export interface Effects {
  readonly store: Store;
  readonly clock: Clock;
  readonly digest: Digest;
  readonly executors: Executors;
  /** Absent: models are asked directly, whatever a plan says. */
  readonly batches?: Batches;
  /** Runs a task in a child process whose death is the verdict. */
  readonly isolated: Executor;
  readonly beat: (beat: Beat) => void;
  /** One digest over paths and content of the files that match, in `folder`. */
  readonly filesDigest: (patterns: readonly string[], folder: string) => Promise<string>;
  /** Compiles a plan that a brief runs, away from heartbeats. @param at its file, relative to the folder of this one */
  readonly compileWithin: (
    source: Source,
    at?: { readonly folder: string; readonly file: string },
  ) => Promise<Compiled>;
  /** What this worker's policy refuses of a plan, and what the worker lacks for it. */
  readonly refused: (plan: Plan, how: { readonly inline: boolean }) => Promise<readonly Problem[]>;
  /** Where workspaces are made. */
  readonly depots: Depots;
  readonly tools: Tools;
  /** Digest of the module whose functions `call` may name. */
  readonly functions?: string;
}

/** What a holder has to say when it is through. */
export type Ended =
  | { readonly kind: 'ended'; readonly result: UnitResult; readonly reason?: Reason }
  /** What it does is a run or a tool loop of its own, which is to begin now: `result.within` or `result.loop` is there. */
  | { readonly kind: 'within'; readonly result: UnitResult }
  /** A person is asked, and nobody need wait here for the answer. */
  | { readonly kind: 'asked'; readonly question: Question }
  /** Another try follows; `delayMs` is at least 1. `held`: it is at the try it was at, and goes on with that. */
  | { readonly kind: 'again'; readonly delayMs: number; readonly reason: Reason; readonly held?: true }
  /** Handed back in good order: the next holder may begin at once. */
  | { readonly kind: 'released' };
