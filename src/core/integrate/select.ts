import { JSONPathEnvironment, type JSONPathQuery, type JSONValue } from 'json-p3';
import { type Json, MAX_DEPTH } from '../outcome/canonical.js';
import { Failure } from '../outcome/failure.js';

const environment = new JSONPathEnvironment({ maxRecursionDepth: 2 * MAX_DEPTH });

/** A JSONPath (RFC 9535), read once and applied to many values. */
export interface Path {
  /** Every value the path leads to, in document order. */
  all(value: Json): readonly Json[];
  /**
   * The items at a place: a path to one place that holds a list (`$.rows`) means its members, any other path
   * (`$.rows[*]`) means what it leads to. Undefined where a path to one place leads nowhere.
   */
  items(value: Json): readonly Json[] | undefined;
  /** As `items`, each with where it stands. */
  places(value: Json): readonly Place[];
  /** As `all`, each with where it stands. */
  spots(value: Json): readonly Place[];
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
  const spots = (value: Json): readonly Place[] =>
    [...query.query(value as JSONValue)].map(({ location, value }) => ({
      at: location,
      value: value as Json,
    }));
  const all = (value: Json) => query.query(value as JSONValue).values() as Json[];
  return {
    all,
    items(value) {
      const found = all(value);
      if (!query.singularQuery()) return found;
      const [only] = found;
      return Array.isArray(only) ? only : found.length > 0 ? found : undefined;
    },
    spots,
    places(value) {
      const found = spots(value);
      const [only] = found;
      if (!query.singularQuery() || !Array.isArray(only?.value)) return found;
      return (only.value as readonly Json[]).map((value, n) => ({ at: [...only.at, n], value }));
    },
  };
}

function compiled(text: string): JSONPathQuery {
  try {
    return environment.compile(text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Failure('InvalidPlan', `\`${text}\` is not a JSONPath (RFC 9535): ${why}.`, { cause });
  }
}
