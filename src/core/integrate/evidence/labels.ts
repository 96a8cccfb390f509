import type { Name } from './names.js';
import { isUnit } from './units.js';
import { isCommon, wordsOf } from './words.js';

/** Short values of fields and columns of the sources, by their first word: what rows and objects are called. */
export type Labels = ReadonlyMap<string, readonly Name[]>;

const LONGEST = 6;

/** The label that a value is, `rest` being what of it is no figure or date; undefined for figures, dates and whole sentences. */
export function labelOfValue(value: string, rest: string, column: string): Name | undefined {
  const words = wordsOf(value);
  const named = wordsOf(rest).some((word) => !isCommon(word) && /\p{L}{2}/u.test(word));
  const most = /\d/.test(value) ? LONGEST / 2 : LONGEST;
  const short = named && words.length <= most && !/[.!?]\s*$/.test(value) && !isUnit(value);
  return short ? { text: value, at: 0, words, strong: /^\p{Lu}/u.test(value.trim()), column } : undefined;
}

export function labelsOf(names: Iterable<Name>): Labels {
  const labels = new Map<string, Map<string, Name>>();
  for (const name of names) {
    const first = labels.get(name.words[0]!) ?? new Map<string, Name>();
    first.set(`${name.column} ${name.words.join(' ')}`, name);
    labels.set(name.words[0]!, first);
  }
  return new Map([...labels].map(([word, byText]) => [word, [...byText.values()]]));
}

const WORD = /[\p{L}\p{M}\p{N}]+/gu;

/** Where a text uses labels of the sources; one that is written in capitals, there and here, is a name for certain. */
export function labelsIn(text: string, labels: readonly Labels[]): Name[] {
  if (labels.every(({ size }) => size === 0)) return [];
  const found: Name[] = [];
  const places = [...text.matchAll(WORD)].map(({ 0: written, index }) => ({
    written,
    index,
    word: wordsOf(written)[0] ?? '',
  }));
  for (const [n, { written, index, word }] of places.entries())
    for (const label of labels.flatMap((one) => one.get(word) ?? []))
      if (label.words.every((part, k) => places[n + k]?.word === part))
        found.push({ ...label, at: index, strong: label.strong && /^\p{Lu}/u.test(written) });
  return found;
}
