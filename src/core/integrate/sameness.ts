import { canonical, type Json } from '../outcome/canonical.js';

/** Two values are the same where their identities are equal texts. */
export type Identity = (value: Json) => string;

/**
 * `exact`: the same JSON value. `normalised`: letter case, white space, Unicode compatibility forms and the
 * thousands separators of a number do not count, and a number is the same as its text. Trailing zeros do count:
 * `1.10` and `1.1` are two versions.
 */
export const identityBy = (match: 'exact' | 'normalised'): Identity =>
  match === 'exact' ? textOf : (value) => textOf(folded(value));

/** Most values of a field are scalars, and those need no ordering. */
const textOf: Identity = (value) =>
  value === null || typeof value !== 'object' ? JSON.stringify(value) : canonical(value);

function folded(value: Json): Json {
  if (typeof value === 'string') return foldedText(value);
  if (typeof value === 'number') return String(value);
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(folded);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, folded(member)]));
}

const GROUPED_NUMBER = /^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/;

function foldedText(text: string): string {
  const plain = text.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase();
  return GROUPED_NUMBER.test(plain) ? plain.replaceAll(',', '') : plain;
}
