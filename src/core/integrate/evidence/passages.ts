import type { Name } from './names.js';
import type { Token } from './token.js';
import { stem } from './words.js';

/** What stands together in a text: a clause, a sentence, a heading, the fields of an object, a row. */
export interface Passage {
  /** Folded, each with its stem. */
  readonly words: ReadonlySet<string>;
  readonly names: readonly Name[];
  /** Keys of the dates that all of it is about. */
  readonly dates: readonly string[];
  /** What it stands in, and speaks of as well. */
  readonly within?: Passage;
}

/** A figure or a date in its place. */
export interface Mention {
  readonly token: Token;
  readonly passage: Passage;
  /** Stems of the words that say which figure it is: `profit`, `gold`, `p99`. */
  readonly topics: readonly string[];
  /** All words of the sentence or row. */
  readonly sentence: ReadonlySet<string>;
}

/** A clause or a record that names something, whether or not it has a figure. */
export interface Clause {
  readonly passage: Passage;
  /** What it names itself, and the words of that. */
  readonly own: readonly Name[];
  readonly words: ReadonlySet<string>;
  /** What its whole sentence names. */
  readonly beside: readonly Name[];
  /** Figures and dates that stand in it. */
  readonly mentions: readonly Mention[];
}

/** A name, and the figures and dates of its sentence. */
export interface Named {
  readonly name: Name;
  readonly beside: readonly Mention[];
}

/** What the name of a field or a column says. */
export interface Field {
  readonly field: readonly string[];
  readonly names: readonly Name[];
  readonly dates: readonly Token[];
}

/** What a text, or a value, comes to when it is read. */
export interface Reading {
  readonly tokens: Token[];
  readonly mentions: Mention[];
  /** Sentences, headings and records: where a name can stand. */
  readonly passages: Passage[];
  readonly names: Named[];
  readonly clauses: Clause[];
  readonly fields: Map<string, Field>;
}

export const wordSet = (words: Iterable<string>): ReadonlySet<string> => {
  const set = new Set<string>();
  for (const word of words) set.add(word).add(stem(word));
  return set;
};

/** A passage and all that it stands in. */
export function* around(passage: Passage | undefined): Generator<Passage> {
  for (let one = passage; one; one = one.within) yield one;
}

/** What a passage is about, with what it stands in. */
export const namesIn = (passage: Passage): Name[] => [...around(passage)].flatMap(({ names }) => names);

/** Whether a passage, with what it stands in, has every one of these words. */
export const holds = (passage: Passage, words: readonly string[]): boolean =>
  words.every((word) => {
    for (const { words } of around(passage)) if (words.has(word)) return true;
    return false;
  });
