import type { Json, JsonObject } from '../outcome/canonical.js';

/** A brief with every template and expression worked out: what an executor carries out. */
export type Work = RunWork | AskWork | CallWork;

export interface RunWork {
  readonly kind: 'run';
  readonly argv: readonly string[];
  /** Given on standard input. */
  readonly stdin?: string;
  /** Absolute; absent: a fresh folder, removed afterwards. */
  readonly cwd?: string;
  readonly okExit: readonly number[];
}

export interface AskWork {
  readonly kind: 'ask';
  readonly model: string;
  readonly messages: readonly { readonly role: 'system' | 'user'; readonly content: string }[];
  /** JSON Schema the answer must satisfy; absent: text. */
  readonly schema?: JsonObject;
}

export interface CallWork {
  readonly kind: 'call';
  readonly name: string;
  readonly input: Json;
  /** The brief's id, key and title, for the function's own use. */
  readonly brief: JsonObject;
}
