import { RE2JS } from 're2js';
import { canonical, isObject, type Json, type JsonObject } from '../../outcome/canonical.js';
import { validator } from '../validate.js';

/** A schema within the document that its references point into. */
export interface View {
  readonly schema: JsonObject | boolean;
  readonly root: JsonObject;
}
/** One that is no boolean. */
export interface Known extends View {
  readonly schema: JsonObject;
}

/** Kinds of values; whole numbers apart from others. */
export const KINDS = ['null', 'boolean', 'whole', 'fraction', 'string', 'array', 'object'] as const;
export type Kind = (typeof KINDS)[number];
const NUMBERS: readonly Kind[] = ['whole', 'fraction'];
const kindsOf = (type: Json): readonly Kind[] =>
  type === 'number' ? NUMBERS : type === 'integer' ? ['whole'] : [type as Kind];

/** `type` as a schema says it, for each kind that is told apart there. */
export const TYPES = ['null', 'boolean', 'number', 'string', 'array', 'object'] as const;
export const isOfType = (kinds: ReadonlySet<Kind>, type: (typeof TYPES)[number]): boolean =>
  kindsOf(type).some((kind) => kinds.has(kind));

export const viewOf = (schema: Json | undefined, root: JsonObject): View | undefined =>
  typeof schema === 'boolean' || isObject(schema) ? { schema, root } : undefined;
export const viewsOf = (schemas: Json | undefined, root: JsonObject): View[] =>
  Array.isArray(schemas) ? schemas.flatMap((one: Json) => viewOf(one, root) ?? []) : [];

/**
 * All that holds together at one place, with `allOf` and `$ref` followed. Undefined: no value is there. A reference that
 * cannot be followed says nothing here.
 */
export function together(views: readonly View[]): readonly Known[] | undefined {
  const found: Known[] = [];
  const seen = new Set<unknown>();
  const waiting = [...views];
  for (let view = waiting.shift(); view; view = waiting.shift()) {
    const { schema, root } = view;
    if (schema === false) return undefined;
    if (schema === true || seen.has(schema)) continue;
    seen.add(schema);
    found.push({ schema, root });
    const target = followed({ schema, root });
    waiting.push(...viewsOf(schema.allOf, root), ...(target ? [target] : []));
  }
  return found;
}

/** Where its `$ref` leads; undefined without one, and where that is not within the document. */
export function followed({ schema: { $ref: to }, root }: Known): View | undefined {
  if (typeof to !== 'string' || !to.startsWith('#') || namesItself(root)) return undefined;
  if (to === '#') return { schema: root, root };
  if (!to.startsWith('#/')) return undefined;
  let at: Json | undefined = root;
  for (const key of stepsOf(to.slice(2))) {
    if (at === null || typeof at !== 'object' || !Object.hasOwn(at, key)) return undefined;
    at = (at as JsonObject)[key];
  }
  return viewOf(at, root);
}

/** Of a JSON pointer in an address; one that is malformed leads nowhere. */
function stepsOf(pointer: string): readonly string[] {
  try {
    return pointer
      .split('/')
      .map((step) => decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~'));
  } catch {
    return [pointer];
  }
}

/** Whether a schema within it has an `$id` of its own, from which references there start. */
function namesItself(root: JsonObject): boolean {
  const { $id: _, ...rest } = root;
  const known = named.get(root) ?? canonical(rest).includes('"$id":');
  named.set(root, known);
  return known;
}
const named = new WeakMap<JsonObject, boolean>();

/** Kinds of values that all of them allow. */
export function kindsAllowed(views: readonly Known[]): ReadonlySet<Kind> {
  const allowed = (schema: JsonObject): readonly Kind[] => {
    const { type, nullable } = schema;
    if (type === undefined) return KINDS;
    return [...[type].flat(), ...(nullable === true ? ['null'] : [])].flatMap((one) => kindsOf(one as Json));
  };
  return new Set(KINDS.filter((kind) => views.every(({ schema }) => allowed(schema).includes(kind))));
}

const patternsOf = ({ patternProperties: patterns }: JsonObject): readonly (readonly [string, Json])[] =>
  isObject(patterns) ? Object.entries(patterns) : [];
export const propertiesOf = ({ properties }: JsonObject): JsonObject =>
  isObject(properties) ? properties : {};

/** What one schema says of the property of that name. */
export function propertyAt({ schema, root }: Known, name: string): readonly View[] {
  const own = propertiesOf(schema);
  const found = [
    ...(Object.hasOwn(own, name) ? [own[name]] : []),
    ...patternsOf(schema).flatMap(([pattern, value]) => (matches(pattern, name) ? [value] : [])),
  ];
  const said = found.length > 0 ? found : [schema.additionalProperties];
  return said.flatMap((one) => viewOf(one, root) ?? []);
}

/** What it may say of a property whose name it does not write out: the one or the other. */
export const otherProperties = ({ schema, root }: Known): readonly View[] => [
  viewOf(schema.additionalProperties, root) ?? { schema: true, root },
  ...patternsOf(schema).flatMap(([, value]) => viewOf(value, root) ?? []),
];
export const isClosed = ({ schema }: Known): boolean =>
  schema.additionalProperties === false && patternsOf(schema).length === 0;

export const prefixOf = ({ schema: { prefixItems } }: Known): readonly Json[] =>
  Array.isArray(prefixItems) ? prefixItems : [];
/** What it says of the item at that place; undefined: nothing. */
export const itemAt = (view: Known, i: number): View | undefined => {
  const prefix = prefixOf(view);
  return viewOf(i < prefix.length ? prefix[i] : view.schema.items, view.root);
};

function matches(pattern: string, text: string): boolean {
  try {
    return RE2JS.compile(pattern).matcher(text).find();
  } catch {
    return false;
  }
}

/** Names that any of them requires. */
export const requiredBy = (views: readonly Known[]): ReadonlySet<string> =>
  new Set(
    views.flatMap(({ schema: { required } }) => (Array.isArray(required) ? (required as string[]) : [])),
  );

/** The values that are possible there, where they are written out or few; undefined: they are not. */
export function valuesOf(views: readonly Known[]): readonly Json[] | undefined {
  const written = views.flatMap(({ schema }): (readonly Json[])[] => [
    ...('const' in schema ? [[schema.const as Json]] : []),
    ...(Array.isArray(schema.enum) ? [schema.enum as readonly Json[]] : []),
  ]);
  const kinds = kindsAllowed(views);
  if ([...kinds].every((kind) => kind === 'null' || kind === 'boolean')) written.push([null, true, false]);
  const [fewest] = written.sort((a, b) => a.length - b.length);
  return fewest?.filter((value) => views.every((view) => accepts(view, value) !== false));
}

/** Whether it accepts a value; undefined where it cannot be asked on its own. */
export function accepts({ schema, root }: View, value: Json): boolean | undefined {
  if (typeof schema === 'boolean') return schema;
  const known = asked.get(schema);
  const check = known?.root === root ? known.check : checkOf(aloneOf(schema, root));
  asked.set(schema, { root, check });
  const wrong = check(value);
  return wrong && wrong.length === 0;
}
const asked = new WeakMap<JsonObject, { readonly root: JsonObject; readonly check: Check }>();
type Check = (value: Json) => readonly string[] | undefined;

/** What a schema finds wrong with a value; undefined where ajv cannot say, as of some schemas with `unevaluatedProperties`. */
export function checkOf(schema: JsonObject | undefined): Check {
  const attempt = <T>(work: () => T): T | undefined => {
    try {
      return work();
    } catch {
      return undefined;
    }
  };
  const check = schema && attempt(() => validator(schema));
  return (value) => check && attempt(() => check(value));
}

/** A schema with the definitions that it refers to; undefined where it refers to anything else. */
function aloneOf(schema: JsonObject, root: JsonObject): JsonObject | undefined {
  const text = canonical(schema);
  if (schema === root) return schema;
  if (/"\$(dynamicRef|recursiveRef)":/.test(text)) return undefined;
  const { $id: _, ...own } = schema;
  if (!text.includes('"$ref":')) return own;
  const { $defs, definitions } = root;
  const definitionsOnly = /^(?!.*"\$ref":"(?!#\/(\$defs|definitions)\/))/.test(
    text + canonical([$defs ?? 0, definitions ?? 0]),
  );
  if (!definitionsOnly || namesItself(root) || '$defs' in own || 'definitions' in own) return undefined;
  return { ...own, ...($defs !== undefined && { $defs }), ...(definitions !== undefined && { definitions }) };
}
