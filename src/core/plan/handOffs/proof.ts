import { canonical, type Json } from '../../outcome/canonical.js';
import { COUNTS, highest, isWithin, lowest } from './bounds.js';
import {
  accepts,
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
 * Whether every value that one schema accepts another accepts too, shown keyword by keyword.
 *  1. What is given is a conjunction: leaving part of it out, or not understanding it, can only make the proof fail.
 *  2. Of what is wanted, every keyword that can reject a value is shown to hold, or the proof is stuck there.
 *  3. Where it is stuck, what is given is taken case by case: by its alternatives, then by kinds of values.
 *  4. What is being shown of a value may be taken for shown of what is within it: values end. So schemas may refer to themselves.
 *  5. `format` and what a schema only remarks reject nothing here, as they reject nothing when an output is checked.
 */

/** Where a proof did not go on. */
export interface Stuck {
  /** Of the value, such as `$.topics[*]`. */
  readonly path: string;
  readonly keyword: string;
}

const MAX_STEPS = 3_000;
const MAX_DEPTH = 30;
/** Ways to combine what several schemas say of properties that they do not name. */
const MAX_COMBINED = 30;

/** Undefined: it is so. */
export const prove = (given: View, wanted: View): Stuck | undefined =>
  new Proof().implied([given], wanted, ROOT);

/** What is known of the values at a place of the proof. */
interface At {
  readonly path: string;
  readonly depth: number;
  /** What is taken case by case already: lists of alternatives, or `kinds`. */
  readonly apart: ReadonlySet<unknown>;
}
const ROOT: At = { path: '$', depth: 0, apart: new Set() };

type Check = (
  proof: Proof,
  known: readonly Known[],
  wanted: Known,
  at: At,
  keyword: string,
) => Stuck | undefined;

class Proof {
  #steps = 0;
  /** What is being shown, from the outside in. */
  readonly #open: {
    readonly known: readonly Known[];
    readonly wanted: Known;
    readonly path: string;
  }[] = [];

  implied(given: readonly View[], wanted: View, at: At): Stuck | undefined {
    const { path } = at;
    if (wanted.schema === true) return undefined;
    const known = together(given);
    if (!known || kindsAllowed(known).size === 0) return undefined;
    if (!isKnown(wanted)) return { path, keyword: 'false' };
    if (this.tires(at)) return { path, keyword: firstOf(wanted) };
    if (known.some((view) => isSame(view, wanted))) return undefined;
    const values = valuesOf(known);
    if (values)
      return values.every((value) => accepts(wanted, value) === true) ? undefined : { path, keyword: 'enum' };
    if (this.#open.some((one) => one.path !== path && isSameStep(one, { known, wanted }))) return undefined;
    this.#open.push({ known, wanted, path });
    const stuck = this.#stepByStep(known, wanted, at);
    this.#open.pop();
    return stuck;
  }

  #stepByStep(known: readonly Known[], wanted: Known, at: At): Stuck | undefined {
    const { path } = at;
    const stuck = this.#eachKeyword(known, wanted, { ...at, depth: at.depth + 1 });
    const cases = stuck && casesOf(known, at.apart);
    if (!cases) return stuck;
    const apart = new Set([...at.apart, cases.by]);
    const inCase = (one: View) => this.implied([...known, one], wanted, { path, depth: at.depth + 1, apart });
    return cases.of.some(inCase) ? stuck : undefined;
  }

  #eachKeyword(known: readonly Known[], wanted: Known, at: At): Stuck | undefined {
    for (const keyword of Object.keys(wanted.schema)) {
      const stuck = KEYWORDS.get(keyword)?.(this, known, wanted, at, keyword);
      if (stuck) return stuck;
    }
    return undefined;
  }

  /** Whether no value is accepted by all of both. */
  disjoint(given: readonly View[], others: readonly View[], at: At): boolean {
    const [known, other] = [together(given), together(others)];
    if (!known || !other) return true;
    const common = kindsAllowed([...known, ...other]);
    if (common.size === 0) return true;
    if (this.tires(at)) return false;
    if (rejected(valuesOf(known), other) || rejected(valuesOf(other), known)) return true;
    const below = { ...at, depth: at.depth + 1 };
    const denied = other.flatMap(({ schema, root }) => viewOf(schema.not, root) ?? []);
    if (denied.some((one) => !this.implied(known, one, below))) return true;
    if (common.size > 1 || !common.has('object')) return false;
    return [...requiredBy([...known, ...other])].some((name) => {
      const at = (views: readonly Known[]) => views.flatMap((view) => propertyAt(view, name));
      return this.disjoint(at(known), at(other), below);
    });
  }

  tires({ depth }: At): boolean {
    return ++this.#steps > MAX_STEPS || depth > MAX_DEPTH;
  }
}

/** The same schemas are given and wanted. */
function isSameStep(
  a: { readonly known: readonly Known[]; readonly wanted: Known },
  b: { readonly known: readonly Known[]; readonly wanted: Known },
): boolean {
  if (a.wanted.schema !== b.wanted.schema || a.known.length !== b.known.length) return false;
  const given = new Set(a.known.map(({ schema }) => schema));
  return b.known.every(({ schema }) => given.has(schema));
}

const isKnown = (view: View): view is Known => typeof view.schema !== 'boolean';

/** The same text says the same where it refers to nothing, or to the same document. */
function isSame(a: Known, b: Known, keywords?: readonly string[]): boolean {
  const said = ({ schema }: Known) =>
    canonical(keywords ? keywords.map((keyword) => schema[keyword] ?? null) : schema);
  const text = said(a);
  if (text !== said(b)) return false;
  return !/"\$(ref|dynamicRef|recursiveRef)":/.test(text) || canonical(a.root) === canonical(b.root);
}

const rejected = (values: readonly Json[] | undefined, by: readonly View[]): boolean =>
  values?.every((value) => by.some((view) => accepts(view, value) === false)) ?? false;

/** What is given, taken apart: in each case one more thing is known. */
function casesOf(
  known: readonly Known[],
  apart: ReadonlySet<unknown>,
): { readonly by: unknown; readonly of: readonly View[] } | undefined {
  for (const { schema, root } of known)
    for (const list of [schema.anyOf, schema.oneOf])
      if (Array.isArray(list) && !apart.has(list)) return { by: list, of: viewsOf(list, root) };
  const kinds = kindsAllowed(known);
  const types = TYPES.filter((type) => isOfType(kinds, type));
  if (types.length < 2 || apart.has('kinds')) return undefined;
  return { by: 'kinds', of: types.map((type) => ({ schema: { type }, root: {} })) };
}

const stuckAt = ({ path }: At, keyword: string): Stuck => ({ path, keyword });

/** A check that says nothing of values of other types. */
const of =
  (type: (typeof TYPES)[number], check: Check): Check =>
  (proof, known, ...rest) =>
    isOfType(kindsAllowed(known), type) ? check(proof, known, ...rest) : undefined;

/** Holds where the very same is given. */
const same =
  (...keywords: readonly string[]): Check =>
  (_, known, wanted, at, keyword) =>
    known.some((view) => isSame(view, wanted, keywords)) ? undefined : stuckAt(at, keyword);

const bound =
  (sign: 1 | -1, open: boolean): Check =>
  (_, known, { schema }, at, keyword) => {
    const given = (sign > 0 ? lowest : highest)(known, kindsAllowed(known));
    const wanted = { at: schema[keyword] as number, open };
    return isWithin(given, wanted, sign) ? undefined : stuckAt(at, keyword);
  };

const counted =
  (sign: 1 | -1): Check =>
  (_, known, { schema }, at, keyword) => {
    const [given, wanted] = [COUNTS[keyword]!(known), schema[keyword] as number];
    return sign * (given - wanted) >= 0 ? undefined : stuckAt(at, keyword);
  };

const multipleOf: Check = (_, known, { schema }, at, keyword) => {
  const wanted = schema[keyword] as number;
  if (wanted === 1 && !kindsAllowed(known).has('fraction')) return undefined;
  const holds = known.some(
    ({ schema: { multipleOf: given } }) =>
      given === wanted ||
      (Number.isInteger(given) && Number.isInteger(wanted) && (given as number) % wanted === 0),
  );
  return holds ? undefined : stuckAt(at, keyword);
};

const alternatives: Check = (proof, known, { schema, root }, at, keyword) => {
  const branches = viewsOf(schema[keyword], root);
  const alone = (i: number) =>
    keyword === 'anyOf' || branches.every((other, j) => i === j || proof.disjoint(known, [other], at));
  return branches.some((branch, i) => !proof.implied(known, branch, at) && alone(i))
    ? undefined
    : stuckAt(at, keyword);
};

const properties: Check = (proof, known, wanted, { path, depth }) => {
  const at = (step: string): At => ({ path: `${path}.${step}`, depth, apart: new Set() });
  const named = new Set([...known, wanted].flatMap(({ schema }) => Object.keys(propertiesOf(schema))));
  for (const name of named) {
    const given = known.flatMap((view) => propertyAt(view, name));
    for (const one of propertyAt(wanted, name)) {
      const stuck = proof.implied(given, one, at(name));
      if (stuck) return stuck;
    }
  }
  const { additionalProperties, patternProperties } = wanted.schema;
  if (additionalProperties === undefined && patternProperties === undefined) return undefined;
  const combined = known
    .map(otherProperties)
    .reduce<readonly (readonly View[])[]>(
      (so, each) => so.flatMap((views) => each.map((one) => [...views, one])).slice(0, MAX_COMBINED + 1),
      [[]],
    );
  if (combined.length > MAX_COMBINED) return { path, keyword: 'patternProperties' };
  for (const given of combined)
    for (const one of otherProperties(wanted)) {
      const stuck = proof.implied(given, one, at('*'));
      if (stuck) return stuck;
    }
  return undefined;
};

const items: Check = (proof, known, wanted, { path, depth }) => {
  const width = Math.max(...[...known, wanted].map((view) => prefixOf(view).length));
  const most = COUNTS.maxItems!(known);
  for (let i = 0; i <= width && i < most; i++) {
    const one = itemAt(wanted, i);
    const given = known.flatMap((view) => itemAt(view, i) ?? []);
    const at = { path: `${path}[${i === width ? '*' : i}]`, depth, apart: new Set() };
    const stuck = one && proof.implied(given, one, at);
    if (stuck) return stuck;
  }
  return undefined;
};

const all: Check = (proof, known, { schema: { allOf }, root }, at) => {
  for (const one of viewsOf(allOf, root)) {
    const stuck = proof.implied(known, one, at);
    if (stuck) return stuck;
  }
  return undefined;
};

const reference: Check = (proof, known, wanted, at, keyword) => {
  const target = followed(wanted);
  return target ? proof.implied(known, target, at) : stuckAt(at, keyword);
};

/** Keywords that are looked at together, with the first of them that is there. */
const once =
  (keywords: readonly string[], check: Check): Check =>
  (proof, known, wanted, at, keyword) =>
    keywords.find((one) => one in wanted.schema) === keyword
      ? check(proof, known, wanted, at, keyword)
      : undefined;
const PROPERTIES = ['properties', 'patternProperties', 'additionalProperties'];
const ITEMS = ['items', 'prefixItems'];
const CONDITION = ['if', 'then', 'else'];
const CONTAINS = ['contains', 'minContains', 'maxContains'];

/** Keywords that can reject a value; all others only remark something. */
const KEYWORDS: ReadonlyMap<string, Check> = new Map<string, Check>([
  [
    'type',
    (_, known, wanted, at) =>
      isSubset(kindsAllowed(known), kindsAllowed([wanted])) ? undefined : stuckAt(at, 'type'),
  ],
  ['enum', (_, __, ___, at) => stuckAt(at, 'enum')],
  ['const', (_, __, ___, at) => stuckAt(at, 'const')],
  ['minimum', of('number', bound(1, false))],
  ['exclusiveMinimum', of('number', bound(1, true))],
  ['maximum', of('number', bound(-1, false))],
  ['exclusiveMaximum', of('number', bound(-1, true))],
  ['multipleOf', of('number', multipleOf)],
  ['minLength', of('string', counted(1))],
  ['maxLength', of('string', counted(-1))],
  ['pattern', of('string', same('pattern'))],
  ['minItems', of('array', counted(1))],
  ['maxItems', of('array', counted(-1))],
  ['uniqueItems', of('array', unique)],
  ['items', of('array', once(ITEMS, items))],
  ['prefixItems', of('array', once(ITEMS, items))],
  ['contains', of('array', same(...CONTAINS))],
  ['minProperties', of('object', counted(1))],
  ['maxProperties', of('object', counted(-1))],
  ['required', of('object', required)],
  ['properties', of('object', once(PROPERTIES, properties))],
  ['patternProperties', of('object', once(PROPERTIES, properties))],
  ['additionalProperties', of('object', once(PROPERTIES, properties))],
  ['propertyNames', of('object', same('propertyNames'))],
  ['dependentRequired', of('object', same('dependentRequired'))],
  ['dependentSchemas', of('object', same('dependentSchemas'))],
  ['dependencies', of('object', same('dependencies'))],
  ['unevaluatedProperties', of('object', (_, __, ___, at, keyword) => stuckAt(at, keyword))],
  ['unevaluatedItems', of('array', (_, __, ___, at, keyword) => stuckAt(at, keyword))],
  ['allOf', all],
  ['anyOf', alternatives],
  ['oneOf', alternatives],
  [
    'not',
    (proof, known, { schema, root }, at, keyword) =>
      proof.disjoint(known, viewsOf([schema.not!], root), at) ? undefined : stuckAt(at, keyword),
  ],
  ['then', same(...CONDITION)],
  ['else', same(...CONDITION)],
  ['$ref', reference],
  ['$dynamicRef', same('$dynamicRef')],
  ['$recursiveRef', same('$recursiveRef')],
]);

/** Where a proof begins that is not made. */
const firstOf = ({ schema }: Known): string =>
  Object.keys(schema).find((keyword) => KEYWORDS.has(keyword)) ?? 'type';

function isSubset<T>(some: ReadonlySet<T>, all: ReadonlySet<T>): boolean {
  return [...some].every((one) => all.has(one));
}

function unique(...[, known, { schema }, at, keyword]: Parameters<Check>): Stuck | undefined {
  const given = COUNTS.maxItems!(known) <= 1 || known.some((view) => view.schema.uniqueItems === true);
  return schema.uniqueItems !== true || given ? undefined : stuckAt(at, keyword);
}

function required(...[, known, wanted, at]: Parameters<Check>): Stuck | undefined {
  const given = requiredBy(known);
  const missing = [...requiredBy([wanted])].find((name) => !given.has(name));
  return missing === undefined ? undefined : { path: `${at.path}.${missing}`, keyword: 'required' };
}
