import type { Json, JsonObject } from '../../outcome/canonical.js';
import type { Merge } from '../../plan/integration.js';
import { itemsOf } from '../merge/items.js';
import type { Answer } from '../report.js';
import { totalAt } from '../wide/parts.js';
import { counted } from '../words.js';

/** Items that stand together, as the plan groups them. */
export interface Group {
  /** The fields that they have in common. */
  readonly common: JsonObject;
  readonly items: readonly Json[];
  /** How many there are, of which `items` may be the first. */
  readonly size: number;
  /** Items of groups before. */
  readonly before: number;
}

/** Groups with the first `most` of all their items. */
export function groupsIn(value: readonly Json[], most: number): readonly Group[] {
  let before = 0;
  return value.flatMap((group) => {
    const { items: all, ...common } = group as JsonObject & { readonly items: readonly Json[] };
    const at = before;
    before += all.length;
    return at < most ? [{ common, items: all.slice(0, most - at), size: all.length, before: at }] : [];
  });
}

/** `12 items`, `12 items in 3 groups`, in the report or apart; undefined of what is no list. */
export function sizeOf(name: string, answer: Answer, entry?: Merge): string | undefined {
  const value = answer.data[name]!;
  if (!Array.isArray(value)) return undefined;
  const all = counted(totalAt(answer, `data.${name}`, value.length), entry?.group ? 'group' : 'item');
  if (!entry?.group) return all;
  const items = totalAt(answer, `provenance.items.${name}`, itemsOf(entry, value).length);
  return `${counted(items, 'item')} in ${all}`;
}
