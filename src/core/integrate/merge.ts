import { isObject, type Json, type JsonObject } from '../outcome/canonical.js';
import type { Merge } from '../plan/integration.js';
import type { Plan } from '../plan/plan.js';
import { grouped } from './grouped.js';
import type { Choices } from './judging/dispute.js';
import { agreementOf, NO_AGREEMENT } from './merge/agreement.js';
import { groupsOf, type Item, ranked, shown } from './merge/arrange.js';
import { type Merging, NOTHING_TO_SETTLE, type Statement, settle, settleFields } from './merge/fields.js';
import type { Agreement, Conflict, Duplicate, Merged, Near, Output, Silence } from './merge/merged.js';
import { alike, nearest } from './merge/near.js';
import type { Made, Reduction } from './reduce.js';
import { type Identity, identityBy } from './sameness.js';
import { type Place, pathOf } from './select.js';

/*
 *  1. Nothing is lost: every item of every source is in the merged data, under `duplicates` or `dropped`, or a value of a
 *     conflict.
 *  2. Order is plan order, then input order, then the order within an output, unless the plan ranks; never the order of
 *     completion.
 *  3. No key, no rule and no comparison looks at when a brief ran.
 *  4. Time is in proportion to the number of items, but for sorting, and for comparing those that are nearly the same.
 */

/** What was asked of models and functions on the way. */
export interface Decided {
  readonly choices?: Choices;
  readonly reductions?: ReadonlyMap<string, Reduction>;
}

/** @throws Failure `InvalidPlan` where a path of the plan is no JSONPath. */
export function merge(plan: Plan, outputs: readonly Output[], { choices, reductions }: Decided = {}): Merged {
  if (plan.integrate.merge.length === 0) return sideBySide(plan, outputs);
  const parts = plan.integrate.merge.map((entry) =>
    mergeOne({ ...entry, ...(choices && { choices }) }, outputs, reductions?.get(entry.name)),
  );
  const byName = <T>(of: (part: Collection) => T) =>
    Object.fromEntries(parts.map((part) => [part.name, of(part)]));
  return {
    data: byName(({ data }) => data),
    sources: byName(({ items }) => items.map(({ by }) => by)),
    conflicts: parts.flatMap(({ conflicts }) => conflicts),
    duplicates: parts.flatMap(({ duplicates }) => duplicates),
    dropped: parts.flatMap(({ dropped }) => dropped),
    agreement: Object.fromEntries(
      parts.flatMap(({ name, agreement }) => (agreement.compared > 0 ? [[name, agreement]] : [])),
    ),
    said: byName(({ said }) => said),
    unreduced: parts.flatMap(({ name, unreduced }) =>
      unreduced === undefined ? [] : [{ in: name, why: unreduced }],
    ),
    silent: parts.flatMap(({ silent }) => silent),
  };
}

/** The items of a collection, however they stand in the data: as many as it has sources, in their order. */
export function itemsOf(entry: Merge, data: Json): readonly Json[] {
  if (isOneThing(entry)) return data === null ? [] : [data];
  if (!entry.group) return data as readonly Json[];
  return (data as readonly JsonObject[]).flatMap(({ items }) => items as readonly Json[]);
}

/** Numbers of the items that a place within a collection is a part of, or that are a part of it. */
export function itemsAt(entry: Merge, data: Json, [n, , k]: Place['at']): readonly number[] {
  const all = itemsOf(entry, data);
  if (isOneThing(entry) || typeof n !== 'number') return [...all.keys()];
  if (!entry.group) return [n];
  const sizes = (data as readonly JsonObject[]).map(({ items }) => (items as readonly Json[]).length);
  const before = sizes.slice(0, n).reduce((sum, size) => sum + size, 0);
  return typeof k === 'number' ? [before + k] : [...Array(sizes[n] ?? 0).keys()].map((one) => before + one);
}

function sideBySide(plan: Plan, outputs: readonly Output[]): Merged {
  const byBrief = grouped(outputs, ({ brief }) => brief);
  const data = plan.briefs.flatMap(({ id, forEach }): [string, Json][] => {
    const mine = byBrief.get(id) ?? [];
    if (forEach) return [[id, mine.map(({ key = '', value }) => ({ key, output: value }))]];
    return mine.map(({ value }) => [id, value]);
  });
  const none = {
    sources: {},
    conflicts: [],
    duplicates: [],
    dropped: [],
    agreement: {},
    said: {},
    unreduced: [],
    silent: [],
  };
  return { data: Object.fromEntries(data), ...none };
}

interface Collection extends Pick<Merged, 'conflicts' | 'duplicates' | 'dropped' | 'silent'> {
  readonly name: string;
  readonly data: Json;
  readonly items: readonly Item[];
  readonly agreement: Agreement;
  readonly said: number;
  /** Why its function did not bring it together. */
  readonly unreduced?: string;
}

function mergeOne(entry: Merging, outputs: readonly Output[], reduction?: Reduction): Collection {
  const { name } = entry;
  const { statements, silent } = statementsOf(entry, outputs);
  if (reduction && 'made' in reduction) return reducedCollection(entry, statements, silent, reduction.made);
  const identity = identityBy(entry.match);
  const merged = sameItems(entry, statements, identity).map((group) => mergeGroup(entry, group, identity));
  const { kept, dropped } = ranked(
    merged.map(({ item }) => item),
    entry.rank,
  );
  const groups = groupsOf(kept, entry);
  return {
    name,
    data: isOneThing(entry) ? (kept[0]?.value ?? null) : shown(groups, entry),
    items: groups.flat(),
    conflicts: merged.flatMap(({ conflicts }) => conflicts),
    duplicates: merged.flatMap(({ duplicates }) => duplicates),
    dropped: dropped.map(({ value, by }) => ({ in: name, item: value, by })),
    agreement: agreementOf(merged),
    said: statements.length,
    silent,
    ...(entry.reduce !== undefined && { unreduced: reduction?.failure ?? 'nobody was asked to' }),
  };
}

/** What a function made of the items; those that it made nothing of are dropped. */
function reducedCollection(
  entry: Merge,
  statements: readonly Statement[],
  silent: readonly Silence[],
  made: readonly Made[],
): Collection {
  const { name } = entry;
  const labelsOf = (from: readonly number[]) => [
    ...new Set(from.flatMap((n) => statements[n]?.voice.label ?? [])),
  ];
  const { kept, dropped } = ranked(
    made.map(({ value, from }) => ({ value, by: labelsOf(from) })),
    entry.rank,
  );
  const used = new Set(made.flatMap(({ from }) => from));
  const unused = statements.flatMap(({ value, voice }, n) =>
    used.has(n) ? [] : [{ value, by: [voice.label] }],
  );
  const groups = groupsOf(kept, entry);
  return {
    name,
    data: shown(groups, entry),
    items: groups.flat(),
    conflicts: [],
    duplicates: [],
    dropped: [...dropped, ...unused].map(({ value, by }) => ({ in: name, item: value, by })),
    agreement: NO_AGREEMENT,
    said: statements.length,
    silent,
  };
}

/** What each source says there, in order; and who says nothing. */
export function statementsOf({ name, from, at }: Merge, outputs: readonly Output[]) {
  const sources = new Set(from);
  const path = pathOf(at);
  const silent: Silence[] = [];
  const statements: Statement[] = [];
  for (const output of outputs) {
    if (!sources.has(output.brief)) continue;
    const found = path.items(output.value);
    if (!found) silent.push({ in: name, by: output.label, at });
    for (const value of found ?? []) statements.push({ value, voice: output });
  }
  return { statements, silent };
}

/** Those that speak of the same item: by its key fields; where one is lacking, or none is declared, by all that it says. */
function sameItems(
  entry: Merge,
  statements: readonly Statement[],
  identity: Identity,
): readonly (readonly Statement[])[] {
  const { key, near } = entry;
  if (isOneThing(entry)) return statements.length > 0 ? [statements] : [];
  const nameOf = (value: Json) =>
    isKeyed(value, key) ? `key ${identity(keyOf(value, key))}` : `all ${identity(value)}`;
  const same = [...grouped(statements, ({ value }) => nameOf(value)).values()];
  if (near === undefined) return same;
  const standing = nearest(
    same.map(([first]) => first!.value),
    near,
  );
  const together = grouped([...same.entries()], ([at]) => `${standing[at]}`);
  return [...together.values()].map((all) => all.flatMap(([, group]) => group));
}

const isKeyed = (value: Json, key: readonly string[]): value is JsonObject =>
  key.length > 0 &&
  isObject(value) &&
  key.every((field) => Object.hasOwn(value, field) && value[field] !== null);

const keyOf = (item: JsonObject, key: readonly string[]): JsonObject =>
  Object.fromEntries(key.map((field) => [field, item[field]!]));

interface MergedItem extends Agreement {
  readonly item: Item;
  readonly conflicts: readonly Conflict[];
  readonly duplicates: readonly Duplicate[];
}

function mergeGroup(entry: Merging, group: readonly Statement[], identity: Identity): MergedItem {
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

/** All that sources say there is about one and the same thing. */
export const isOneThing = ({ deep, key }: Merge): boolean => deep === true && key.length === 0;

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
