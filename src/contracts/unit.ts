import type { Answer, Question } from '../core/outcome/gate.js';
import type { Status } from '../core/outcome/outcome.js';

/** Names one run to an activity. */
export interface RunName {
  /** The run's id: Temporal's workflow id. */
  readonly id: string;
  /** First execution run id: the same across continue-as-new; logs lie under it. */
  readonly first: string;
  /** Of a re-run: the run whose results are used again. */
  readonly base?: Base;
}
export interface Base {
  /** Its first execution run id. */
  readonly first: string;
  /** Digest of its stored plan. */
  readonly plan: string;
}

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
  /** Of a gate: to what it asked when it was started before. */
  readonly answer?: Answer;
}

/** At most 1 KB. Also `details[0]` of the failure that a unit ends with when its tries are spent. */
export interface UnitResult {
  readonly status: Status;
  readonly tries: number;
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
  readonly digest?: string;
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
