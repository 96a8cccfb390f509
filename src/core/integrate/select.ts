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
}

/** @throws Failure `InvalidPlan` where `text` is no JSONPath. */
export function pathOf(text: string): Path {
  const query = compiled(text);
  const all = (value: Json) => query.query(value as JSONValue).values() as Json[];
  return {
    all,
    items(value) {
      const found = all(value);
      if (!query.singularQuery()) return found;
      const [only] = found;
      return Array.isArray(only) ? only : found.length > 0 ? found : undefined;
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
