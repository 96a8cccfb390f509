import { isObject, type Json, type JsonObject } from '../../outcome/canonical.js';
import type { Merge } from '../../plan/integration.js';
import { grouped } from '../grouped.js';
import type { Choice, Choices } from '../judging/dispute.js';
import { type Claim, decide, type JudgeRule, ruleText, type Voice } from '../rules.js';
import { identityBy, samenessBy } from '../sameness.js';
import { agreementOf, NO_AGREEMENT } from './agreement.js';
import type { Agreement, Conflict, Said } from './merged.js';

/** One value, or one item, as somebody said it. */
export interface Statement<T = Json> {
  readonly value: T;
  readonly voice: Voice;
  /** The item that it is a field of. */
  readonly item?: JsonObject;
}

/** How a collection is merged, with what judges chose. */
export interface Merging extends Merge {
  readonly choices?: Choices;
}

/** What comes of what several say of one thing, and how far they agree. */
export interface Settled<T = Json> extends Agreement {
  readonly value: T;
  readonly conflicts: readonly Conflict[];
}

/**
 * Settles field by field what sources say of one item, in order of first appearance.
 * @param item its key fields, by which it is one
 */
export function settleFields(
  entry: Merging,
  item: JsonObject,
  statements: readonly Statement<JsonObject>[],
  path = '',
): Settled<JsonObject> {
  const settled = [...saidOf(statements)].map(([name, said]): [string, Settled] =>
    path === '' && Object.hasOwn(item, name)
      ? [name, { value: item[name]!, ...NOTHING_TO_SETTLE }]
      : [name, settle(entry, item, `${path}${name}`, said)],
  );
  return {
    value: Object.fromEntries(settled.map(([name, { value }]) => [name, value])),
    conflicts: settled.flatMap(([, { conflicts }]) => conflicts),
    ...agreementOf(settled.map(([, one]) => one)),
  };
}

export const NOTHING_TO_SETTLE = { conflicts: [], ...NO_AGREEMENT };

/**
 * Settles what is said of one field. `null` says nothing: any other value fills it, and it contradicts none.
 * @param field its path within the item; empty: the item itself
 */
export function settle(
  entry: Merging,
  item: JsonObject,
  field: string,
  statements: readonly Statement[],
): Settled {
  const said = statements.filter(({ value }) => value !== null);
  if (said.length === 0) return { value: null, ...NOTHING_TO_SETTLE };
  if (entry.deep && said.every(isMap)) return settleFields(entry, item, said, field && `${field}.`);
  if (entry.deep && said.every(({ value }) => Array.isArray(value)))
    return { value: united(entry, said), ...NOTHING_TO_SETTLE };
  const claims = claimsOf(entry, field, said);
  const compared = new Set(said.map(({ voice }) => voice.label)).size > 1 ? 1 : 0;
  if (claims.length === 1) return { value: claims[0]!.value, conflicts: [], compared, agreed: compared };
  const conflict = conflictOf(entry, item, field, claims);
  const value = conflict.kept ?? keptBoth(conflict.values);
  return { value, conflicts: [conflict], compared, agreed: 0 };
}

const isMap = (one: Statement): one is Statement<JsonObject> => isObject(one.value);

/** What is said of each field, with the item it is said in. */
const saidOf = (statements: readonly Statement<JsonObject>[]): ReadonlyMap<string, readonly Statement[]> =>
  grouped(
    statements.flatMap(({ value: map, voice, item = map }) =>
      Object.entries(map).map(([name, value]) => ({ name, value, voice, item })),
    ),
    ({ name }) => name,
  );

/** Every member once, in order of first appearance. */
function united(entry: Merge, said: readonly Statement[]): Json {
  const members = said.flatMap(({ value }) => value as readonly Json[]);
  return [...grouped(members, identityBy(entry.match)).values()].map(([first]) => first!);
}

function claimsOf(entry: Merge, field: string, said: readonly Statement[]): readonly Claim[] {
  const names = samenessBy(entry.match, entry.compare?.[field])(said.map(({ value }) => value));
  const named = said.map(({ value, voice, item }, at) => ({ value, voice, item, name: names[at]! }));
  return [...grouped(named, ({ name }) => name).values()].map((same) => ({
    value: same[0]!.value,
    by: [...new Map(same.map(({ voice }) => [voice.label, voice])).values()],
    items: same.flatMap(({ item }) => (item ? [item] : [])),
  }));
}

function conflictOf(entry: Merging, item: JsonObject, field: string, claims: readonly Claim[]): Conflict {
  let choice: Choice | undefined;
  const chosen = (rule: JudgeRule): Claim | undefined => {
    choice = entry.choices?.({ in: entry.name, item, field, rule, claims });
    return choice?.claim === undefined ? undefined : claims[choice.claim];
  };
  const { rule, stands } = decide(entry.conflicts, claims, chosen);
  const tried = entry.conflicts.slice(0, rule && entry.conflicts.indexOf(rule));
  const quorum = tried.find((one) => one.kind === 'consensus')?.quorum;
  const most = Math.max(...claims.map(({ by }) => by.length));
  return {
    in: entry.name,
    item,
    field,
    values: claims.map(saidBy),
    ...(rule && { rule: ruleText(rule) }),
    ...(quorum !== undefined && most < quorum && { quorum: { asked: quorum, most } }),
    ...(choice && { judge: choice.finding }),
    ...(stands && { kept: stands.value }),
    lost: stands ? claims.filter((claim) => claim !== stands).map(saidBy) : [],
  };
}

const saidBy = ({ value, by }: Claim): Said => ({ value, by: by.map(({ label }) => label) });

/** How values stand in the data between which nothing decided, in the order in which they were said. */
const keptBoth = (values: readonly Said[]): Json => ({
  keptBoth: values.map(({ value, by }) => ({ value, by: [...by] })),
});

/** The same, read again; undefined for any other value. */
export function readKeptBoth(value: Json): readonly Said[] | undefined {
  if (!isObject(value) || Object.keys(value).length !== 1 || !Array.isArray(value.keptBoth)) return undefined;
  const said = value.keptBoth as readonly Json[];
  return said.every((one) => isObject(one) && Array.isArray(one.by) && 'value' in one)
    ? (said as unknown as readonly Said[])
    : undefined;
}
