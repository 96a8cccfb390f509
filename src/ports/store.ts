/**
 * Where results last. Names are slash-separated, of `[A-Za-z0-9._%-]`, no part beginning with a dot; what is
 * stored under a name never changes.
 * @throws Failure `StoreUnavailable` where the store cannot be reached or is full.
 */
export interface Store {
  /** Stable for the life of the store; the task queue is named after it. */
  readonly id: string;
  /** `created`, or `exists` and then nothing was written. Durable when it returns, either way. */
  create(name: string, bytes: Uint8Array): Promise<'created' | 'exists'>;
  /** The whole, or `length` bytes from `offset`; undefined where there is nothing of that name. */
  read(
    name: string,
    range?: { readonly offset: number; readonly length: number },
  ): Promise<Uint8Array | undefined>;
  /** Names that begin with `prefix`, in no order. */
  list(prefix: string): Promise<readonly string[]>;
  /** What lies under a name, without reading it; undefined where there is nothing. */
  look(name: string): Promise<Kept | undefined>;
  /**
   * Takes a name away, durably, unless a `create` that began at `since` (ms since the epoch) or later answers for it:
   * who was told `created` or `exists` then finds it afterwards, however the two fall together. A store's clock may be
   * coarse, by up to 2 s: leave it that much.
   * @returns its bytes; undefined where it stays, or there was nothing
   */
  remove(name: string, since?: number): Promise<number | undefined>;
}

export interface Kept {
  /** Bytes. */
  readonly size: number;
  /** When `create` was last asked for it, whether it said `created` or `exists`, ms since the epoch. */
  readonly at: number;
}
