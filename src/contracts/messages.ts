import type { Node } from '../core/graph/node.js';
import type { Waves } from '../core/graph/waves.js';
import type { Question } from '../core/outcome/gate.js';

/** Names of queries; public contract. */
export const QUERIES = { waves: 'waves', status: 'status', gates: 'gates' } as const;

/** Names of updates, by which a run is steered while it goes on; public contract. Each answers with {@link Steered}. */
export const UPDATES = {
  /** Start nothing new; what runs goes on. No argument. */
  pause: 'pause',
  resume: 'resume',
  /** Argument {@link Limit}. */
  concurrency: 'concurrency',
  /** Argument {@link Addressed}. */
  skip: 'skip',
  retry: 'retry',
  /** Argument {@link Answering}. */
  approve: 'approve',
  reject: 'reject',
  /** Argument {@link Patching}. */
  patch: 'patch',
} as const;

/** Type of the failure of an update that came while the run went over to its next history: it changed nothing, and the same asked once more will be heard. */
export const NOT_NOW = 'NotNow';

/** So many briefs at once, from 1 to 500. */
export interface Limit {
  readonly limit: number;
}
/** A brief by its place in the plan, from 0, and the place of an instance among those of a fan-out. */
export interface Addressed {
  readonly u: number;
  readonly k?: number;
}
/** What a gate is told. */
export interface Answering extends Addressed {
  /** Of exactly what was shown; anything else that is asked there by now is not answered. */
  readonly digest: string;
  /** At most 100 bytes. Whoever asks is taken at their word. */
  readonly by?: string;
  /** At most 400 bytes. */
  readonly note?: string;
}
/** Digests of stored plans. */
export interface Patching {
  /** What the run goes by now. */
  readonly from: string;
  /** What it is to go by: a patch of that one. */
  readonly plan: string;
}
export interface Steered {
  /** Whether there was anything to do. */
  readonly changed: boolean;
}

/** Answer of query `waves`: what the workflow built, by label. */
export interface WavesAnswer {
  readonly mode: 'rolling' | 'barrier';
  readonly waves: readonly (readonly string[])[];
}

/** Answer of query `gates`: what waits for an answer now. */
export type GatesAnswer = readonly (Node & Question)[];

/** Answer of query `status`: one letter per unit and per instance (see `UNIT_LETTERS`). */
export interface StatusAnswer {
  readonly phase: 'compiling' | 'running' | 'stopping' | 'integrating' | 'closed';
  /** Digest of the plan, once it is known. */
  readonly plan?: string;
  readonly waves: Waves;
  readonly units: string;
  /** Instances of fan `u`, once expanded. */
  readonly fans: { readonly [u: string]: string };
  readonly deadlineAt?: number;
  /** Somebody said so, and nothing new starts until they say otherwise. */
  readonly paused?: true;
  /** In place of the plan's, where somebody has said so. */
  readonly concurrency?: number;
}
