import { parse } from 'yaml';
import { readText } from '../adapters/readText.js';
import type { Json, JsonObject } from '../core/outcome/canonical.js';
import { Failure } from '../core/outcome/failure.js';

/** @throws Failure InvalidInput where the file is no map of names and values */
export function paramsFile(path: string): JsonObject {
  const text = readText(path, 'params');
  const value = parsed(text, path);
  if (isObject(value)) return value;
  throw new Failure('InvalidInput', `${path} should be a map of params, such as \`limit: 5\`.`);
}

function parsed(text: string, path: string): Json {
  try {
    return parse(text) as Json;
  } catch (error) {
    throw new Failure('InvalidInput', `${path} is neither JSON nor YAML: ${(error as Error).message}`);
  }
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
