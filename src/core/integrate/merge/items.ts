import type { Json, JsonObject } from '../../outcome/canonical.js';
import type { Merge } from '../../plan/integration.js';
import type { Place } from '../select.js';

/** All that sources say there is about one and the same thing. */
export const isOneThing = ({ deep, key }: Merge): boolean => deep === true && key.length === 0;

/** The items of a collection, however they stand in the data: as many as it has sources, in their order. */
export function itemsOf(entry: Merge, data: Json): readonly Json[] {
  if (isOneThing(entry)) return data === null ? [] : [data];
  if (!entry.group) return data as readonly Json[];
  return (data as readonly JsonObject[]).flatMap(({ items }) => items as readonly Json[]);
}

/** Numbers of the items that a place within a collection is a part of, or that are a part of it. */
export function itemsAt(entry: Merge, data: Json, [n, , k]: Place['at']): readonly number[] {
  if (isOneThing(entry) || typeof n !== 'number') return [...itemsOf(entry, data).keys()];
  if (!entry.group) return [n];
  const ends = endsOf(data as readonly JsonObject[]);
  const before = ends[n - 1] ?? 0;
  return typeof k === 'number'
    ? [before + k]
    : Array.from({ length: (ends[n] ?? before) - before }, (_, one) => before + one);
}

/** Of groups, how many items there are up to the end of each. */
function endsOf(groups: readonly JsonObject[]): readonly number[] {
  const known = ENDS.get(groups);
  if (known) return known;
  const ends: number[] = [];
  for (const { items } of groups) ends.push((ends.at(-1) ?? 0) + (items as readonly Json[]).length);
  ENDS.set(groups, ends);
  return ends;
}
const ENDS = new WeakMap<readonly JsonObject[], readonly number[]>();
