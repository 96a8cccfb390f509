import type { Waves } from '../core/graph/waves.js';

/** Names of queries; public contract. */
export const QUERIES = { waves: 'waves', status: 'status' } as const;

/** Answer of query `waves`: what the workflow built, by label. */
export interface WavesAnswer {
  readonly mode: 'rolling' | 'barrier';
  readonly waves: readonly (readonly string[])[];
}

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
}
