import { canonical, type Json } from '../outcome/canonical.js';
import type { Comparison, Match, Tolerance } from '../plan/integration.js';
import { numberIn } from './quantities.js';

/** Two values are the same where their identities are equal texts. */
export type Identity = (value: Json) => string;

/**
 * `exact`: the same JSON value. `normalised`: letter case, white space, Unicode compatibility forms and the
 * thousands separators of a number do not count, and a number is the same as its text. Trailing zeros do count:
 * `1.10` and `1.1` are two versions.
 */
export const identityBy = (match: Match): Identity =>
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

/** Names values said of one field: the same ones have the same name. */
export type Sameness = (values: readonly Json[]) => readonly string[];

/** @param match holds where the comparison says nothing else */
export function samenessBy(match: Match, comparison: Comparison = {}): Sameness {
  const identity = identityBy(comparison.match ?? match);
  const { unit, within } = comparison;
  if (unit === undefined && within === undefined) return (values) => values.map(identity);
  return (values) => {
    const names = values.map(identity);
    for (const [first, ...others] of clusters(values, within, unit))
      for (const one of others) names[one] = names[first!]!;
    return names;
  };
}

/**
 * Places of numbers that are the same, from the smallest up: each within the tolerance of the smallest of its cluster. So
 * the order in which they were said does not matter.
 */
function clusters(
  values: readonly Json[],
  within: Tolerance = { kind: 'relative', by: 0 },
  unit?: string,
): readonly (readonly number[])[] {
  const numbers = values.flatMap((value, at) => {
    const number = numberIn(value, unit);
    return number === undefined ? [] : [{ at, number }];
  });
  numbers.sort((a, b) => a.number - b.number || a.at - b.at);
  const all: { readonly least: number; readonly at: number[] }[] = [];
  for (const { at, number } of numbers) {
    const last = all.at(-1);
    if (last && number - last.least <= room(within, last.least, number)) last.at.push(at);
    else all.push({ least: number, at: [at] });
  }
  return all.map(({ at }) => at);
}

/** What arithmetic may change of a number, as a share of it. */
const ROUNDING = 1e-9;
const room = ({ kind, by }: Tolerance, a: number, b: number): number => {
  const larger = Math.max(Math.abs(a), Math.abs(b));
  return (kind === 'absolute' ? by : by * larger) + ROUNDING * larger;
};
