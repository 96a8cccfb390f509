import type { Json } from '../outcome/canonical.js';
import { joined, readBack } from '../outcome/readBack.js';
import type { Merge } from '../plan/integration.js';
import type { Plan } from '../plan/plan.js';
import { grouped } from './grouped.js';
import type { Choices } from './judging/dispute.js';
import { NO_AGREEMENT } from './merge/agreement.js';
import { groupsOf, type Item, ranked, shown } from './merge/arrange.js';
import type { Merging, Statement } from './merge/fields.js';
import { mergeGroup } from './merge/group.js';
import { isOneThing } from './merge/items.js';
import type { Agreement, Dropped, Merged, Output, Silence } from './merge/merged.js';
import { KeptItem, shelved } from './merge/shelved.js';
import { sameItems, statementsOf } from './merge/statements.js';
import type { Made, Reduction } from './reduce.js';
import { identityBy } from './sameness.js';
import { inMemory, type Room, type Scratch } from './wide/scratch.js';

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

const droppedFrom = (name: string, items: readonly Item[]): readonly Dropped[] =>
  readBack(items.length, (n) => ({ in: name, item: items[n]!.value, by: items[n]!.by }));

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
    made.map(({ value, from }): Item => new KeptItem(scratch, value, labelsOf(from))),
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
