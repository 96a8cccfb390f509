import type { Usage } from './usage.js';

/** What a model answered, read whole. */
export interface Said {
  readonly text: string;
  /** Empty: it did not refuse. */
  readonly refusal: string;
  /** Why it ended, in its provider's words; absent: it broke off. */
  readonly finish?: string;
  readonly usage: Usage;
}
