import { isObject, type Json, type JsonObject } from '../../core/outcome/canonical.js';

/** The keywords that providers accept under `strict: true` (OpenAI, structured outputs, supported schemas). */
const KEYWORDS = new Set([
  '$defs',
  '$ref',
  'additionalProperties',
  'anyOf',
  'const',
  'description',
  'enum',
  'items',
  'properties',
  'required',
  'title',
  'type',
]);

/**
 * Whether a provider would take this schema with `strict: true`: an object at the root, only known keywords, and
 * every object closed with all its properties required. Any other schema is a hint to the model; code checks it.
 */
export function permitsStrict(schema: JsonObject): boolean {
  return schema.type === 'object' && closed(schema);
}

function closed(schema: Json): boolean {
  if (!isObject(schema) || !Object.keys(schema).every((key) => KEYWORDS.has(key))) return false;
  const { properties = {}, required = [], items, anyOf = [], $defs = {} } = schema;
  if (!isObject(properties) || !Array.isArray(required) || !Array.isArray(anyOf) || !isObject($defs))
    return false;
  const isObjectSchema = schema.type === 'object' || 'properties' in schema;
  if (isObjectSchema && schema.additionalProperties !== false) return false;
  return (
    Object.keys(properties).every((name) => required.includes(name)) &&
    [...Object.values(properties), ...Object.values($defs), ...anyOf].every(closed) &&
    (items === undefined || closed(items))
  );
}
