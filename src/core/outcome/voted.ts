import type { Json } from './canonical.js';

/** How a vote went. */
export interface Voted {
  /** How many were asked. */
  readonly samples: number;
  /** Every answer, and the numbers of the samples that gave it; most votes first. */
  readonly candidates: readonly { readonly value: Json; readonly by: readonly number[] }[];
  readonly abstained: readonly number[];
  readonly because: string;
  /** Whether the first of them was taken. */
  readonly decided: boolean;
}
