import type { JsonObject } from '../outcome/canonical.js';
import { Failure } from '../outcome/failure.js';
import { didYouMean } from './nearest.js';
import type { Problems } from './problems.js';
import { fillDefaults } from './validate.js';

/** The parameters of a run: those given, checked by the plan's own schema, its defaults filled in. */
export function bindParams(
  schema: JsonObject | undefined,
  given: JsonObject,
  problems: Problems,
): JsonObject {
  const declared = paramNames(schema);
  for (const name of Object.keys(given)) {
    if (!declared || declared.includes(name)) continue;
    problems.error(['params', name], `the plan takes no parameter \`${name}\`.${didYouMean(name, declared)}`);
  }
  if (!schema) return given;
  try {
    const { value, wrong } = fillDefaults(schema, given);
    for (const { path, missing, what } of wrong) {
      if (missing === undefined) problems.error(['params', ...path], `the parameter does not fit: ${what}.`);
      else
        problems.error(
          ['params', ...path, missing],
          `the parameter \`${missing}\` is missing. Give it to the run.`,
        );
    }
    return value;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    problems.error(['params'], error.message);
    problems.doubt(['params']);
    return given;
  }
}

/** The parameters a schema declares; undefined where it leaves them open. */
export function paramNames(schema: JsonObject | undefined): readonly string[] | undefined {
  if (!schema) return [];
  const { properties, additionalProperties } = schema;
  const open = additionalProperties !== undefined && additionalProperties !== false;
  if (open || properties === null || typeof properties !== 'object') return undefined;
  return Object.keys(properties);
}
