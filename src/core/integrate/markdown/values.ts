import { isObject, type Json } from '../../outcome/canonical.js';
import { readKeptBoth } from '../merge/fields.js';
import { cut, inWords } from '../words.js';
import { code, prose } from './escape.js';

/** Characters of one value within a line. */
const LONGEST = 240;
/** Characters of an item that has no other name. */
const BEGINNING = 80;

/** A value within a line or a cell: text as prose, structure as compact JSON. */
export function shown(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return prose(cut(value, LONGEST));
  if (typeof value !== 'object') return String(value);
  const both = readKeptBoth(value);
  if (both)
    return both.map(({ value, by }) => `${shown(value)} (${by.map(code).join(', ')})`).join(' **or** ');
  if (
    Array.isArray(value) &&
    value.every((member) => typeof member === 'string' || typeof member === 'number')
  )
    return prose(cut(value.join(', '), LONGEST));
  return code(inWords(value));
}

/** An item by its key fields: `file a.js, line 12`. */
export const itemName = (item: Json): string =>
  isObject(item)
    ? Object.entries(item)
        .map(
          ([field, value]) =>
            `${prose(field)} ${typeof value === 'string' ? code(cut(value, LONGEST)) : shown(value)}`,
        )
        .join(', ')
    : shown(item);

/** What names an item: its key fields, where it has them; else its beginning. */
export function nameIn(item: Json, key: readonly string[]): Json {
  if (isObject(item) && key.length > 0 && key.every((field) => field in item))
    return Object.fromEntries(key.map((field) => [field, item[field]!]));
  return cut(typeof item === 'string' ? item : JSON.stringify(item), BEGINNING);
}
