import type { Answer, Question } from '../core/outcome/gate.js';
import type { RunStatus, Status } from '../core/outcome/outcome.js';
import type { Bounds } from '../core/outcome/toolLoop.js';

/** Names one run to an activity. */
export interface RunName {
  /** The run's id: Temporal's workflow id. */
  readonly id: string;
  /** First execution run id: the same across continue-as-new; logs lie under it. */
  readonly first: string;
  /** Of a re-run: the run whose results are used again. */
  readonly base?: Base;
  /** How many runs it is within; absent: none. */
  readonly depth?: number;
}
export interface Base {
  /** Its first execution run id. */
  readonly first: string;
  /** Digest of its stored plan. */
  readonly plan: string;
}

/** What a try may wait for a provider in all before its unit is handed back, ms; no part of its `timeout`. */
export const WAITING_MS = 3_600_000;

/** At most 512 bytes; 1.5 KB with an answer. */
export interface UnitInput {
  readonly run: RunName;
  /** Digest of the stored plan. */
  readonly plan: string;
  readonly u: number;
  /** Instance of a fan. */
  readonly k?: number;
  /** The workflow's count of the times it started this unit. */
  readonly dispatch: number;
  /** How often somebody asked for it once more, after it had ended; absent: never. */
  readonly again?: number;
  /** How the run within it ended, where the brief is one and that is over. */
  readonly within?: SubRunEnd;
  /** How its tool loop ended, where that is over. */
  readonly loop?: LoopEnd;
  /** When its time is over, ms since the epoch; absent: as its `within` says, from when this was scheduled. */
  readonly endsAt?: number;
  /** Of a gate: to what it asked when it was started before. */
  readonly answer?: Answer;
}

/** At most 1 KB. Also `details[0]` of the failure that a unit ends with when its tries are spent. */
export interface UnitResult {
  readonly status: Status;
  readonly tries: number;
  /** It has not ended: a run of its own is to begin now, and is told to the same unit once it is over. */
  readonly within?: SubRun;
  /** It has not ended: a tool loop of its own is to begin now, and is told to the same unit once it is over. */
  readonly loop?: LoopBegun;
  /** What its tool loop came to cannot be judged before so long, ms: somebody has to give more, or a provider leave. */
  readonly heldMs?: number;
}

export interface LoopBegun extends Bounds {
  /** The try that it is. */
  readonly try: number;
}
export interface LoopEnd extends Pick<LoopBegun, 'try'> {
  /** When it began, ms since the epoch. */
  readonly since: number;
  /** Turns that began. */
  readonly turns: number;
  /** It was stopped on its way. */
  readonly cancelled?: true;
}

/** A turn of a tool loop, or a call of it. At most 512 bytes. */
export interface StepInput extends Omit<UnitInput, 'within' | 'loop' | 'answer' | 'again'> {
  /** The try that the loop is. */
  readonly loop: number;
  /** Counted from 1. */
  readonly turn: number;
  /** Of that turn, counted from 1; absent: the turn itself. */
  readonly call?: number;
}
export interface StepResult extends Pick<UnitResult, 'status'> {
  /** Of a turn: how many calls it wants; none: it is the answer. */
  readonly calls?: number;
}

export interface SubRun {
  /** Of the run. */
  readonly id: string;
  /** Digest of its stored plan. */
  readonly plan: string;
  /** Briefs of the plan. */
  readonly size: number;
  /** The run it repeats. */
  readonly base?: Base & { readonly id: string };
  /** ms since the epoch. */
  readonly deadlineAt?: number;
}
export interface SubRunEnd extends Pick<SubRun, 'id' | 'plan'> {
  /** When it began, ms since the epoch. */
  readonly since: number;
  /** First execution run id; absent where it never began. */
  readonly first?: string;
  /** `refused`: it would have brought the run over its most. `lost`: it left no report. */
  readonly status: RunStatus | 'refused' | 'lost';
  /** Digest of its `report.json`. */
  readonly report?: string;
  /** A sentence. */
  readonly why?: string;
}

/** Of a gate that asks a person: it is started again with the answer. */
export interface AskedResult {
  readonly status: 'asked';
  readonly question: Question;
}

export interface ExpandResult {
  readonly status: 'expanded' | 'not-needed' | 'refused' | 'failed';
  /** Instances. */
  readonly count: number;
  /** Only so many of them may begin, or fewer where the run has no room; the others are refused. Absent: all, or none. */
  readonly first?: number;
  readonly digest?: string;
}

export interface BatchInput extends UnitInput {
  /** Of the run, ms since the epoch. */
  readonly deadlineAt?: number;
}
/** What is not answered is asked for directly. */
export interface BatchResult {
  readonly answered: number;
}

/** What an activity's heartbeat carries; at most 1 KB. */
export interface Beat {
  readonly try: number;
  readonly attempts: number;
  /** When the try began, ms since the epoch; absent while waiting. */
  readonly since?: number;
  readonly bytes?: number;
  readonly tokens?: number;
  readonly note?: string;
  /** `running`, or why not. */
  readonly doing: 'reading' | 'running' | 'accepting' | 'recording';
}
