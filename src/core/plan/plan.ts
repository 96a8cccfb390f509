import type { Prices } from '../budget/prices.js';
import type { Base } from '../files/manifest.js';
import type { TriggerRule } from '../graph/triggerRules.js';
import type { Limit } from '../outcome/amount.js';
import type { Json, JsonObject } from '../outcome/canonical.js';
import type { RetriableType } from '../outcome/failure.js';
import type { Executor } from './executor.js';
import type { Integrate, Match, Requirement } from './integration.js';
import type { Roles } from './role.js';
import type { ToolUse } from './tools.js';

/** Bumped when the stored form changes; `CI` opens artifacts of earlier versions. */
export const PLAN_VERSION = 1;

/** Most briefs of one plan, and of a fan-out that does not say how wide it may be. */
export const MAX_BRIEFS = 1000;

/** Most briefs of one run, the instances of its fan-outs included. */
export const MAX_INSTANCES = 20_000;

/** Runs within runs, the first not counted. */
export const MAX_DEPTH = 3;

/**
 * A compiled plan: defaults merged, durations in milliseconds, files by digest, params validated.
 * A brief's place in `briefs` is its unit number `u`.
 */
export interface Plan {
  readonly v: typeof PLAN_VERSION;
  readonly name: string;
  /** The original brief, in the asker's words. */
  readonly brief: string;
  readonly requirements: readonly Requirement[];
  readonly params: JsonObject;
  readonly inputs: { readonly [name: string]: readonly InputFile[] };
  readonly limits: Limits;
  readonly waves: 'rolling' | 'barrier';
  readonly onFailure: 'continue' | 'stop';
  /** Capacity by name; 1 is a lock. */
  readonly resources: { readonly [name: string]: number };
  /** Tier to model name. */
  readonly models: { readonly [tier: string]: string };
  /** Of the models that it asks, as far as they are known; absent: of none. */
  readonly prices?: Prices;
  /** Those that it names, by that name; absent: it names none. */
  readonly roles?: Roles;
  readonly briefs: readonly Brief[];
  readonly integrate: Integrate;
  /** Where it was read from, to be read again; absent for an inline plan. */
  readonly source?: PlanSource;
  /** Absolute folder that commands run in; absent for an inline plan, whose commands run in a fresh one. */
  readonly folder?: string;
  /** What workspaces begin with; absent where no brief has one of its own. */
  readonly base?: Base;
  /** Of a plan that a run goes on with: what led to it, in order. */
  readonly patches?: readonly Patch[];
}

export interface PlanSource {
  /** Absolute. */
  readonly file: string;
  readonly params: JsonObject;
  /** That was said in place of the file's. */
  readonly concurrency?: number;
}

/** What a patch changes, by id. */
export interface Difference {
  readonly added: readonly string[];
  readonly changed: readonly Change[];
  readonly removed: readonly string[];
  /** Keys of the plan beside its briefs. */
  readonly plan: readonly string[];
}
export interface Change {
  readonly id: string;
  /** Of the brief, in which the two differ. */
  readonly keys: readonly string[];
}

/** One of the patches that led to a plan. */
export interface Patch extends Difference {
  /** First execution run id of the run that it was made for. */
  readonly run: string;
  /** Digest of the stored plan before. */
  readonly from: string;
  /** ms since the epoch. */
  readonly at: number;
}

interface Limits {
  readonly concurrency: number;
  readonly deadlineMs?: number;
  readonly budget?: Budget;
}

/** What models may cost. */
export interface Budget extends Limit {
  /** The share of it from which on nothing new begins, below 1; absent: all of it may be used. */
  readonly soft?: number;
  /** At the limit it waits until somebody raises it. */
  readonly pause?: true;
}

export interface InputFile {
  /** Relative to the plan's folder, with forward slashes; absolute where the glob was. */
  readonly path: string;
  readonly digest: string;
  readonly size: number;
}
export const isInputFile = (value: unknown): value is InputFile =>
  value !== null && typeof value === 'object' && 'path' in value && 'digest' in value;

export interface Brief {
  readonly id: string;
  /** A patch took it out before it began; its place stays. */
  readonly removed?: true;
  readonly title?: string;
  readonly executor: Executor;
  /** The optional ones among them. */
  readonly needs: readonly string[];
  /** What lets it start, of the needs that `awaits` does not name; absent: briefs must deliver, fan-outs have ended. */
  readonly join?: TriggerRule;
  /** By need. */
  readonly awaits?: { readonly [need: string]: Await };
  /** CEL; false makes the brief `not-needed`. */
  readonly when?: string;
  readonly forEach?: ForEach;
  readonly scope?: string;
  readonly constraints: readonly string[];
  /** Names of inputs whose content reaches the model as delimited data. */
  readonly files: readonly string[];
  /** Needs whose output reaches the model, or is shown with what a gate asks. */
  readonly context: readonly string[];
  /** CEL for the typed value given on standard input (`run`) or as `input` (`call`). */
  readonly stdin?: string;
  /** `by-type`: JSON where an HTTP response says that it is, else text. */
  readonly parse: Parse | 'by-type';
  readonly okExit: readonly number[];
  /** JSON Schema (2020-12) that the output must satisfy. */
  readonly output?: JsonObject;
  /** By need: JSON Schema of what it expects of that brief, or of each instance of that fan. */
  readonly expects?: { readonly [need: string]: JsonObject };
  /** From when it is started until what it expects has been read and fits, ms; there where it expects something. */
  readonly acknowledgeMs?: number;
  readonly accept: readonly Accept[];
  readonly retry: Retry;
  /** It must not run twice. */
  readonly effect?: 'once';
  /** The same brief as it is carried out once its tries are spent; has none of its own. */
  readonly fallback?: Brief;
  /** Per try, ms. */
  readonly timeoutMs: number;
  /** Of a try, without progress, ms; absent: no limit. */
  readonly stallMs?: number;
  /** Over all tries, waiting included, ms; of a gate, from when it was asked. */
  readonly withinMs?: number;
  readonly heartbeatMs: number;
  /** Expected duration of one try, ms; absent is unknown. */
  readonly estimateMs?: number;
  readonly uses: { readonly [resource: string]: number };
  /** Absent: normal. */
  readonly priority?: 'high' | 'low';
  /** Path globs, Liquid templates allowed. */
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  readonly mirrors: readonly string[];
  /** It is asked several times, and the answer that most give is its output. */
  readonly vote?: Vote;
  /** It is asked several times, and all answers are its output. */
  readonly variants?: Variants;
  /** It is asked from several viewpoints, and what they come to together is its output. */
  readonly perspectives?: Perspectives;
  /** Of the plan's `roles`. */
  readonly role?: string;
  /** A tier of `models`, or a model's name. */
  readonly model?: string;
  /** Of sampling, 0 to 2; absent: the provider's. */
  readonly temperature?: number;
  /** Longest answer of a model. */
  readonly maxTokens?: number;
  /** What its models may cost. */
  readonly budget?: Limit;
  /** What the model may call; absent: nothing. */
  readonly tools?: ToolUse;
  /** It is asked through its provider's Batch API, at the batch price; absent: directly. */
  readonly batch?: Batch;
  /** Lets an argument that begins with a template begin with `-`. */
  readonly allowDash?: boolean;
  /** A result that any run of this store came to may be used for so long, ms. */
  readonly cacheMs?: number;
  /** Absent: it works in the plan's folder, as all that share it do. */
  readonly workspace?: Workspace;
}

/** Whether a person decides. */
export const isGate = ({ executor }: Pick<Brief, 'executor'>): boolean => executor.kind === 'gate';

/** A folder of its own for every try of a brief. */
export interface Workspace {
  /** Globs relative to the plan's folder, Liquid templates allowed; absent: everything it changes is kept. */
  readonly produces?: readonly string[];
}

/** How one answer comes of several samples. */
export interface Vote {
  /** Most of them. */
  readonly samples: number;
  /** Field of the output, or JSONPath into it, on which they vote; absent: the whole output. */
  readonly field?: string;
  readonly match: Match;
  /** Fewest votes that decide; absent: who has most. */
  readonly quorum?: number;
  /** What as many votes for two come to: a rejected try, or the one that was given first. */
  readonly tie: 'reject' | 'first';
  /** When no more are asked: where they could change nothing, never, or from this likelihood (below 1) on that it would stay so. */
  readonly stop: 'early' | 'never' | number;
  /** Most at a time. */
  readonly parallel: number;
  /** Of sampling, 0 to 2; absent: the provider's. */
  readonly temperature?: number;
  /** Tiers or names, in turns; absent: the brief's own. */
  readonly models?: readonly string[];
  /** What each is told beyond the others, in turns. */
  readonly prompts?: readonly string[];
}

export interface Variants {
  readonly samples: number;
  /** Most at a time. */
  readonly parallel: number;
  /** Such as share so much of their words say nearly the same, above 0 to 1. */
  readonly near: number;
  readonly rank?: Ranking;
}
export interface Ranking {
  /** Tier or name. */
  readonly model: string;
  readonly by: string;
}

export interface Batch {
  /** So long after it was sent what has not come is asked for directly, ms. */
  readonly byMs: number;
}

export interface Perspectives {
  readonly views: readonly Perspective[];
  /** Most at a time. */
  readonly parallel: number;
}
export interface Perspective {
  readonly name: string;
  readonly says?: string;
}

export type Parse = 'text' | 'lines' | 'json' | 'jsonl' | 'sarif' | 'junit';

export type Accept =
  | { readonly kind: 'cel'; readonly cel: string }
  /** Gets the output as JSON on standard input; exit 0 accepts, what it prints is the finding. */
  | { readonly kind: 'command'; readonly argv: readonly string[] }
  /** CEL for a plan, which has to compile, and to keep to the policy of plans that come without a file. */
  | { readonly kind: 'plan'; readonly cel: string }
  /** A model, by tier or name, is asked whether the sentence is true of the output. */
  | { readonly kind: 'judge'; readonly model: string; readonly says: string };

export interface Retry {
  /** Tries in all, the first counted. */
  readonly attempts: number;
  readonly backoff: Backoff;
  /** What differs for tries that end in one way. */
  readonly on?: { readonly [T in RetriableType]?: OwnRetry };
  /** What a brief is after its last try, where no fallback follows. */
  readonly then: 'fail' | 'missing';
  /** Each try after an answer that was rejected or refused asks the next tier. */
  readonly escalate?: true;
}

/** How long to wait between tries, ms: doubled each time, from the least to the most. */
export interface Backoff {
  readonly minMs: number;
  readonly maxMs: number;
}

export interface OwnRetry {
  /** Most tries that end so; they are then counted apart from the others. */
  readonly attempts?: number;
  readonly backoff?: Backoff;
}

/** What of one need lets a brief start. */
export interface Await {
  /** A rule, or how many must have delivered, below 1 a share; absent as for `join`. */
  readonly when?: TriggerRule | number;
  /** It goes by what has ended so long after the run began, ms. */
  readonly byMs?: number;
  /** What has not ended then is stopped. */
  readonly rest?: 'cancel';
}

export interface ForEach {
  readonly source: /** CEL over params, inputs and needs. */
    | { readonly kind: 'in'; readonly cel: string }
    | { readonly kind: 'list'; readonly items: readonly Json[] }
    | {
        readonly kind: 'matrix';
        readonly axes: { readonly [axis: string]: readonly Json[] };
        readonly exclude: readonly JsonObject[];
      }
    /** Item k is instance k of that fan; its own instance k waits for that one only. */
    | { readonly kind: 'each'; readonly brief: string };
  /** The name templates and expressions know the item by. */
  readonly as: string;
  /** CEL over the item that gives its key; a scalar is its own, a file its path. */
  readonly key?: string;
  readonly max: number;
  /** Of more than `max` the first begin; absent: none does. */
  readonly overflow?: 'first';
}
