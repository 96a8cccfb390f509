import { isObject, type Json, type JsonObject } from '../outcome/canonical.js';
import { Failure } from '../outcome/failure.js';

/**
 * What `--param k=v` says, typed by the plan's `params` schema; a value for an array may be given as JSON or by
 * repeating the option. A text that no declared type reads stays a text: compiling the plan says what does not fit.
 * @throws Failure InvalidInput where an option has no `=`
 */
export function typedParams(schema: JsonObject | undefined, given: readonly string[]): JsonObject {
  const texts = new Map<string, string[]>();
  for (const option of given) {
    const at = option.indexOf('=');
    if (at < 1) throw new Failure('InvalidInput', `--param ${option}: write it as name=value.`);
    const name = option.slice(0, at);
    texts.set(name, [...(texts.get(name) ?? []), option.slice(at + 1)]);
  }
  const properties = objectOr(schema?.properties);
  return Object.fromEntries(
    [...texts].map(([name, values]) => [name, read(objectOr(properties[name]), values)]),
  );
}

function read(schema: JsonObject, values: readonly string[]): Json {
  const [text = ''] = values;
  const types = [schema.type ?? []].flat();
  if (types.includes('array')) {
    const whole = values.length === 1 ? json(text) : undefined;
    return Array.isArray(whole) ? whole : values.map((value) => read(objectOr(schema.items), [value]));
  }
  if (values.length > 1) return values;
  const value = json(text);
  return value !== undefined && (types.length === 0 || types.some((type) => isOf(type, value)))
    ? value
    : text;
}

function isOf(type: Json, value: Json): boolean {
  switch (type) {
    case 'integer':
      return Number.isInteger(value);
    case 'null':
      return value === null;
    case 'object':
      return isObject(value);
    default:
      return typeof value === type;
  }
}

function json(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

const objectOr = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});
