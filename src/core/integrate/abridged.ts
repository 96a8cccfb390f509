import { canonical, isObject, type Json } from '../outcome/canonical.js';
import { cut } from './words.js';

/** Characters of a text, members of a list or fields of an object that are kept: the first that fits. */
const SHORTER = [
  [400, 20],
  [200, 10],
  [100, 5],
  [60, 3],
  [30, 2],
] as const;

/**
 * A value in at most `most` characters, of a text its own and of anything else those of its JSON: the same structure with
 * less of its texts and lists, what is left out counted where it stood; what does not even fit so, its beginning as text.
 */
export function abridged(value: Json, most: number): Json {
  if (typeof value === 'string') return cut(value, most);
  const whole = canonical(value);
  if (whole.length <= most) return value;
  for (const [text, members] of SHORTER) {
    const less = lessOf(value, text, members);
    if (canonical(less).length <= most) return less;
  }
  return cut(whole, most);
}

function lessOf(value: Json, text: number, members: number): Json {
  const within = (one: Json) => lessOf(one, text, members);
  if (typeof value === 'string') return cut(value, text);
  if (Array.isArray(value)) {
    const more = value.length - members;
    return [...value.slice(0, members).map(within), ...(more > 0 ? [`… and ${more} more`] : [])];
  }
  if (!isObject(value)) return value;
  const fields = Object.entries(value);
  const more = fields.length - members;
  return Object.fromEntries([
    ...fields.slice(0, members).map(([name, one]) => [name, within(one)]),
    ...(more > 0 ? [['…', `and ${more} more`]] : []),
  ]);
}
