import { JSONPathEnvironment, JSONPathNode, type JSONPathQuery, type JSONValue } from 'json-p3';
import { isObject, type Json, MAX_DEPTH } from '../outcome/canonical.js';
import { Failure } from '../outcome/failure.js';

const environment = new JSONPathEnvironment({ maxRecursionDepth: 2 * MAX_DEPTH });

/**
 * A JSONPath (RFC 9535), read once and applied to many values. What it leads to is given one after the other, in document
 * order: whoever keeps none of it needs no more memory for much than for little.
 */
export interface Path {
  /** Every value the path leads to. */
  each(value: Json): Iterable<Json>;
  /** The same as a list. */
  all(value: Json): readonly Json[];
  /**
   * The items at a place: a path to one place that holds a list (`$.rows`) means its members, any other path
   * (`$.rows[*]`) means what it leads to. Undefined where a path to one place leads nowhere.
   */
  items(value: Json): readonly Json[] | undefined;
  /** How many `items` there are. */
  count(value: Json): number;
  /** As `items`, each with where it stands. */
  places(value: Json): Iterable<Place>;
  /** As `each`, each with where it stands. */
  spots(value: Json): Iterable<Place>;
}

export interface Place {
  /** Names of fields and numbers of members, from the top. */
  readonly at: readonly (string | number)[];
  readonly value: Json;
}

/** The JSONPath of a place: `$.rows[3].name`. */
export const placeText = ({ at }: Place): string =>
  `$${at.map((part) => (typeof part === 'number' ? `[${part}]` : /^[A-Za-z_]\w*$/.test(part) ? `.${part}` : `[${JSON.stringify(part)}]`)).join('')}`;

/** @throws Failure `InvalidPlan` where `text` is no JSONPath. */
export function pathOf(text: string): Path {
  const query = compiled(text);
  const singular = query.singularQuery();
  const spots = (value: Json) => walk(query, value);
  function* each(value: Json): Generator<Json> {
    for (const spot of spots(value)) yield spot.value;
  }
  const all = (value: Json) => [...each(value)];
  return {
    each,
    all,
    items(value) {
      const found = all(value);
      if (!singular) return found;
      const [only] = found;
      return Array.isArray(only) ? only : found.length > 0 ? found : undefined;
    },
    count(value) {
      let count = 0;
      for (const found of each(value)) count += singular && Array.isArray(found) ? found.length : 1;
      return count;
    },
    spots,
    *places(value) {
      for (const { at, value: found } of spots(value)) {
        if (!singular || !Array.isArray(found)) yield { at, value: found };
        else for (let n = 0; n < found.length; n++) yield { at: [...at, n], value: found[n] };
      }
    },
  };
}

/** As the library's own queries, which hold all members of a list at once. */
function* walk(query: JSONPathQuery, value: Json): Generator<Place> {
  const root = value as JSONValue;
  let nodes: Iterable<JSONPathNode> = [new JSONPathNode(root, [], root)];
  for (const segment of query.segments) nodes = selected(segment, nodes);
  for (const { location, value } of nodes) yield { at: location, value: value as Json };
}

function* selected(segment: Segment, nodes: Iterable<JSONPathNode>): Generator<JSONPathNode> {
  const descends = segment.toString().startsWith('..');
  for (const node of nodes)
    for (const one of descends ? below(node) : [node])
      for (const selector of segment.selectors) yield* selector.lazyResolve(one);
}
type Segment = JSONPathQuery['segments'][number];

/** A node, then all that is in it, depth first. */
function* below(node: JSONPathNode): Generator<JSONPathNode> {
  yield node;
  const { value, location, root } = node;
  if (Array.isArray(value))
    for (let n = 0; n < value.length; n++) yield* below(new JSONPathNode(value[n]!, [...location, n], root));
  else if (isObject(value))
    for (const [name, member] of Object.entries(value))
      yield* below(new JSONPathNode(member as JSONValue, [...location, name], root));
}

function compiled(text: string): JSONPathQuery {
  try {
    return environment.compile(text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Failure('InvalidPlan', `\`${text}\` is not a JSONPath (RFC 9535): ${why}.`, { cause });
  }
}
