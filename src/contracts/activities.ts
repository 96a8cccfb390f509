import type { UnitGraph } from '../core/graph/units.js';
import type { ClosingNote } from '../core/schedule/closing.js';
import type { Patching } from './messages.js';
import type {
  CompileResult,
  InlinePlan,
  RunResult,
  Scheduled,
  ScheduledPlan,
  StoredPlan,
  ToRepair,
} from './run.js';
import type { Part } from './subRun.js';
import type {
  AskedResult,
  BatchInput,
  BatchResult,
  ExpandResult,
  RunName,
  StepInput,
  StepResult,
  UnitInput,
  UnitResult,
} from './unit.js';

/** The activities of a Muster worker, by the names Temporal knows. One object in, one object out. */
export interface Activities {
  /** Reads or compiles the plan, checks it against the worker's policy, opens the run's entry in the index. */
  compile(input: {
    readonly run: RunName;
    readonly plan: StoredPlan | InlinePlan | ScheduledPlan;
    /** Of a run that a schedule started. */
    readonly scheduled?: Scheduled;
    /** Of a re-run: the id of the run it repeats. */
    readonly rerunOf?: string;
    /** Of a run within another: id and first execution run id of that one, and what it is there. */
    readonly partOf?: Part['of'] & Pick<Part, 'node'>;
  }): Promise<CompileResult>;
  /**
   * Holds a patch against the plan that the run goes by; nothing is changed yet.
   * @param input `given`: the run's plan came as JSON or by a brief, so without a file it may run no commands
   */
  readPatch(input: { readonly run: RunName; readonly given?: true } & Patching): Promise<{
    readonly graph: UnitGraph;
    /** Units that are not what they were. */
    readonly touched: readonly number[];
  }>;
  /** Notes that the run goes by another plan now. */
  notePatch(input: { readonly run: RunName; readonly plan: string }): Promise<void>;
  /** Works out the instances of a fan and records them. */
  expand(input: UnitInput): Promise<ExpandResult>;
  /** Asks about a brief, or all instances of a fan, in batches, and keeps what comes of that for those it is about. */
  batch(input: BatchInput): Promise<BatchResult>;
  /** Carries out one brief or one instance, or asks a person about it. */
  unit(input: UnitInput): Promise<UnitResult | AskedResult>;
  /** Asks the model of a tool loop once. */
  turn(input: StepInput): Promise<StepResult>;
  /** Carries out one call that a turn wants. */
  call(input: StepInput): Promise<StepResult>;
  /** Merges what exists, checks it against the original brief, stores the reports, closes the index entry. */
  integrate(input: {
    readonly run: RunName;
    readonly plan: string;
    readonly note: ClosingNote;
    /** How often it went back to briefs before; absent: it must not. */
    readonly repairs?: number;
  }): Promise<RunResult | ToRepair>;
}
