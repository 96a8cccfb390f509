/** Time as effects see it; milliseconds since the epoch. */
export interface Clock {
  now(): number;
  /** Calls `then` after `ms`; the returned function takes it back. */
  after(ms: number, then: () => void): () => void;
}
