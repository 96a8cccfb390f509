import type { Clause } from './passages.js';
import type { Token } from './token.js';

/** What the sources that are cited speak of at all: nothing else can tell one subject from another. */
export interface Known {
  readonly name: (words: readonly string[]) => boolean;
  /** A word of something that is certainly a name there. */
  readonly named: (word: string) => boolean;
  /** Whether some figure goes by one of the words that are `lacking`, and by more than so many of `ours`, and could be in the unit of this one. */
  readonly nearer: (
    ours: readonly string[],
    lacking: readonly string[],
    shared: number,
    like: Token,
  ) => boolean;
  readonly date: (key: string) => boolean;
  /** Those that name, or are about, all of these words. */
  readonly clauses: (words: readonly string[]) => readonly Clause[];
}
