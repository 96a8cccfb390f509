import { isObject, type Json } from '../../outcome/canonical.js';
import { readBack } from '../../outcome/readBack.js';
import type { Merge, Rank } from '../../plan/integration.js';
import { grouped } from '../grouped.js';
import { numberIn } from '../quantities.js';
import { identityBy } from '../sameness.js';
import { readKeptBoth } from './fields.js';

export interface Item {
  readonly value: Json;
  /** Labels of those who said it. */
  readonly by: readonly string[];
}

/** Items in the order that the plan asks for, and those beyond its `top`. Equal ones stay in the order they were said in. */
export function ranked(
  items: readonly Item[],
  rank: Rank | undefined,
): { readonly kept: readonly Item[]; readonly dropped: readonly Item[] } {
  if (!rank) return { kept: items, dropped: [] };
  const { by, order, top = items.length } = rank;
  const sign = order === 'descending' ? -1 : 1;
  const measured = items.map((item, at) => ({ item, at, size: sizeOf(fieldOf(item.value, by)) }));
  measured.sort(
    (a, b) =>
      Number(a.size === undefined) - Number(b.size === undefined) ||
      sign * compared(a.size, b.size) ||
      a.at - b.at,
  );
  const all = measured.map(({ item }) => item);
  return { kept: all.slice(0, top), dropped: all.slice(top) };
}

/** Items that have the same values of these fields stand together, groups in order of their first item. */
export function groupsOf(items: readonly Item[], { group, match }: Merge): readonly (readonly Item[])[] {
  if (!group) return [items];
  const identity = identityBy(match);
  const nameOf = (value: Json) => group.map((field) => identity(fieldOf(value, field))).join('\n');
  return [...grouped(items, ({ value }) => nameOf(value)).values()];
}

/** How groups show in the data: `{region: "EU", items: […]}`; ungrouped, the items alone. */
export function shown(groups: readonly (readonly Item[])[], { group }: Merge): readonly Json[] {
  const values = (items: readonly Item[]) => readBack(items.length, (n) => items[n]!.value);
  if (!group) return values(groups[0] ?? []);
  return groups.map((items) => ({
    ...Object.fromEntries(group.map((field) => [field, fieldOf(items[0]!.value, field)])),
    items: values(items),
  }));
}

const fieldOf = (value: Json, field: string): Json =>
  isObject(value) && Object.hasOwn(value, field) ? value[field]! : null;

/** A number before any text; nothing for what has no order. Of several values that are kept, the one that was said first. */
function sizeOf(value: Json): number | string | undefined {
  const [first] = readKeptBoth(value) ?? [{ value }];
  return numberIn(first!.value) ?? (typeof first!.value === 'string' ? first!.value : undefined);
}

function compared(a: number | string | undefined, b: number | string | undefined): number {
  if (a === undefined || b === undefined) return 0;
  if (typeof a !== typeof b) return typeof a === 'number' ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}
