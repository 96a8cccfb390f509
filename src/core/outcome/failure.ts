import type { Json } from './canonical.js';
import type { Several } from './several.js';
import type { Usage } from './usage.js';
import type { Voted } from './voted.js';

/** Failure types are strings and part of the public contract: they show in the ledger and in Temporal. */
export const FAILURE_TYPES = [
  'InvalidPlan',
  'InvalidInput',
  'ContractViolation',
  'OutputInvalid',
  'Rejected',
  'ModelRateLimited',
  'ModelUnavailable',
  'ModelRefused',
  'ModelAuth',
  'CommandFailed',
  'CommandNotAllowed',
  'CallFailed',
  'HttpFailed',
  'SubRunFailed',
  'TimedOut',
  'OverBudget',
  'StoreUnavailable',
  'IntegrationInvalid',
  'WorkerCrashed',
  'Cancelled',
  'Superseded',
] as const;
export type FailureType = (typeof FAILURE_TYPES)[number];

/** Types that another try cannot mend: they end a brief whatever its `retry` says. */
export const PERMANENT: ReadonlySet<FailureType> = new Set<FailureType>([
  'InvalidPlan',
  'InvalidInput',
  'ContractViolation',
  'Rejected',
  'ModelAuth',
  'CommandNotAllowed',
  'SubRunFailed',
  'OverBudget',
  'IntegrationInvalid',
  'Cancelled',
  'Superseded',
]);

/** Types that a try can end with and another try may mend. */
export const RETRIABLE = [
  'OutputInvalid',
  'ModelRateLimited',
  'ModelUnavailable',
  'ModelRefused',
  'CommandFailed',
  'CallFailed',
  'HttpFailed',
  'TimedOut',
  'WorkerCrashed',
] as const satisfies readonly FailureType[];
export type RetriableType = (typeof RETRIABLE)[number];

export interface FailureDetail {
  /** Wait at least this long before the next try, ms (a provider's Retry-After). */
  readonly retryAfterMs?: number;
  /** What there was of an output when it ended. */
  readonly partial?: Json;
  readonly usage?: Usage;
  /** Of a vote that decided nothing. */
  readonly voted?: Voted;
  /** Of samples that came to nothing otherwise. */
  readonly several?: Several;
  /** Overrides {@link PERMANENT} for this one. */
  readonly permanent?: boolean;
  /** It goes on, with the try it was at, once somebody has given it more. */
  readonly held?: true;
  /** Nobody knows whether the effect took place: another try goes out under the same idempotency key. */
  readonly uncertain?: boolean;
  /** No effect was begun: what the brief was given will not do, or it was stopped while it waited for its turn. */
  readonly unbegun?: boolean;
  /** Of a model that was asked in place of the one that the work names. */
  readonly asked?: string;
  readonly cause?: unknown;
}

/** The one error that effects throw on purpose. Its message says what happened, where, and what to do next. */
export class Failure extends Error {
  override readonly name = 'Failure';
  constructor(
    readonly type: FailureType,
    message: string,
    readonly detail: FailureDetail = {},
  ) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
  }
  get permanent(): boolean {
    return this.detail.permanent ?? PERMANENT.has(this.type);
  }
}

/**
 * For `catch`: a failure of one of these types, which the caller has an answer to.
 * @throws whatever else it is
 */
export const expecting =
  (...types: readonly FailureType[]) =>
  (error: unknown): Failure => {
    if (error instanceof Failure && types.includes(error.type)) return error;
    throw error;
  };

/** What an effect threw that is none of the above. */
export const unforeseen = (label: string, cause: unknown): Failure =>
  new Failure(
    'ContractViolation',
    `${label} ended in a way Muster did not foresee: ${cause instanceof Error ? cause.message : String(cause)}. This is a bug of Muster's: please report it.`,
    { cause },
  );
