import type { UnitGraph } from '../core/graph/units.js';
import type { JsonObject } from '../core/outcome/canonical.js';
import type { RunStatus } from '../core/outcome/outcome.js';
import type { State } from '../core/schedule/state.js';
import type { Part } from './subRun.js';
import type { Base } from './unit.js';

/** Tasks of a store are on a queue of its own: a worker without that store never polls it. */
export const taskQueueOf = (store: { readonly id: string }): string => `muster-${store.id}`;

/** Workflow type `run`: a plan by reference, or the plan itself as JSON, compiled by the first activity. */
export interface RunInput {
  readonly plan: StoredPlan | InlinePlan | ScheduledPlan;
  /** Makes it a re-run: what that run delivered is used again where nothing it was made from has changed. */
  readonly base?: Base & { readonly id: string };
  /** Set by the run it is within. */
  readonly part?: Part;
  /** Set by the workflow itself when it continues as new. */
  readonly resume?: Resume;
}
export interface StoredPlan {
  readonly digest: string;
}
/** What a schedule starts, by its entry in the store: a plan file, read anew when the run begins. */
export interface ScheduledPlan {
  readonly schedule: string;
  /** Number of the entry. */
  readonly entry: number;
}
export interface InlinePlan {
  readonly inline: JsonObject;
  readonly params?: JsonObject;
}
export interface Resume {
  /** Digest of the stored plan. */
  readonly plan: string;
  readonly graph: UnitGraph;
  readonly state: State;
  /** Of the first execution, ms since the epoch. */
  readonly startedAt?: number;
  /** The plan came as JSON. */
  readonly given?: true;
  /** How often it went back to briefs with what was found wrong; absent: never. */
  readonly repairs?: number;
  /** Briefs that are left for runs within it, where there can be such. */
  readonly allowance?: Part['allowance'];
}

export type { RunStatus };

/** Digests of the report in each format. */
export interface StoredReport {
  readonly json: string;
  readonly markdown: string;
  /** Absent of a report that was stored before there were pages. */
  readonly html?: string;
}

/** What the workflow returns; at most 8 KB. */
export interface RunResult {
  readonly status: RunStatus;
  /** Digest of `answer`: the same for the same outcomes. */
  readonly answer: string;
  readonly report: StoredReport;
}

/** What the integrator gives in place of a result while something can still be mended; at most 8 KB. */
export interface ToRepair {
  /** What is to be carried out once more. */
  readonly sentBack: readonly { readonly u: number; readonly k?: number }[];
}

export interface CompileResult {
  readonly plan: string;
  readonly name: string;
  readonly graph: UnitGraph;
}

/** Which schedule started a run, and the time it was meant for, ms since the epoch. */
export interface Scheduled {
  readonly id: string;
  readonly at: number;
}
