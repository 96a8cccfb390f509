/** A call of a model that is to be made. */
export interface Wish {
  readonly model: string;
  /** Run it is for: runs take turns. */
  readonly run: string;
  /** Of all that is asked, for an estimate of its tokens. */
  readonly characters: number;
  /** Most tokens of the answer; absent: nothing limits it. */
  readonly maxTokens?: number;
  readonly signal: AbortSignal;
  /** Told, in words for a person, what it waits for, whenever that changes; never called where it may go at once. */
  readonly waits: (why: string) => void;
}

/** Leave to make one call. */
export interface Pass {
  /** Who is to be asked: another than was wished for only where whoever runs the worker allows it. */
  readonly model: string;
  /** The request goes out now; where that is not told, nobody knows before it is answered or over. */
  sent(): void;
  /** The provider has begun to answer. */
  answered(): void;
  /** The call is over; to be told once, however it ended. */
  over(how: Over): void;
}

export type Over =
  | { readonly kind: 'answered'; readonly input?: number; readonly output?: number }
  | { readonly kind: 'unavailable' }
  | { readonly kind: 'limited'; readonly retryAfterMs?: number }
  /** Stopped by whoever made it. */
  | { readonly kind: 'stopped' };

/**
 * Lets calls go as the provider allows. Nobody is refused: who cannot go now waits.
 * @throws the reason of the signal, and nothing else
 */
export interface Admission {
  enter(wish: Wish): Promise<Pass>;
}
