import type { Json, JsonObject } from '../../outcome/canonical.js';
import { cut, inWords } from '../words.js';
import { code, prose } from './escape.js';

/** Characters of one value within a line. */
const LONGEST = 240;

/** A value within a line or a cell: text as prose, structure as compact JSON. */
export function shown(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return prose(cut(value, LONGEST));
  if (typeof value !== 'object') return String(value);
  const both = keptBoth(value);
  if (both)
    return both.map(({ value, by }) => `${shown(value)} (${by.map(code).join(', ')})`).join(' **or** ');
  if (
    Array.isArray(value) &&
    value.every((member) => typeof member === 'string' || typeof member === 'number')
  )
    return prose(cut(value.join(', '), LONGEST));
  return code(inWords(value));
}

/** A field on which sources differ and every value was kept: see merge. */
function keptBoth(
  value: Json,
): readonly { readonly value: Json; readonly by: readonly string[] }[] | undefined {
  if (!isObject(value) || Object.keys(value).length !== 1 || !Array.isArray(value.keptBoth)) return undefined;
  const said = value.keptBoth as readonly Json[];
  return said.every((one) => isObject(one) && Array.isArray(one.by) && 'value' in one)
    ? (said as unknown as readonly { value: Json; by: readonly string[] }[])
    : undefined;
}

export const isObject = (value: Json | undefined): value is JsonObject =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

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
