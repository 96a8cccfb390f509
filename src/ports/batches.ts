import type { Said } from '../core/outcome/said.js';
import type { AskWork } from '../core/plan/render.js';
import type { Effect, Task } from './executor.js';

export interface BatchRequest {
  /** Unique within a batch; what comes back is told apart by it. */
  readonly key: string;
  readonly work: AskWork;
}

/** How a batch stands with its provider. */
export interface BatchStanding {
  /** Nothing more comes of it. */
  readonly isOver: boolean;
  /** Requests with an answer so far. */
  readonly answered: number;
  /** Why none of it was carried out, in a sentence. */
  readonly refused?: string;
  /** It was refused because too much waits there: it may be sent once less does. */
  readonly noRoom?: true;
}

/** What became of one request; `again`: nothing, and another batch may answer it. */
export type Came =
  | { readonly key: string; readonly said: Said }
  | { readonly key: string; readonly again: boolean };

/**
 * Questions to models that are sent together, and answered within hours.
 * @throws Failure `ModelRateLimited`, `ModelUnavailable` where it may be asked again; any other: there are no batches here
 */
export interface Batches {
  /** Bytes that a request has in a batch. */
  sizeOf(request: BatchRequest): number;
  /** @param name that no other batch has @returns what the provider calls it */
  send(name: string, requests: readonly BatchRequest[], signal: AbortSignal): Promise<string>;
  /** The batch of that name, were it sent at `since` (ms since the epoch) or later. */
  find(name: string, since: number, signal: AbortSignal): Promise<string | undefined>;
  look(id: string, signal: AbortSignal): Promise<BatchStanding>;
  /** Of a batch that is over; requests that it does not tell of were not carried out. */
  answers(id: string, signal: AbortSignal): Promise<readonly Came[]>;
  /** Has it stop; what it has answered by then still comes. */
  cancel(id: string): Promise<void>;
  /** Takes away what the provider keeps of it. */
  forget(id: string): Promise<void>;
  /** What a task comes to whose model said that. @throws Failure as the executor `ask` does */
  effectOf(task: Task<AskWork>, said: Said): Promise<Effect>;
}
