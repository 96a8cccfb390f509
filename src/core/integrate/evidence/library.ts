import { knows, push, type Shelf, shelfOf } from './shelf.js';
import type { Part, Source } from './statement.js';
import type { Token } from './token.js';
import { wordsOf } from './words.js';

/** So many passages stay read: what is asked for again soon is not read again, and memory does not grow with the number of results. */
const KEPT = 20_000;

/** All that can be cited; a part is read when it is first asked for. */
export interface Library {
  has(label: string): boolean;
  shelves(labels: readonly string[]): readonly Shelf[];
  /** Whether anything of it has something that the cited sources lack. */
  readonly anywhere: {
    token(token: Token): boolean;
    name(words: readonly string[]): boolean;
    says(text: string): boolean;
  };
}

export function libraryOf(sources: ReadonlyMap<string, Source>): Library {
  const read = new Map<Part, Shelf>();
  let kept = 0;
  const shelf = (part: Part): Shelf => {
    const known = read.get(part);
    const found = known ?? shelfOf(part);
    if (known) read.delete(part);
    else kept += found.size;
    read.set(part, found);
    for (const [oldest, { size }] of read) {
      if (kept <= KEPT || oldest === part) break;
      read.delete(oldest);
      kept -= size;
    }
    return found;
  };
  const partsOf = (labels: Iterable<string>) =>
    new Set([...labels].flatMap((label) => sources.get(label) ?? []));

  let index:
    | {
        /** Of each key the units that it stands in. */
        readonly keys: ReadonlyMap<string, ReadonlySet<string>>;
        readonly words: ReadonlyMap<string, readonly Part[]>;
      }
    | undefined;
  const indexed = () => {
    if (index) return index;
    const keys = new Map<string, Set<string>>();
    const words = new Map<string, Part[]>();
    for (const part of partsOf(sources.keys())) {
      const { mentions, keys: others, passages } = shelf(part);
      for (const [key, held] of mentions) {
        const units = keys.get(key) ?? new Set<string>();
        for (const { token } of held) for (const unit of token.units ?? ['']) units.add(unit);
        keys.set(key, units);
      }
      for (const key of others) keys.set(key, new Set(['']));
      for (const word of passages.keys()) push(words, word, part);
    }
    index = { keys, words };
    return index;
  };
  /** Those that have the rarest of the words. */
  const likely = (words: readonly string[]): readonly Shelf[] => {
    const lists = words.map((word) => indexed().words.get(word) ?? []);
    return lists
      .reduce((least, list) => (list.length < least.length ? list : least), lists[0] ?? [])
      .map(shelf);
  };
  return {
    has: (label) => sources.has(label),
    shelves: (labels) => [...partsOf(labels)].map(shelf),
    anywhere: {
      token: ({ keys, units = [''] }) =>
        keys.some((key) => units.some((unit) => indexed().keys.get(key)?.has(unit))),
      name: (words) => likely(words).some((one) => knows(one, words)),
      says: (text) => likely(wordsOf(text)).some((one) => one.says(text)),
    },
  };
}
