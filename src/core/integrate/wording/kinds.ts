import type { JsonObject } from '../../outcome/canonical.js';
import type { Ink } from './ink.js';
import { asRead } from './values.js';

/** Values of one field that are counted. */
const KINDS = 8;

/** How many items have which value, most often first. */
interface Kinds<T> {
  readonly field: string;
  readonly counts: readonly { readonly value: T | string; readonly n: number }[];
}

/** Of a list too long to show, for each field that has few values: what one would count first. What reads the same is the same. */
export const kindsOf = <T>(
  items: readonly JsonObject[],
  fields: readonly string[],
  ink: Ink<T>,
): readonly Kinds<T>[] =>
  fields.flatMap((field) => {
    const counts = new Map<string, { value: T | string; n: number }>();
    for (const item of items) {
      const value = item[field];
      if (typeof value === 'object' && value !== null) return [];
      const read = asRead(value);
      const kind = counts.get(read);
      if (kind) kind.n++;
      else if (counts.size === KINDS) return [];
      else counts.set(read, { value: read === '' ? 'none' : ink.shown(value), n: 1 });
    }
    if (counts.size < 2) return [];
    return [{ field, counts: [...counts.values()].sort((a, b) => b.n - a.n) }];
  });

/** The fields of objects, in order of first appearance; those of the key before all. */
export const fieldsOf = (items: readonly JsonObject[], key: readonly string[]): readonly string[] => [
  ...new Set([...key, ...items.flatMap((item) => Object.keys(item))]),
];
