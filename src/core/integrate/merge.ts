import type { Json, JsonObject } from '../outcome/canonical.js';
import type { Merge } from '../plan/integration.js';
import type { Plan } from '../plan/plan.js';
import { grouped } from './grouped.js';
import { type Claim, decide, ruleText, type Voice } from './rules.js';
import { type Identity, identityBy } from './sameness.js';
import { pathOf } from './select.js';

/*
 *  1. Nothing is lost: every item of every source is in the merged data, under `duplicates`, or a value of a conflict.
 *  2. Order is plan order, then input order, then the order within an output; never the order of completion.
 *  3. No key, no rule and no comparison looks at a time.
 *  4. Time is linear in the number of items.
 */

/** What one brief or instance delivered. */
export interface Output extends Voice {
  readonly key?: string;
  readonly value: Json;
}

export interface Merged {
  /** Per collection of `integrate.merge` a list of items; nothing declared: each brief's output under its id. */
  readonly data: JsonObject;
  /** Per collection and in the order of its items: the labels of those who said the item. */
  readonly sources: { readonly [collection: string]: readonly (readonly string[])[] };
  readonly conflicts: readonly Conflict[];
  readonly duplicates: readonly Duplicate[];
  /** Outputs that delivered, but have nothing where the merge looks. */
  readonly silent: readonly Silence[];
}

/** A field of one item on which sources differ. */
export interface Conflict {
  readonly in: string;
  /** The key fields of the item. */
  readonly item: JsonObject;
  readonly field: string;
  readonly values: readonly Said[];
  /** As the plan writes it: `prefer licences`, `majority`, `keep-both`; absent where no rule decided. */
  readonly rule?: string;
  /** Absent where every value is kept. */
  readonly kept?: Json;
  readonly lost: readonly Said[];
}
export interface Said {
  readonly value: Json;
  readonly by: readonly string[];
}

/** The same thing said more than once; kept once. */
export interface Duplicate {
  readonly in: string;
  /** The key fields of the item; the item itself where the collection has no key. */
  readonly item: Json;
  /** Everyone who said it, the one that was kept first. */
  readonly by: readonly string[];
}

export interface Silence {
  readonly in: string;
  readonly by: string;
  readonly at: string;
}

/** @throws Failure `InvalidPlan` where a path of the plan is no JSONPath. */
export function merge(plan: Plan, outputs: readonly Output[]): Merged {
  if (plan.integrate.merge.length === 0) return sideBySide(plan, outputs);
  const parts = plan.integrate.merge.map((entry) => mergeOne(entry, outputs));
  return {
    data: Object.fromEntries(parts.map(({ name, items }) => [name, items.map(({ value }) => value)])),
    sources: Object.fromEntries(parts.map(({ name, items }) => [name, items.map(({ by }) => by)])),
    conflicts: parts.flatMap(({ conflicts }) => conflicts),
    duplicates: parts.flatMap(({ duplicates }) => duplicates),
    silent: parts.flatMap(({ silent }) => silent),
  };
}

function sideBySide(plan: Plan, outputs: readonly Output[]): Merged {
  const byBrief = grouped(outputs, ({ brief }) => brief);
  const data = plan.briefs.flatMap(({ id, forEach }): [string, Json][] => {
    const mine = byBrief.get(id) ?? [];
    if (forEach) return [[id, mine.map(({ key = '', value }) => ({ key, output: value }))]];
    return mine.map(({ value }) => [id, value]);
  });
  return { data: Object.fromEntries(data), sources: {}, conflicts: [], duplicates: [], silent: [] };
}

interface Statement {
  readonly value: Json;
  readonly voice: Voice;
}

interface Item {
  readonly value: Json;
  readonly by: readonly string[];
}

interface Collection {
  readonly name: string;
  readonly items: readonly Item[];
  readonly conflicts: readonly Conflict[];
  readonly duplicates: readonly Duplicate[];
  readonly silent: readonly Silence[];
}

function mergeOne(entry: Merge, outputs: readonly Output[]): Collection {
  const { name, at } = entry;
  const from = new Set(entry.from);
  const path = pathOf(at);
  const silent: Silence[] = [];
  const statements: Statement[] = [];
  for (const output of outputs) {
    if (!from.has(output.brief)) continue;
    const found = path.items(output.value);
    if (!found) silent.push({ in: name, by: output.label, at });
    for (const value of found ?? []) statements.push({ value, voice: output });
  }
  const identity = identityBy(entry.match);
  const groups = grouped(statements, ({ value }) => nameOf(value, entry.key, identity));
  const merged = [...groups.values()].map((group) => mergeGroup(entry, group, identity));
  return {
    name,
    items: merged.map(({ item }) => item),
    conflicts: merged.flatMap(({ conflicts }) => conflicts),
    duplicates: merged.flatMap(({ duplicates }) => duplicates),
    silent,
  };
}

/** What makes two items one: their key fields; where one is lacking, or none is declared, all of them. */
function nameOf(value: Json, key: readonly string[], identity: Identity): string {
  return isKeyed(value, key) ? `key ${identity(keyOf(value, key))}` : `all ${identity(value)}`;
}

const isObject = (value: Json): value is JsonObject =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

const isKeyed = (value: Json, key: readonly string[]): value is JsonObject =>
  key.length > 0 &&
  isObject(value) &&
  key.every((field) => Object.hasOwn(value, field) && value[field] !== null);

const keyOf = (item: JsonObject, key: readonly string[]): JsonObject =>
  Object.fromEntries(key.map((field) => [field, item[field]!]));

interface MergedItem {
  readonly item: Item;
  readonly conflicts: readonly Conflict[];
  readonly duplicates: readonly Duplicate[];
}

function mergeGroup(entry: Merge, group: readonly Statement[], identity: Identity): MergedItem {
  const first = group[0]!.value;
  const by = namesOf(group.map(({ voice }) => voice));
  const keyed = isKeyed(first, entry.key);
  const item = keyed ? keyOf(first, entry.key) : first;
  const duplicates = [...grouped(group, ({ value }) => identity(value)).values()]
    .filter((same) => same.length > 1)
    .map((same) => ({ in: entry.name, item, by: same.map(({ voice }) => voice.label) }));
  if (!keyed) return { item: { value: first, by }, conflicts: [], duplicates };

  const conflicts: Conflict[] = [];
  const key = new Set(entry.key);
  const fields = claimsByField(group as readonly { value: JsonObject; voice: Voice }[], identity);
  const value = Object.fromEntries(
    [...fields].map(([field, claims]): [string, Json] => {
      if (claims.length === 1 || key.has(field)) return [field, claims[0]!.value];
      const conflict = settle(entry, keyOf(first, entry.key), field, claims);
      conflicts.push(conflict);
      return [field, conflict.kept ?? { keptBoth: conflict.values.map(asJson) }];
    }),
  );
  return { item: { value, by }, conflicts, duplicates };
}

/** Fields in order of first appearance. `null` says nothing: any other value fills it, and it contradicts none. */
function claimsByField(
  group: readonly { readonly value: JsonObject; readonly voice: Voice }[],
  identity: Identity,
): Map<string, readonly Claim[]> {
  const fields = new Map<string, Map<string, { value: Json; by: Map<string, Voice> }>>();
  for (const { value, voice } of group) {
    for (const [field, said] of Object.entries(value)) {
      const claims = fields.get(field) ?? new Map<string, { value: Json; by: Map<string, Voice> }>();
      fields.set(field, claims);
      const same = identity(said);
      const claim = claims.get(same) ?? { value: said, by: new Map<string, Voice>() };
      claims.set(same, claim);
      claim.by.set(voice.label, voice);
    }
  }
  return new Map(
    [...fields].map(([field, claims]) => {
      if (claims.size > 1) claims.delete(identity(null));
      return [
        field,
        [...claims.values()].map((claim) => ({ value: claim.value, by: [...claim.by.values()] })),
      ];
    }),
  );
}

function settle(entry: Merge, item: JsonObject, field: string, claims: readonly Claim[]): Conflict {
  const { rule, stands } = decide(entry.conflicts, claims);
  return {
    in: entry.name,
    item,
    field,
    values: claims.map(saidBy),
    ...(rule && { rule: ruleText(rule) }),
    ...(stands && { kept: stands.value }),
    lost: stands ? claims.filter((claim) => claim !== stands).map(saidBy) : [],
  };
}

const saidBy = ({ value, by }: Claim): Said => ({ value, by: namesOf(by) });
const namesOf = (voices: readonly Voice[]): string[] => [...new Set(voices.map(({ label }) => label))];
const asJson = ({ value, by }: Said): Json => ({ value, by: [...by] });
