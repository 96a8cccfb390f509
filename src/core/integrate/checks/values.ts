import { RE2JS } from 're2js';
import { canonical } from '../../outcome/canonical.js';
import type { Check } from '../../plan/integration.js';
import { validator } from '../../plan/validate.js';
import { numberIn } from '../quantities.js';
import { type Place, pathOf, placeText } from '../select.js';
import { counted, inWords, listed, tallyOf } from '../words.js';
import { type Finding, type Judged, missing } from './finding.js';

/* Checks of what a path selects. */

export function schema(check: Check & { kind: 'schema' }, { merged: { data } }: Judged): Finding {
  const wrong = validator(check.schema);
  const values = check.in === undefined ? [{ at: [], value: data }] : pathOf(check.in).spots(data);
  if (values.length === 0) return missing(`\`${check.in}\` selects nothing.`);
  const checked = values.map((place) => ({ place, problems: wrong(place.value) }));
  const problems = checked.flatMap((one) => one.problems);
  const where =
    check.in === undefined
      ? 'The merged data'
      : `What \`${check.in}\` selects (${counted(values.length, 'value')})`;
  if (problems.length === 0) return { status: 'covered', evidence: `${where} satisfies the schema.` };
  const evidence = `${where} does not satisfy the schema: ${listed(problems)}.`;
  const flawed = checked.flatMap((one) => (one.problems.length > 0 ? [one.place] : []));
  return { status: 'contradicted', evidence, ...(check.in !== undefined && { at: flawed.map(placeText) }) };
}

export function count(check: Check & { kind: 'count' }, { merged: { data } }: Judged): Finding {
  const { min = 0, max = Infinity } = check;
  const found = (pathOf(check.in).items(data) ?? []).length;
  const evidence = `${counted(found, 'item')} at \`${check.in}\`; asked for ${boundsOf(check)}.`;
  return { status: found < min ? 'missing' : found > max ? 'contradicted' : 'covered', evidence };
}

export function matches(check: Check & { kind: 'matches' }, { merged: { data } }: Judged): Finding {
  const pattern = RE2JS.compile(check.matches);
  const values = pathOf(check.in).spots(data);
  if (values.length === 0) return missing(`\`${check.in}\` selects nothing.`);
  const others = values.filter(({ value }) => !pattern.matcher(inWords(value)).find());
  const where = `${values.length - others.length} of ${values.length} at \`${check.in}\` match \`${check.matches}\``;
  if (others.length === 0) return { status: 'covered', evidence: `${where}.` };
  return {
    status: 'contradicted',
    evidence: `${where}; these do not: ${told(others)}.`,
    at: others.map(placeText),
  };
}

/** No value is there twice. */
export function unique(check: Check & { kind: 'unique' }, { merged: { data } }: Judged): Finding {
  const values = pathOf(check.in).all(data);
  if (values.length === 0) return missing(`\`${check.in}\` selects nothing.`);
  const often = [...tallyOf(values.map(canonical))].filter(([, times]) => times > 1);
  const where = `${counted(values.length, 'value')} at \`${check.in}\``;
  if (often.length === 0) return { status: 'covered', evidence: `${where}, all different.` };
  const named = often.map(([value, times]) => `${inWords(JSON.parse(value))} (${times} times)`);
  return { status: 'contradicted', evidence: `${where}; more than once: ${listed(named)}.` };
}

/** Every value is a number within bounds. */
export function range(check: Check & { kind: 'range' }, { merged: { data } }: Judged): Finding {
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = check;
  const values = pathOf(check.in).spots(data);
  if (values.length === 0) return missing(`\`${check.in}\` selects nothing.`);
  const outside = values.filter(({ value }) => {
    const number = numberIn(value);
    return number === undefined || number < min || number > max;
  });
  const where = `${values.length - outside.length} of ${values.length} at \`${check.in}\` are ${boundsOf(check)}`;
  if (outside.length === 0) return { status: 'covered', evidence: `${where}.` };
  return {
    status: 'contradicted',
    evidence: `${where}; these are not: ${told(outside)}.`,
    at: outside.map(placeText),
  };
}

const told = (places: readonly Place[]): string => listed(places.map(({ value }) => inWords(value)));

const boundsOf = ({ min, max }: { readonly min?: number; readonly max?: number }): string =>
  [min !== undefined && `at least ${min}`, max !== undefined && `at most ${max}`]
    .filter(Boolean)
    .join(' and ');
