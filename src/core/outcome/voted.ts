import type { Json } from './canonical.js';

/** How a vote went. */
export interface Voted {
  /** How many it took. */
  readonly samples: number;
  /** Those that answered, as their endpoints named themselves; absent: none did. */
  readonly models?: readonly string[];
  /** Every answer, and the numbers of the samples that gave it; most votes first. */
  readonly candidates: readonly { readonly value: Json; readonly by: readonly number[] }[];
  readonly abstained: readonly number[];
  readonly because: string;
  /** Whether the first of them was taken. */
  readonly decided: boolean;
}
