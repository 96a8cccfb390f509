import type { Json, JsonObject } from '../../outcome/canonical.js';
import { validator } from '../validate.js';
import { COUNTS, lowest } from './bounds.js';
import {
  accepts,
  checkOf,
  followed,
  isOfType,
  itemAt,
  type Known,
  kindsAllowed,
  otherProperties,
  prefixOf,
  propertiesOf,
  propertyAt,
  requiredBy,
  TYPES,
  together,
  type View,
  valuesOf,
  viewOf,
  viewsOf,
} from './views.js';

/*
 * A value that one schema accepts and another does not, looked for where the two differ: values are made after the one, at
 * the bounds of both, each differing from a plain one in one place. What is found was validated against both; that none is
 * found says nothing.
 */

const MAX_VALUES = 4_000;
const MAX_DEPTH = 8;
/** Longest text or list that is made. */
const MAX_LENGTH = 2_000;

export interface Witness {
  readonly value: Json;
  /** What is wrong with it, each with its path. */
  readonly findings: readonly string[];
}

/** @throws Failure `InvalidPlan` where one of them is no schema */
export function witness(given: JsonObject, wanted: JsonObject): Witness | undefined {
  for (const schema of [given, wanted]) validator(schema);
  const [isGiven, isWanted] = [checkOf(given), checkOf(wanted)];
  const maker = new Maker();
  for (const value of maker.values([{ schema: given, root: given }], [{ schema: wanted, root: wanted }], 0)) {
    if (isGiven(value)?.length !== 0) continue;
    const findings = isWanted(value) ?? [];
    if (findings.length > 0) return { value, findings };
  }
  return undefined;
}

/** Of a place of which neither says anything. */
const ANYTHING: readonly Json[] = ['a', 1, null, true, 0.5, {}, []];

class Maker {
  #left = MAX_VALUES;

  /**
   * The first is as plain as can be.
   * @param hints what to aim at besides
   * @param taken lists of alternatives one of which is among the given
   */
  values(
    given: readonly View[],
    hints: readonly View[],
    depth: number,
    taken: ReadonlySet<unknown> = new Set(),
  ): readonly Json[] {
    const known = together(given);
    if (!known || depth > MAX_DEPTH || this.#left <= 0) return [];
    for (const { schema, root } of known)
      for (const list of [schema.anyOf, schema.oneOf])
        if (Array.isArray(list) && !taken.has(list))
          return viewsOf(list, root).flatMap((one) =>
            this.values([...known, one], hints, depth, new Set([...taken, list])),
          );
    const aims = [...known, ...everywhere(hints)];
    if (aims.length === 0) return ANYTHING;
    const made = valuesOf(known) ?? this.#ofEachType(known, aims, depth);
    this.#left -= made.length;
    return made;
  }

  #ofEachType(known: readonly Known[], aims: readonly Known[], depth: number): readonly Json[] {
    const kinds = kindsAllowed(known);
    return TYPES.filter((type) => isOfType(kinds, type)).flatMap((type): readonly Json[] => {
      if (type === 'object') return this.#objects(known, aims, depth);
      if (type === 'array') return this.#arrays(known, aims, depth);
      if (type === 'number') return fitting(known, numbers(known, aims));
      if (type === 'string') return fitting(known, texts(aims));
      return type === 'null' ? [null] : [true, false];
    });
  }

  #objects(known: readonly Known[], aims: readonly Known[], depth: number): readonly Json[] {
    const required = [...requiredBy(known)];
    const named = new Set(aims.flatMap(({ schema }) => Object.keys(propertiesOf(schema))));
    for (const name of [...requiredBy(aims), 'other']) named.add(name);
    const at = (name: string): readonly Json[] =>
      this.values(
        known.flatMap((view) => propertyAt(view, name)),
        aims.flatMap((view) => propertyAt(view, name)),
        depth + 1,
      );
    const all = new Map([...named].map((name) => [name, at(name)] as const));
    const plain: { [name: string]: Json } = {};
    for (const name of required) {
      const [first] = all.get(name) ?? at(name);
      if (first === undefined) return [];
      plain[name] = first;
    }
    const fewest = COUNTS.minProperties!(known);
    for (const [name, [first]] of all)
      if (first !== undefined && Object.keys(plain).length < fewest) plain[name] ??= first;
    const full = Object.fromEntries(
      [...all].flatMap(([name, [first]]) => (first === undefined ? [] : [[name, first]])),
    );
    const varied = [...all].flatMap(([name, values]) => values.map((value) => ({ ...plain, [name]: value })));
    const wide = Object.fromEntries(
      [1, 2, 3].map((i) => [
        `other${i}`,
        this.values(known.flatMap(otherProperties).slice(0, 1), [], depth + 1)[0] ?? null,
      ]),
    );
    return [plain, ...varied, full, { ...full, ...plain }, { ...full, ...wide }];
  }

  #arrays(known: readonly Known[], aims: readonly Known[], depth: number): readonly Json[] {
    const prefix = Math.max(0, ...aims.map((view) => prefixOf(view).length));
    const at = (i: number): readonly Json[] =>
      this.values(
        known.flatMap((view) => itemAt(view, i) ?? []),
        aims.flatMap((view) => itemAt(view, i) ?? []),
        depth + 1,
      );
    const places = Array.from({ length: prefix + 1 }, (_, i) => at(i));
    const distinct = known.some(({ schema }) => schema.uniqueItems === true);
    const list = (length: number): Json[] =>
      Array.from({ length }, (_, i) => {
        const values = places[Math.min(i, prefix)]!;
        return values[distinct ? i % Math.max(values.length, 1) : 0] ?? i;
      });
    const fewest = COUNTS.minItems!(known);
    const most = COUNTS.maxItems!(known);
    const lengths = around(aims, ['minItems', 'maxItems'], [fewest, 0, 1, 2, prefix])
      .filter((length) => length >= fewest && length <= most)
      .sort((a, b) => a - b);
    const varied = places.flatMap((values, i) =>
      values.map((value) => list(Math.max(fewest, i + 1)).with(i, value)),
    );
    return [...lengths.map(list), ...varied];
  }
}

/** Those that fit go first: what is made of them then is more likely to be as it should. */
const fitting = (known: readonly Known[], values: readonly Json[]): readonly Json[] =>
  values.filter((value) => known.every((view) => accepts(view, value) !== false));

/** Every schema at a place, whether it has to hold there or may. */
function everywhere(views: readonly View[]): readonly Known[] {
  const found = new Set<Known['schema']>();
  const all: Known[] = [];
  const waiting = [...views];
  for (let view = waiting.shift(); view && all.length < 200; view = waiting.shift()) {
    const { schema, root } = view;
    if (typeof schema === 'boolean' || found.has(schema)) continue;
    found.add(schema);
    all.push({ schema, root });
    const target = followed({ schema, root });
    waiting.push(
      ...[schema.allOf, schema.anyOf, schema.oneOf].flatMap((list) => viewsOf(list, root)),
      ...[schema.if, schema.then, schema.else, schema.not].flatMap((one) => viewOf(one, root) ?? []),
      ...(target ? [target] : []),
    );
  }
  return all;
}

function numbers(known: readonly Known[], aims: readonly Known[]): readonly number[] {
  const { at } = lowest(known, kindsAllowed(known));
  const limits = aims.flatMap(({ schema }) => {
    const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
    return [minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf].filter(isNumber);
  });
  const steps = aims.flatMap(({ schema: { multipleOf } }) => (isNumber(multipleOf) ? [multipleOf] : []));
  const start = Number.isFinite(at) ? at : 0;
  return [
    ...new Set([
      start,
      ...steps.flatMap((step) => [1, 2, 3].map((n) => Math.ceil(start / step) * step + n * step)),
      ...[...limits, ...written(aims).filter(isNumber)].flatMap((n) => [n, n - 1, n + 1, n - 0.5, n + 0.5]),
      ...[0, 1, -1, 0.5, 7, 1e6, -1e6],
    ]),
  ];
}
const isNumber = (value: unknown): value is number => typeof value === 'number';

function texts(aims: readonly Known[]): readonly string[] {
  const lengths = around(aims, ['minLength', 'maxLength'], [1, 0]);
  const said = written(aims).filter((value) => typeof value === 'string');
  return [...new Set([...lengths.map((n) => 'a'.repeat(n)), ...said, ...SAMPLES])];
}
const SAMPLES = ['A', '1', 'a-b', 'some words', '2024-01-31', 'a@example.com', 'https://example.com/'];

/** Values that schemas write out. */
const written = (aims: readonly Known[]): readonly Json[] =>
  aims.flatMap(({ schema }) => [
    ...('const' in schema ? [schema.const as Json] : []),
    ...[schema.enum, schema.examples].flatMap((list) => (Array.isArray(list) ? (list as Json[]) : [])),
    ...('default' in schema ? [schema.default as Json] : []),
  ]);

/** Counts that schemas set a limit to, and those next to it. */
const around = (aims: readonly Known[], keywords: readonly string[], more: readonly number[]): number[] => [
  ...new Set(
    [
      ...more,
      ...aims.flatMap(({ schema }) =>
        keywords.flatMap((keyword) => {
          const n = schema[keyword];
          return isNumber(n) ? [n, n - 1, n + 1] : [];
        }),
      ),
    ].filter((n) => n >= 0 && n <= MAX_LENGTH),
  ),
];
