import type { Amount, Limit } from './amount.js';
import type { Reason, Ref, RunStatus, Status, Usage, Verdict } from './outcome.js';
import type { Said } from './said.js';
import type { Several } from './several.js';
import type { Voted } from './voted.js';

/**
 * Rows of the outcome log, one log per unit. Times are milliseconds since the epoch.
 * E3: an outcome row is bound to (run, unit, brief, try); the first of a try is final, later ones are counted, never read.
 */
export type Row =
  | FenceRow
  | InputsRow
  | ExpansionRow
  | AskedRow
  | OutcomeRow
  | DecisionRow
  | ReleasedRow
  | AgainRow
  | BegunRow
  | SampleRow
  | PurseRow
  | ReservedRow
  | SettledRow
  | RaisedRow
  | LoopRow
  | BatchRow
  | BatchIdRow
  | SaidRow
  | BatchOverRow
  | IntegratedRow;

/** Written by every holder but (1, 1), just before its first effect. The holder is in the segment's header. */
export interface FenceRow {
  readonly row: 'fence';
}
/** Written before the effect of a try that must not be made twice. */
export interface BegunRow {
  readonly row: 'begun';
  readonly try: number;
}
/** A graceful end: whoever comes next need not suspect this holder of having crashed. */
export interface ReleasedRow {
  readonly row: 'released';
}
/** Somebody asked, for the `time`th time, for what had ended to be done once more: the end on record is none any more. */
export interface AgainRow {
  readonly row: 'again';
  readonly time: number;
  /** It was sent back by the integrator, in this round, because of this. */
  readonly round?: number;
  readonly findings?: readonly string[];
}
/** What a dependant got of each need, written only where a join is not all_success, or it expects something of a need. */
export interface InputsRow {
  readonly row: 'inputs';
  readonly inputs: { readonly [need: string]: readonly NeedSeen[] };
  /** Of the needs of which it expects something: it has read what they delivered, and that is what it expects. */
  readonly acknowledged?: { readonly [need: string]: Acknowledged };
}
export interface Acknowledged {
  /** Digests of what was delivered, of a fan-out one for each instance that did; none: nothing was. */
  readonly digests: readonly string[];
  /** That the need says its output is; absent: none. */
  readonly version?: string;
}
export interface NeedSeen {
  readonly key?: string;
  readonly status: Status;
  readonly digest?: string;
}
/** The instances of a `forEach`, in input order: instance k has `keys[k]` and the item at `items[k]`. */
export interface ExpansionRow {
  readonly row: 'expansion';
  readonly keys: readonly string[];
  readonly items: readonly Ref[];
  /** Only so many of them may begin, and the others are refused; absent: all may. */
  readonly first?: number;
}
/** What a gate shows a person, who is asked from then on. */
export interface AskedRow {
  readonly row: 'asked';
  /** A `Shown` (core/plan/gate). Its digest is what an answer has to name. */
  readonly ref: Ref;
  readonly since: number;
  readonly until?: number;
}
/** One sample of a vote, recorded when it came. A vote goes on over the tries until there is a verdict on it. */
export interface SampleRow {
  readonly row: 'sample';
  /** Counted from 1. */
  readonly n: number;
  /** Absent: it could not be used, for this reason. */
  readonly ref?: Ref;
  readonly reason?: Reason;
  readonly usage?: Usage;
}
/** A tool loop, recorded when it begins; its turns and calls have logs of their own. */
export interface LoopRow {
  readonly row: 'loop';
  /** The try that it is. */
  readonly try: number;
  /** What is asked, and every tool that is offered. */
  readonly ref: Ref;
}
export interface OutcomeRow {
  readonly row: 'outcome';
  readonly brief: string;
  readonly key?: string;
  /** Counted from 1. 0 where no try was made (`not-needed`, `refused`). */
  readonly try: number;
  readonly verdict: Verdict;
  /** Present on the last row of a brief only. */
  readonly status?: Status;
  readonly ref?: Ref;
  readonly reason?: Reason;
  /** Another try follows, not before this time. Never together with `status`. */
  readonly notBefore?: number;
  /** It is one of the brief's fallback: its own tries are spent. Together with `notBefore`. */
  readonly then?: 'fallback';
  /** What delivered in the brief's place, with why it did not deliver itself as the `reason`. */
  readonly fallback?: FallbackKind;
  /** It must not run twice and took place, or may have: only a person says that it is done again. On a last row. */
  readonly askFirst?: true;
  readonly started: number;
  readonly ended: number;
  readonly usage?: Usage;
  /** The run within it, where the brief is one. */
  readonly within?: Within;
  /** Names of secrets in whose place something stands in the output. */
  readonly redacted?: readonly string[];
  /** How it was voted on, where it was. */
  readonly voted?: Voted;
  /** How several samples became its output otherwise. */
  readonly several?: Several;
  /** What the result was made from, on the row of one that was delivered. */
  readonly content?: Content;
  /** Digest of the files that the brief says it writes, as it left them. */
  readonly wrote?: string;
  /** What it changed in a workspace of its own, on the row of one that was delivered. */
  readonly files?: FilesMade;
  /** Where the result came from that was used again; no try was made then. */
  readonly reused?: Reused;
  /** Why a result that could have been used again was not. */
  readonly anew?: Anew;
}
export interface Within {
  /** Of the run. */
  readonly id: string;
  /** Its first execution run id. */
  readonly first: string;
  /** Digest of its stored plan. */
  readonly plan: string;
}
export type FallbackKind = 'constant' | 'run' | 'ask' | 'http' | 'call';
/** Stored by digest, both; results that are used again share them. */
export interface FilesMade {
  /** A `Manifest` (core/files). */
  readonly manifest: Ref;
  /** Pack with what its tree has and its start had not. */
  readonly pack: Ref;
}
/** Field to digest of its value: see core/plan/content. */
export interface Content {
  readonly [field: string]: string;
}
export interface Reused {
  /** First execution run id of the run that carried it out. */
  readonly run: string;
  /** When it was carried out, ms since the epoch. */
  readonly ended: number;
  /** Who answered then; see {@link Usage}. */
  readonly model?: string;
}
/** `new`: no such brief or instance was there. `not-done`: it delivered nothing; without `status`, nobody began it. */
export type Anew =
  | { readonly because: 'new' | 'bad' }
  /** It was not the brief that delivered it. */
  | { readonly because: 'fallback' }
  | { readonly because: 'not-done'; readonly status?: Status }
  /** What it was made from differs, in these fields. */
  | { readonly because: 'changed'; readonly fields: readonly string[] }
  /** It is not what is asked of it today. */
  | { readonly because: 'unfit'; readonly finding: string };
/** Begins the log of a purse (core/budget): what may be spent out of it. */
export interface PurseRow {
  readonly row: 'purse';
  readonly limit: Limit;
  readonly soft?: number;
  readonly pause?: true;
  /** Another purse: by first execution run id, and its name there. */
  readonly above?: { readonly run: string; readonly unit: string };
}
/** Before a call of a model. */
export interface ReservedRow {
  readonly row: 'reserved';
  /** No two calls have the same. */
  readonly call: string;
  readonly amount: Amount;
  /** It is a batch of so many; absent: one call. */
  readonly calls?: number;
}
/** After it, however it ended. */
export interface SettledRow {
  readonly row: 'settled';
  readonly call: string;
  readonly amount: Amount;
  /** Nobody said what it took; of a batch, of so many of it. */
  readonly guessed?: true | number;
  /** It was not made after all; of a batch, so many were not. */
  readonly unmade?: true | number;
  /** Why a batch was not taken, in a sentence. */
  readonly why?: string;
}
/** Somebody gave more, or less. */
export interface RaisedRow {
  readonly row: 'raised';
  /** No two raises have the same. */
  readonly raise: string;
  readonly limit: Limit;
}
/** Before a batch is sent: who is asked about in it. */
export interface BatchRow {
  readonly row: 'batch';
  /** Counted from 1. */
  readonly n: number;
  /** ms since the epoch. */
  readonly since: number;
  readonly requests: readonly BatchedRequest[];
}
export interface BatchedRequest {
  /** Idempotency key of the effect. */
  readonly key: string;
  /** The instance, of a fan. */
  readonly k?: number;
}
/** The provider has taken it, and calls it so. */
export interface BatchIdRow {
  readonly row: 'batch-id';
  readonly n: number;
  readonly id: string;
}
/** What came of a batch, by key; before the row that says that the batch is over. */
export interface SaidRow {
  readonly row: 'said';
  readonly said: { readonly [key: string]: Said };
}
export interface BatchOverRow {
  readonly row: 'batch-over';
  readonly n: number;
  /** What its answers took. */
  readonly took: Amount;
  /** Requests that were not carried out. */
  readonly unmade: number;
  /** Nobody said what it took, or so many of it took. */
  readonly guessed?: true | number;
  /** Keys of requests that no batch will answer. */
  readonly never?: readonly string[];
  /** Why the provider took none of it, in a sentence. */
  readonly why?: string;
  /** It took none of it because too much waited there. */
  readonly noRoom?: true;
}
/** A choice that depended on time or on a vote, recorded so that integrating again decides the same. */
export interface DecisionRow {
  readonly row: 'decision';
  readonly about: string;
  readonly chose: string;
}
/** A run was integrated again by other rules: a row of the integrator, each for another report. Digests, all of them. */
export interface IntegratedRow {
  readonly row: 'integrated';
  readonly status: RunStatus;
  /** Of the stored plan: the run's own, with these rules. */
  readonly plan: string;
  readonly answer: string;
  readonly report: { readonly json: string; readonly markdown: string; readonly html?: string };
  /** The merged tree. */
  readonly files?: FilesMade;
  /** What of the answer lies apart. */
  readonly apart?: readonly string[];
}
