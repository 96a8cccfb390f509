import { canonical, isObject, type Json } from '../../outcome/canonical.js';
import { abridged } from '../abridged.js';
import { readKeptBoth } from '../merge/fields.js';
import { counted, cut } from '../words.js';
import { joinedBy, type Marks } from './marks.js';
import { oneLine } from './unseen.js';

/** Characters of one value within a line. */
const LONGEST = 400;
/** Characters of a structure within a line, as JSON. */
const STRUCTURE = 600;
/** Characters from which on a text in a structure is quoted rather than set as code. */
const SENTENCE = 40;
/** Objects within objects that are laid out. */
const DEEP = 2;
/** Characters of an item that has no other name. */
const BEGINNING = 80;

export interface Values<T> {
  /** A value within a line or a cell: text as prose, structure field by field, cut where it is long; of null nothing. */
  readonly shown: (value: Json | undefined) => T;
  /** An item by its key fields: `file a.js, line 12`. */
  readonly itemName: (item: Json) => T;
}

export function valuesIn<T>(marks: Marks<T>): Values<T> {
  const { prose, code, brief, strong, say } = marks;
  const joined = joinedBy(marks);

  /** Not to be taken for its own words: that it is cut is said outside of it. */
  const beginning = (text: string, set: (text: string) => T): T =>
    text.length <= LONGEST
      ? set(text)
      : say`${set(cut(text, LONGEST))} (cut here, of ${counted(text.length, 'character')})`;

  function shown(value: Json | undefined): T {
    if (value === undefined || value === null) return say``;
    if (typeof value === 'string') return beginning(value, prose);
    if (typeof value !== 'object') return say`${String(value)}`;
    const both = readKeptBoth(value);
    if (both)
      return joined(
        both.map(({ value, by }) => say`${shown(value)} (${joined(by.map(brief), ', ')})`),
        say` ${strong(say`or`)} `,
      );
    if (
      Array.isArray(value) &&
      value.every((member) => typeof member === 'string' || typeof member === 'number')
    )
      return beginning(value.join(', '), prose);
    return laidOut(abridged(value, STRUCTURE), 0);
  }

  /** `holds (1) quote “…”, source a.md (2) …`, and what lies deeper as JSON. */
  function laidOut(value: Json, depth: number): T {
    if (typeof value === 'string')
      return value.length > SENTENCE ? say`“${prose(value)}”` : value === '' ? say`(empty)` : code(value);
    if (typeof value !== 'object' || value === null) return say`${String(value)}`;
    if (depth > DEEP || Object.keys(value).length === 0) return code(canonical(value));
    if (isObject(value))
      return joined(
        Object.entries(value).map(([name, one]) => say`${prose(name)} ${laidOut(one, depth + 1)}`),
        ', ',
      );
    if (value.length === 1) return laidOut(value[0]!, depth);
    return joined(
      value.map((one, n) => say`(${n + 1}) ${laidOut(one, depth)}`),
      ' ',
    );
  }

  const field = ([name, value]: readonly [string, Json]): T =>
    say`${prose(name)} ${typeof value === 'string' ? beginning(value, code) : shown(value)}`;

  return {
    shown,
    itemName: (item) => (isObject(item) ? joined(Object.entries(item).map(field), ', ') : shown(item)),
  };
}

/** As a person reads it who cannot tell `1` from `"1"`: what reads the same is counted as the same. */
export const asRead = (value: null | boolean | number | string = null): string =>
  typeof value === 'string' ? oneLine(cut(value, LONGEST)).trim() : value === null ? '' : String(value);

/** What names an item: its key fields, where it has them; else its beginning. */
export function nameIn(item: Json, key: readonly string[]): Json {
  if (isObject(item) && key.length > 0 && key.every((field) => field in item))
    return Object.fromEntries(key.map((field) => [field, item[field]!]));
  return abridged(item, BEGINNING);
}
