import type { Json } from '../core/outcome/canonical.js';
import type { Usage } from '../core/outcome/outcome.js';
import type { Several } from '../core/outcome/several.js';
import type { Voted } from '../core/outcome/voted.js';
import type { ToolCall } from '../core/plan/prompt.js';
import type { Work } from '../core/plan/render.js';

/** One try at a brief, as its executor sees it. */
export interface Task<W extends Work = Work> {
  readonly work: W;
  /** Brief instance, for messages: `dig` or `dig[pricing]`. */
  readonly label: string;
  /** Idempotency key of the effect. */
  readonly key: string;
  /** Counted from 1. */
  readonly try: number;
  /** Aborted by cancellation, by the try's timeout, or by a later holder; the effect must end soon after. */
  readonly signal: AbortSignal;
  /** To be called whenever something has come of it: where a brief limits silence, one that tells nothing is stopped. */
  progress(progress: Progress): void;
  /** First execution run id of the run it is for. */
  readonly run?: string;
  /**
   * Told why nothing can be done but wait for somebody else's leave: its time does not run meanwhile. The function that
   * comes back says that it goes on.
   */
  waits?(why: string): () => void;
  /** Told that the request goes out now. */
  sent?(): void;
  /** Told that whom it asks has begun to answer. */
  answered?(): void;
  /** Told the process group that the effect lives in, where it has one. */
  inGroup?(group: number): void;
}

/** What a person may see while it runs; at most 200 bytes as JSON. */
export interface Progress {
  readonly bytes?: number;
  readonly tokens?: number;
  readonly note?: string;
}

/** What a try brought back, before it is parsed, validated and accepted. */
export interface Effect {
  /** Text still to be read as the brief's `parse` says, or a value as it is. */
  readonly output: { readonly text: string } | { readonly value: Json };
  /** The output met a cap and carries a marker where it was cut. */
  readonly truncated?: boolean;
  readonly usage?: Usage;
  /** The model that was asked in place of the one that the work names; absent: that one. */
  readonly asked?: string;
  /** How it was voted on. */
  readonly voted?: Voted;
  /** How several samples became it otherwise. */
  readonly several?: Several;
  /** Of a model with tools: what it calls, in place of an answer. */
  readonly calls?: readonly ToolCall[];
}

/**
 * Carries out one kind of work. When its signal aborts it stops, and throws a `Failure` that
 * carries what partial output there was.
 * @throws Failure
 */
export type Executor<W extends Work = Work> = (task: Task<W>) => Promise<Effect>;

/** One executor for each kind of work; a plan is carried out by a run of its own, and tools are not for plans to call. */
export type Executors = {
  readonly [K in Exclude<Work['kind'], 'plan' | 'mcp'>]: Executor<Extract<Work, { kind: K }>>;
};
