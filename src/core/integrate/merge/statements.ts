import { isObject, type Json, type JsonObject } from '../../outcome/canonical.js';
import { readBack } from '../../outcome/readBack.js';
import type { Merge } from '../../plan/integration.js';
import { grouped } from '../grouped.js';
import type { Voice } from '../rules.js';
import type { Identity } from '../sameness.js';
import { pathOf } from '../select.js';
import { Kept, nameIn, type Room, type Scratch } from '../wide/scratch.js';
import type { Statement } from './fields.js';
import { isOneThing } from './items.js';
import type { Output, Silence } from './merged.js';
import { nearest } from './near.js';

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
    for (const value of found ?? []) statements.push(new KeptStatement(scratch, value, voice));
  }
  return { statements, silent };
}

/** A statement whose value lies in scratch. */
class KeptStatement extends Kept<Json> implements Statement {
  constructor(
    scratch: Scratch,
    value: Json,
    readonly voice: Voice,
  ) {
    super(scratch, value);
  }
}

/** Those that speak of the same item: by its key fields; where one is lacking, or none is declared, by all that it says. */
export function sameItems(
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

export const isKeyed = (value: Json, key: readonly string[]): value is JsonObject =>
  key.length > 0 &&
  isObject(value) &&
  key.every((field) => Object.hasOwn(value, field) && value[field] !== null);

export const keyOf = (item: JsonObject, key: readonly string[]): JsonObject =>
  Object.fromEntries(key.map((field) => [field, item[field]!]));
