import type { JsonObject } from '../../outcome/canonical.js';
import type { Merge } from '../../plan/integration.js';
import { grouped } from '../grouped.js';
import type { Identity } from '../sameness.js';
import type { Item } from './arrange.js';
import { type Merging, NOTHING_TO_SETTLE, type Statement, settle, settleFields } from './fields.js';
import { isOneThing } from './items.js';
import type { Agreement, Conflict, Duplicate, Near } from './merged.js';
import { alike } from './near.js';
import { isKeyed, keyOf } from './statements.js';

/** What came of what several say of one item. */
export interface MergedItem extends Agreement {
  readonly item: Item;
  readonly conflicts: readonly Conflict[];
  readonly duplicates: readonly Duplicate[];
}

/** Settles what a group says of its item, the first of whom gives it its words. */
export function mergeGroup(entry: Merging, group: readonly Statement[], identity: Identity): MergedItem {
  const first = group[0]!.value;
  const by = [...new Set(group.map(({ voice }) => voice.label))];
  if (isOneThing(entry)) {
    const { value, ...settled } = settle(entry, {}, '', group);
    return { item: { value, by }, duplicates: [], ...settled };
  }
  if (!isKeyed(first, entry.key))
    return {
      item: { value: first, by },
      duplicates: saidAgain(entry, group, identity),
      ...NOTHING_TO_SETTLE,
    };
  const item = keyOf(first, entry.key);
  const { value, ...settled } = settleFields(entry, item, group as readonly Statement<JsonObject>[]);
  const same = [...grouped(group, (one) => identity(one.value)).values()];
  const duplicates = same
    .filter(({ length }) => length > 1)
    .map((some) => ({ in: entry.name, item, by: some.map(({ voice }) => voice.label) }));
  return { item: { value, by }, duplicates, ...settled };
}

/** An item without a key that several said, in the same words or nearly. */
function saidAgain(entry: Merge, group: readonly Statement[], identity: Identity): readonly Duplicate[] {
  if (group.length === 1) return [];
  const item = group[0]!.value;
  const own = identity(item);
  const near = group
    .filter(({ value }) => identity(value) !== own)
    .map(({ value, voice }): Near => ({ value, by: voice.label, alike: rounded(alike(item, value)) }));
  const by = group.map(({ voice }) => voice.label);
  return [{ in: entry.name, item, by, ...(near.length > 0 && { near }) }];
}

const rounded = (share: number): number => Math.round(share * 1000) / 1000;
