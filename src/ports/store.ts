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
}
