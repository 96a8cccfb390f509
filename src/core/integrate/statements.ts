import { isObject, type Json, type JsonObject } from '../outcome/canonical.js';
import type { ProvenanceCheck } from '../plan/integration.js';
import type { Plan } from '../plan/plan.js';
import type { Statement } from './evidence/statement.js';
import { readKeptBoth } from './merge/fields.js';
import { itemsAt } from './merge/items.js';
import type { Provenance } from './provenance.js';
import { type Place, pathOf, placeText } from './select.js';

/** A statement of the merged data, and where it stands there. */
export interface Stated extends Statement {
  readonly at: string;
}

/** What a check selects, one after the other, each with the briefs that it rests on. */
export function* statementsOf(
  check: ProvenanceCheck,
  data: JsonObject,
  plan: Plan,
  said: Provenance['items'],
): Generator<Stated> {
  const { cites, verbatim } = check;
  for (const place of pathOf(check.in).places(data)) {
    const at = placeText(place);
    const labels = cites === undefined ? authorsOf(place, data, plan, said) : labelsIn(place.value, cites);
    const fields = fieldsOf(place.value, cites);
    const texts = verbatim
      ? fields.map(({ text }) => text)
      : [fields.map(({ key, text }) => (key === undefined ? text : `${key}: ${text}`)).join('\n')];
    for (const text of texts) if (text !== '') yield { at, text, cites: labels, verbatim };
  }
}

function labelsIn(item: Json, field: string): readonly string[] {
  const named = isObject(item) ? item[field] : undefined;
  return [named ?? []].flat().filter((label): label is string => typeof label === 'string' && label !== '');
}

/** Who said what stands here: of a merged collection by its item, else by the brief whose output it is in. */
export function authorsOf(
  { at }: Place,
  data: JsonObject,
  plan: Plan,
  said: Provenance['items'],
): readonly string[] {
  const [name, n] = at;
  if (typeof name !== 'string') return [];
  const entry = plan.integrate.merge.find((one) => one.name === name);
  if (entry)
    return [...new Set(itemsAt(entry, data[name]!, at.slice(1)).flatMap((item) => said[name]?.[item] ?? []))];
  if (!plan.briefs.find(({ id }) => id === name)?.forEach) return [name];
  const instance = typeof n === 'number' ? (data[name] as readonly { readonly key: string }[])[n] : undefined;
  return [instance ? `${name}[${instance.key}]` : name];
}

interface Field {
  readonly key?: string;
  readonly text: string;
}

/** A text as it is; of an item all of its fields, but the one that cites. */
function fieldsOf(value: Json, cites: string | undefined, key?: string): Field[] {
  if (Array.isArray(value))
    return (value as readonly Json[]).flatMap((member) => fieldsOf(member, cites, key));
  const keptBoth = readKeptBoth(value);
  if (keptBoth) return keptBoth.flatMap((one) => fieldsOf(one.value, cites, key));
  if (isObject(value))
    return Object.entries(value).flatMap(([field, member]) =>
      field === cites ? [] : fieldsOf(member, cites, field),
    );
  if (value === null || typeof value === 'boolean') return [];
  return [{ ...(key !== undefined && { key }), text: `${value}` }];
}
