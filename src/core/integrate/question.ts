import type { Json } from '../outcome/canonical.js';
import type { Reason } from '../outcome/outcome.js';
import type { AskWork, CallWork, RunWork } from '../plan/render.js';

/** What code cannot find out by itself: put to a command, a function or a model, and answered once a run. */
export interface Question {
  /** Who is asked, for messages. */
  readonly label: string;
  readonly work: AskWork | CallWork | RunWork;
  /** Digest of what is asked, where the work says more than that. */
  readonly key?: string;
  /** Most tries; 3 unless told. */
  readonly attempts?: number;
  /** What is wrong with a value that came back, which is the answer otherwise; absent: only whether it succeeds counts. */
  readonly wrong?: (value: Json) => readonly string[];
}

/** One put to a model: its work tells how. */
export type ModelQuestion = Question & { readonly work: AskWork };

export type Reply = { readonly value: Json } | { readonly failure: Reason };
