import { RE2JS } from 're2js';
import { canonical, type Json } from '../../outcome/canonical.js';
import type { Check } from '../../plan/integration.js';
import { validator } from '../../plan/validate.js';
import { numberIn } from '../quantities.js';
import { type Place, pathOf, placeText } from '../select.js';
import { nameIn } from '../wide/scratch.js';
import { counted, inWords, listed } from '../words.js';
import { type Finding, type Judged, missing } from './finding.js';

/* Checks of what a path selects: one value after the other, of which only those are kept that do not satisfy it. */

export function schema(check: Check & { kind: 'schema' }, { merged: { data } }: Judged): Finding {
  const wrong = validator(check.schema);
  const values = check.in === undefined ? [{ at: [], value: data }] : pathOf(check.in).spots(data);
  const problems: string[] = [];
  const at: string[] = [];
  let looked = 0;
  for (const place of values) {
    looked++;
    const found = wrong(place.value);
    problems.push(...found);
    if (found.length > 0) at.push(placeText(place));
  }
  if (looked === 0) return missing(`\`${check.in}\` selects nothing.`);
  const where =
    check.in === undefined ? 'The merged data' : `What \`${check.in}\` selects (${counted(looked, 'value')})`;
  if (problems.length === 0) return { status: 'covered', evidence: `${where} satisfies the schema.` };
  const evidence = `${where} does not satisfy the schema: ${listed(problems)}.`;
  return { status: 'contradicted', evidence, ...(check.in !== undefined && { at }) };
}

export function count(check: Check & { kind: 'count' }, { merged: { data } }: Judged): Finding {
  const { min = 0, max = Infinity } = check;
  const found = pathOf(check.in).count(data);
  const evidence = `${counted(found, 'item')} at \`${check.in}\`; asked for ${boundsOf(check)}.`;
  return { status: found < min ? 'missing' : found > max ? 'contradicted' : 'covered', evidence };
}

export function matches(check: Check & { kind: 'matches' }, { merged: { data } }: Judged): Finding {
  const pattern = RE2JS.compile(check.matches);
  const { looked, flawed } = held(pathOf(check.in).spots(data), (value) =>
    pattern.matcher(inWords(value)).find(),
  );
  if (looked === 0) return missing(`\`${check.in}\` selects nothing.`);
  const where = `${looked - flawed.length} of ${looked} at \`${check.in}\` match \`${check.matches}\``;
  if (flawed.length === 0) return { status: 'covered', evidence: `${where}.` };
  return {
    status: 'contradicted',
    evidence: `${where}; these do not: ${told(flawed)}.`,
    at: placesOf(flawed),
  };
}

/** No value is there twice. */
export function unique(check: Check & { kind: 'unique' }, { merged: { data }, room }: Judged): Finding {
  const times = new Map<string, { readonly words: string; count: number }>();
  let looked = 0;
  for (const value of pathOf(check.in).each(data)) {
    looked++;
    const text = canonical(value);
    const name = nameIn(room, text);
    const known = times.get(name);
    if (known) known.count++;
    else times.set(name, { words: inWords(value), count: 1 });
  }
  if (looked === 0) return missing(`\`${check.in}\` selects nothing.`);
  const often = [...times.values()].filter(({ count }) => count > 1).sort((a, b) => b.count - a.count);
  const where = `${counted(looked, 'value')} at \`${check.in}\``;
  if (often.length === 0) return { status: 'covered', evidence: `${where}, all different.` };
  const named = often.map(({ words, count }) => `${words} (${count} times)`);
  return { status: 'contradicted', evidence: `${where}; more than once: ${listed(named)}.` };
}

/** Every value is a number within bounds. */
export function range(check: Check & { kind: 'range' }, { merged: { data } }: Judged): Finding {
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = check;
  const { looked, flawed } = held(pathOf(check.in).spots(data), (value) => {
    const number = numberIn(value);
    return number !== undefined && number >= min && number <= max;
  });
  if (looked === 0) return missing(`\`${check.in}\` selects nothing.`);
  const where = `${looked - flawed.length} of ${looked} at \`${check.in}\` are ${boundsOf(check)}`;
  if (flawed.length === 0) return { status: 'covered', evidence: `${where}.` };
  return {
    status: 'contradicted',
    evidence: `${where}; these are not: ${told(flawed)}.`,
    at: placesOf(flawed),
  };
}

interface Flawed {
  readonly at: string;
  readonly words: string;
}

function held(
  places: Iterable<Place>,
  holds: (value: Json) => boolean,
): { readonly looked: number; readonly flawed: readonly Flawed[] } {
  const flawed: Flawed[] = [];
  let looked = 0;
  for (const place of places) {
    looked++;
    if (!holds(place.value)) flawed.push({ at: placeText(place), words: inWords(place.value) });
  }
  return { looked, flawed };
}

const placesOf = (flawed: readonly Flawed[]): readonly string[] => flawed.map(({ at }) => at);
const told = (flawed: readonly Flawed[]): string => listed(flawed.map(({ words }) => words));

const boundsOf = ({ min, max }: { readonly min?: number; readonly max?: number }): string =>
  [min !== undefined && `at least ${min}`, max !== undefined && `at most ${max}`]
    .filter(Boolean)
    .join(' and ');
