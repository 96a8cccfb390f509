import type { Json, JsonObject } from '../outcome/canonical.js';
import { Failure } from '../outcome/failure.js';
import type { Reason } from '../outcome/outcome.js';
import { type Bindings, variables } from './bindings.js';
import { evaluate, namesUsed } from './cel.js';
import { type Brief, type ForEach, MAX_INSTANCES, type Plan } from './plan.js';
import { renderText } from './template.js';
import { namesItem } from './writes.js';

export type Expanded =
  /** `first`: only so many of them may begin, and the others are refused. */
  | {
      readonly kind: 'expanded';
      readonly keys: string[];
      readonly items: Json[];
      readonly first?: number;
    }
  | { readonly kind: 'refused' | 'failed'; readonly reason: Reason };

/** Instances of the fan that another is paired with (`each`), in order. */
export interface Paired {
  readonly keys: readonly string[];
  readonly items: readonly Json[];
}

/** Characters: a key stands in labels, paths and messages. */
const MAX_KEY = 200;

/**
 * The instances of a fan: keys unique, count within the maximum or those that are beyond it said to be, no two writing one path. A fan that is `paired`
 * takes over the keys and items of the other.
 */
export function expand(plan: Plan, brief: Brief, bindings: Bindings, paired?: Paired): Expanded {
  const { forEach } = brief;
  try {
    if (!forEach) throw new Failure('InvalidInput', `\`${brief.id}\` has no \`forEach\`.`);
    const items = itemsOf(forEach, bindings, paired);
    const { max, overflow } = forEach;
    if (items.length > (overflow ? MAX_INSTANCES : max)) {
      const over = overflow
        ? `more than the ${count(MAX_INSTANCES)} that can be named one by one`
        : `over its maximum of ${count(max)}`;
      const mend = overflow ? 'Narrow the list' : 'Raise `max`, or narrow the list';
      const message = `the fan-out has ${count(items.length)} items, ${over}. ${mend}.`;
      return { kind: 'refused', reason: { type: 'InvalidInput', message } };
    }
    const keys = paired ? [...paired.keys] : items.map((item, k) => keyOf(forEach, item, k, bindings));
    assertUnique(
      keys,
      (key, first, second) =>
        `items ${first} and ${second} have the same key \`${key}\`. Give each its own by \`forEach.key\`.`,
    );
    assertApart(plan, brief, forEach, keys, items, bindings);
    return { kind: 'expanded', keys, items, ...(overflow && { first: Math.min(max, keys.length) }) };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { kind: 'failed', reason: { type: error.type, message: error.message } };
  }
}

/** Whether the condition of a fan asks about the item, or the instance it is paired with: then each answers for itself. */
export function conditionAsksItem({ when, forEach }: Brief): boolean {
  if (when === undefined || !forEach) return false;
  const { as, source } = forEach;
  const own = [as, 'key', ...(source.kind === 'each' ? [source.brief] : [])];
  return namesUsed(when).some((name) => own.includes(name));
}

function itemsOf({ source }: ForEach, bindings: Bindings, paired: Paired | undefined): Json[] {
  switch (source.kind) {
    case 'list':
      return [...source.items];
    case 'matrix':
      return combinations(source.axes).filter(
        (item) => !source.exclude.some((excluded) => covers(excluded, item)),
      );
    case 'each':
      if (paired) return [...paired.items];
      throw new Failure('InvalidInput', `the instances of \`${source.brief}\` are not known.`);
    case 'in': {
      const value = evaluate(source.cel, bindings);
      if (Array.isArray(value)) return value as Json[];
      const got = value === null ? 'missing' : `a ${typeof value === 'object' ? 'map' : typeof value}`;
      throw new Failure('InvalidInput', `\`forEach.in: ${source.cel}\` wants a list, and this is ${got}.`);
    }
  }
}

/** Last axis fastest, as one would count. */
const combinations = (axes: { readonly [axis: string]: readonly Json[] }): JsonObject[] =>
  Object.entries(axes).reduce<JsonObject[]>(
    (so, [axis, values]) => so.flatMap((item) => values.map((value) => ({ ...item, [axis]: value }))),
    [{}],
  );
const covers = (excluded: JsonObject, item: JsonObject): boolean =>
  Object.entries(excluded).every(([axis, value]) => JSON.stringify(item[axis]) === JSON.stringify(value));

/** A scalar is its own key, a file its path, a combination its members; another object needs `key`. */
function keyOf({ as, key: cel, source }: ForEach, item: Json, k: number, bindings: Bindings): string {
  const given = cel === undefined ? item : evaluate(cel, { ...variables(bindings), [as]: item });
  const key = scalarText(given) ?? (cel === undefined ? naturalKey(source, item) : undefined);
  if (key === undefined || key === '' || key.length > MAX_KEY) {
    const shown = JSON.stringify(item).slice(0, 80);
    const why =
      key === undefined
        ? 'has no key'
        : key === ''
          ? 'has an empty key'
          : `has a key of over ${MAX_KEY} characters`;
    throw new Failure(
      'InvalidInput',
      `item ${k}, ${shown}, ${why}. Give it one by \`forEach.key\`, such as \`${as}.id\`.`,
    );
  }
  return key;
}

const scalarText = (value: Json): string | undefined =>
  value === null || typeof value === 'object' ? undefined : String(value);

function naturalKey(source: ForEach['source'], item: Json): string | undefined {
  if (item === null || typeof item !== 'object' || Array.isArray(item)) return undefined;
  const { path } = item as JsonObject;
  if (source.kind !== 'matrix') return typeof path === 'string' ? path : undefined;
  const members = Object.values(item).map(scalarText);
  return members.includes(undefined) ? undefined : members.join(',');
}

/** Paths that are to differ by instance do; those that do not depend on it are written one at a time. */
function assertApart(
  plan: Plan,
  brief: Brief,
  { as }: ForEach,
  keys: string[],
  items: Json[],
  bindings: Bindings,
): void {
  const base = { params: plan.params, inputs: plan.inputs, needs: bindings.needs };
  for (const template of brief.writes.filter((template) => namesItem(template, as))) {
    const paths = items.map((value, k) =>
      renderText(template, { ...base, item: { as, value, key: keys[k]! } }),
    );
    assertUnique(
      paths,
      (path, first, second) =>
        `\`${brief.id}[${keys[first]}]\` and \`${brief.id}[${keys[second]}]\` both write \`${path}\`. Put the whole key into the path.`,
    );
  }
}

function assertUnique(
  texts: readonly string[],
  message: (text: string, first: number, second: number) => string,
): void {
  const places = new Map<string, number>();
  for (const [k, text] of texts.entries()) {
    const first = places.get(text);
    if (first !== undefined) throw new Failure('InvalidInput', message(text, first, k));
    places.set(text, k);
  }
}

const count = (n: number): string => n.toLocaleString('en');
