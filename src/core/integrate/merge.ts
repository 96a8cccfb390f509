import { isObject, type Json, type JsonObject } from '../outcome/canonical.js';
import { joined, readBack } from '../outcome/readBack.js';
import type { Merge } from '../plan/integration.js';
import type { Plan } from '../plan/plan.js';
import { grouped } from './grouped.js';
import type { Choices } from './judging/dispute.js';
import { agreementOf, NO_AGREEMENT } from './merge/agreement.js';
import { groupsOf, type Item, ranked, shown } from './merge/arrange.js';
import { type Merging, NOTHING_TO_SETTLE, type Statement, settle, settleFields } from './merge/fields.js';
import type {
  Agreement,
  Conflict,
  Dropped,
  Duplicate,
  Merged,
  Near,
  Output,
  Silence,
} from './merge/merged.js';
import { alike, nearest } from './merge/near.js';
import type { Made, Reduction } from './reduce.js';
import type { Voice } from './rules.js';
import { type Identity, identityBy } from './sameness.js';
import { type Place, pathOf } from './select.js';
import { inMemory, Kept, nameIn, type Room, type Scratch, valuesOf } from './wide/scratch.js';

/*
 *  1. Nothing is lost: every item of every source is in the merged data, under `duplicates` or `dropped`, or a value of a
 *     conflict.
 *  2. Order is plan order, then input order, then the order within an output, unless the plan ranks; never the order of
 *     completion.
 *  3. No key, no rule and no comparison looks at when a brief ran.
 *  4. Time is in proportion to the number of items, but for sorting, and for comparing those that are nearly the same.
 *  5. Memory holds one output, or what is said of one item, at a time; the rest lies in scratch, and its lists are read there.
 *     Only items that are nearly the same are compared in memory.
 */

/** What was asked of models and functions on the way. */
export interface Decided {
  readonly choices?: Choices;
  readonly reductions?: ReadonlyMap<string, Reduction>;
}

/** @throws Failure `InvalidPlan` where a path of the plan is no JSONPath. */
export function merge(
  plan: Plan,
  outputs: readonly Output[],
  { choices, reductions }: Decided = {},
  room: Room = inMemory(),
): Merged {
  if (plan.integrate.merge.length === 0) return sideBySide(plan, outputs);
  const parts = plan.integrate.merge.map((entry) =>
    mergeOne({ ...entry, ...(choices && { choices }) }, outputs, room, reductions?.get(entry.name)),
  );
  const byName = <T>(of: (part: Collection) => T) =>
    Object.fromEntries(parts.map((part) => [part.name, of(part)]));
  return {
    data: byName(({ data }) => data),
    sources: byName(({ items }) => items.map(({ by }) => by)),
    conflicts: joined(parts.map(({ conflicts }) => conflicts)),
    duplicates: joined(parts.map(({ duplicates }) => duplicates)),
    dropped: joined(parts.map(({ dropped }) => dropped)),
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

function sideBySide(plan: Plan, outputs: readonly Output[]): Merged {
  const byBrief = grouped(outputs, ({ brief }) => brief);
  const data: { [brief: string]: Json } = {};
  for (const { id, forEach } of plan.briefs) {
    const mine = byBrief.get(id) ?? [];
    const [only] = mine;
    if (forEach)
      data[id] = readBack(mine.length, (n) => ({ key: mine[n]!.key ?? '', output: mine[n]!.value }));
    else if (only) Object.defineProperty(data, id, { get: () => only.value, enumerable: true });
  }
  return {
    data,
    sources: {},
    conflicts: [],
    duplicates: [],
    dropped: [],
    agreement: {},
    said: {},
    unreduced: [],
    silent: [],
  };
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

function mergeOne(entry: Merging, outputs: readonly Output[], room: Room, reduction?: Reduction): Collection {
  const { name } = entry;
  const { statements, silent } = statementsOf(entry, outputs, room.scratch);
  if (reduction && 'made' in reduction)
    return reducedCollection(entry, statements, silent, reduction.made, room.scratch);
  const identity = identityBy(entry.match);
  const merged = shelved(room.scratch);
  for (const group of sameItems(entry, statements, identity, room))
    merged.add(
      mergeGroup(
        entry,
        group.map(({ value, voice }) => ({ value, voice })),
        identity,
      ),
    );
  const { kept, dropped } = ranked(merged.items, entry.rank);
  const groups = groupsOf(kept, entry);
  return {
    name,
    data: isOneThing(entry) ? (kept[0]?.value ?? null) : shown(groups, entry),
    items: groups.flat(),
    conflicts: merged.conflicts(),
    duplicates: merged.duplicates(),
    dropped: droppedFrom(name, dropped),
    agreement: merged.agreement(),
    said: statements.length,
    silent,
    ...(entry.reduce !== undefined && { unreduced: reduction?.failure ?? 'nobody was asked to' }),
  };
}

/** What came of the groups, one after the other. */
function shelved(scratch: Scratch) {
  const items: Item[] = [];
  const conflicts: Kept<Conflict>[] = [];
  const duplicates: Kept<Duplicate>[] = [];
  const by = sharing();
  let agreement = NO_AGREEMENT;
  return {
    items,
    add(one: MergedItem): void {
      items.push(new KeptItem(new Kept(scratch, one.item.value), by(one.item.by)));
      for (const conflict of one.conflicts) conflicts.push(new Kept(scratch, conflict));
      for (const duplicate of one.duplicates) duplicates.push(new Kept(scratch, duplicate));
      agreement = agreementOf([agreement, one]);
    },
    conflicts: () => valuesOf(conflicts),
    duplicates: () => valuesOf(duplicates),
    agreement: () => agreement,
  };
}

const droppedFrom = (name: string, items: readonly Item[]): readonly Dropped[] =>
  readBack(items.length, (n) => ({ in: name, item: items[n]!.value, by: items[n]!.by }));

/** An item whose value lies in scratch. */
class KeptItem implements Item {
  readonly #kept: Kept<Json>;
  readonly by: readonly string[];

  constructor(kept: Kept<Json>, by: readonly string[]) {
    this.#kept = kept;
    this.by = by;
  }

  get value(): Json {
    return this.#kept.value;
  }
}

/** Many items are said by the same: their labels are one list. */
function sharing(): (by: readonly string[]) => readonly string[] {
  let last: readonly string[] = [];
  return (by) => {
    if (by.length !== last.length || by.some((label, n) => label !== last[n])) last = by;
    return last;
  };
}

/** What a function made of the items; those that it made nothing of are dropped. */
function reducedCollection(
  entry: Merge,
  statements: readonly Statement[],
  silent: readonly Silence[],
  made: readonly Made[],
  scratch: Scratch,
): Collection {
  const { name } = entry;
  const labelsOf = (from: readonly number[]) => [
    ...new Set(from.flatMap((n) => statements[n]?.voice.label ?? [])),
  ];
  const { kept, dropped } = ranked(
    made.map(({ value, from }): Item => new KeptItem(new Kept(scratch, value), labelsOf(from))),
    entry.rank,
  );
  const used = new Set(made.flatMap(({ from }) => from));
  const unused = statements.filter((_, n) => !used.has(n));
  const groups = groupsOf(kept, entry);
  return {
    name,
    data: shown(groups, entry),
    items: groups.flat(),
    conflicts: [],
    duplicates: [],
    dropped: joined([
      droppedFrom(name, dropped),
      readBack(unused.length, (n) => ({ in: name, item: unused[n]!.value, by: [unused[n]!.voice.label] })),
    ]),
    agreement: NO_AGREEMENT,
    said: statements.length,
    silent,
  };
}

/** What each source says there, in order; and who says nothing. */
export function statementsOf({ name, from, at }: Merge, outputs: readonly Output[], scratch: Scratch) {
  const sources = new Set(from);
  const path = pathOf(at);
  const silent: Silence[] = [];
  const statements: Statement[] = [];
  for (const output of outputs) {
    if (!sources.has(output.brief)) continue;
    const { brief, label } = output;
    const found = path.items(output.value);
    if (!found) silent.push({ in: name, by: label, at });
    const voice = { brief, label };
    for (const value of found ?? []) statements.push(new KeptStatement(new Kept(scratch, value), voice));
  }
  return { statements, silent };
}

/** A statement whose value lies in scratch. */
class KeptStatement implements Statement {
  readonly #kept: Kept<Json>;
  readonly voice: Voice;

  constructor(kept: Kept<Json>, voice: Voice) {
    this.#kept = kept;
    this.voice = voice;
  }

  get value(): Json {
    return this.#kept.value;
  }
}

/** Those that speak of the same item: by its key fields; where one is lacking, or none is declared, by all that it says. */
function sameItems(
  entry: Merge,
  statements: readonly Statement[],
  identity: Identity,
  room: Room,
): Iterable<readonly Statement[]> {
  const { key, near } = entry;
  if (isOneThing(entry)) return statements.length > 0 ? [statements] : [];
  const nameOf = (value: Json) => {
    const name = isKeyed(value, key) ? `key ${identity(keyOf(value, key))}` : `all ${identity(value)}`;
    return nameIn(room, name);
  };
  const same = grouped(statements, ({ value }) => nameOf(value));
  if (near === undefined) return same.values();
  const groups = [...same.values()];
  const standing = nearest(
    readBack(groups.length, (n) => groups[n]![0]!.value),
    near,
  );
  const together = grouped([...groups.entries()], ([at]) => `${standing[at]}`);
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
