import { readYaml } from '../adapters/readYaml.js';
import { isObject, type JsonObject } from '../core/outcome/canonical.js';
import { Failure } from '../core/outcome/failure.js';

/** @throws Failure InvalidInput where the file is no map of names and values */
export function paramsFile(path: string): JsonObject {
  const value = readYaml(path, 'params');
  if (isObject(value)) return value;
  throw new Failure('InvalidInput', `${path} should be a map of params, such as \`limit: 5\`.`);
}
