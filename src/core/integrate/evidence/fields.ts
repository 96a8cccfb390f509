import type { Json } from '../../outcome/canonical.js';
import { type Labels, labelOfValue, labelsIn } from './labels.js';
import { identifierName, type Name, namesIn } from './names.js';
import { type Field, type Passage, type Reading, wordSet } from './passages.js';
import { datesOf } from './prose.js';
import { scan } from './scan.js';
import { wordsOf } from './words.js';

/** Longer values of a field are texts about it, and say nothing of the other fields. */
export const SHORT = 80;

/** A field with its value, a cell under its header. */
export type Entry = readonly [key: string, value: Json];

/** A name of a field in words: `price_usd`, `byYear`. */
export const keyWords = (key: string): string[] => wordsOf(key.replace(/(?<=\p{Ll})(?=\p{Lu})/gu, ' '));

/** What the name of a field says; of a column it is read once. */
export function fieldOf(key: string, { fields }: Reading): Field {
  const known = fields.get(key);
  if (known) return known;
  const { tokens, rest } = scan(key);
  const names = [...identifiersOf(tokens), ...namesIn(rest).filter(({ strong }) => strong)];
  const field = { field: keyWords(key), names, dates: tokens.filter((token) => datesOf(token).length > 0) };
  fields.set(key, field);
  return field;
}

const identifiersOf = (tokens: ReturnType<typeof scan>['tokens']): Name[] =>
  tokens.flatMap(({ kind, text }) => (kind === 'name' ? [identifierName(text, 0)] : []));

const YEAR = /^(?:year|jahr|annee|ano|anno|fy)$/i;

/** What all fields of one thing are about, by the short ones among them. @param labels of a statement */
export function passageOf(entries: readonly Entry[], within?: Passage, labels?: readonly Labels[]): Passage {
  const words: string[] = [];
  const names: Name[] = [];
  const dates: string[] = [];
  for (const [key, value] of entries)
    for (const one of [value].flat()) {
      if (typeof one === 'number' && YEAR.test(key)) dates.push(`date ${one}`);
      if (typeof one !== 'string' || one.length > SHORT) continue;
      const { tokens, rest } = scan(one);
      words.push(...wordsOf(one));
      dates.push(...tokens.flatMap(datesOf));
      // What a figure stands beside is in the figure's own place.
      if (tokens.every(({ kind }) => kind !== 'figure'))
        names.push(...namesIn(rest, true), ...identifiersOf(tokens));
      const label = labels ? undefined : labelOfValue(one, rest, key);
      names.push(...(labels ? labelsIn(one, labels) : label ? [label] : []));
    }
  return { words: wordSet(words), names, dates, ...(within && { within }) };
}
