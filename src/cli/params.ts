import { parse } from 'yaml';
import type { Json, JsonObject } from '../core/outcome/canonical.js';
import { Failure } from '../core/outcome/failure.js';
import { didYouMean } from '../core/plan/nearest.js';
import { readText } from './planFile.js';

/**
 * What `--param k=v` says, typed by the plan's `params` schema: a value for an array may be given as JSON or by
 * repeating the option. What the schema says of the values themselves is checked when the plan is compiled.
 * @throws Failure InvalidInput, one line for each option that will not do.
 */
export function typedParams(schema: JsonObject | undefined, given: readonly string[]): JsonObject {
  const properties = schema && isObject(schema.properties) ? schema.properties : {};
  const open =
    schema !== undefined && (schema.properties === undefined || schema.additionalProperties === true);
  const texts = new Map<string, string[]>();
  const problems: string[] = [];
  for (const option of given) {
    const at = option.indexOf('=');
    const name = option.slice(0, at);
    if (at < 1) problems.push(`--param ${option}: write it as name=value.`);
    else if (!open && !Object.hasOwn(properties, name))
      problems.push(`--param ${name}: ${unknown(name, Object.keys(properties))}`);
    else texts.set(name, [...(texts.get(name) ?? []), option.slice(at + 1)]);
  }
  const params: { [name: string]: Json } = {};
  for (const [name, values] of texts) {
    const declared = properties[name];
    const value = valueOf(isObject(declared) ? declared : {}, values);
    if (value === undefined)
      problems.push(`--param ${name}=${values.at(-1)}: ${expected(declared, values)}.`);
    else params[name] = value;
  }
  if (problems.length > 0) throw new Failure('InvalidInput', problems.join('\n'));
  return params;
}

function unknown(name: string, known: readonly string[]): string {
  if (known.length === 0) return 'this plan takes no params.';
  return `the plan has no such param.${didYouMean(name, known)} It takes ${known.map((one) => `\`${one}\``).join(', ')}.`;
}

const typesOf = ({ type }: JsonObject): readonly Json[] =>
  Array.isArray(type) ? type : type === undefined ? [] : [type];

function expected(declared: Json | undefined, values: readonly string[]): string {
  const types = isObject(declared) ? typesOf(declared) : [];
  if (values.length > 1 && !types.includes('array')) return 'it is given more than once, and takes one value';
  return `it should be ${types.map((type) => (type === 'array' ? 'an array, by JSON or by repeating --param' : type)).join(' or ')}`;
}

/** Undefined where no declared type reads it. */
function valueOf(schema: JsonObject, values: readonly string[]): Json | undefined {
  const types = typesOf(schema);
  const [text = ''] = values;
  if (types.includes('array')) {
    const whole = values.length === 1 && text.trimStart().startsWith('[') ? json(text) : undefined;
    if (Array.isArray(whole)) return whole;
    const items = values.map((value) => valueOf(isObject(schema.items) ? schema.items : {}, [value]));
    return items.some((item) => item === undefined) ? undefined : (items as Json[]);
  }
  if (values.length > 1) return undefined;
  if (types.length === 0) return json(text) ?? text;
  // `string` reads everything, so it comes last.
  const read = types.filter((type) => type !== 'string').map((type) => scalar(type, text));
  return read.find((value) => value !== undefined) ?? (types.includes('string') ? text : undefined);
}

function scalar(type: Json, text: string): Json | undefined {
  const value = json(text);
  switch (type) {
    case 'integer':
      return Number.isInteger(value) ? value : undefined;
    case 'object':
      return isObject(value) ? value : undefined;
    case 'null':
      return value === null ? value : undefined;
    default:
      return typeof value === type ? value : undefined;
  }
}

function json(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** @throws Failure InvalidInput where the file is no map of names and values. */
export function paramsFile(path: string): JsonObject {
  let value: unknown;
  try {
    value = parse(readText(path, 'params'));
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure('InvalidInput', `${path} is neither JSON nor YAML: ${(error as Error).message}`);
  }
  if (!isObject(value as Json))
    throw new Failure('InvalidInput', `${path} should be a map of params, such as \`limit: 5\`.`);
  return value as JsonObject;
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
