import type { JsonObject } from '../outcome/canonical.js';
import { Failure } from '../outcome/failure.js';
import type { Draft } from './draft.js';
import { readSchema } from './inputs.js';
import type { Path, Problems } from './problems.js';
import type { Surroundings } from './surroundings.js';
import { validator } from './validate.js';

/** The JSON Schemas of a plan, read from their files and known to be valid. */
export interface Schemas {
  /** By brief id. */
  readonly outputs: ReadonlyMap<string, JsonObject>;
  /** By brief id, and by need. */
  readonly expected: ReadonlyMap<string, { readonly [need: string]: JsonObject }>;
  /** By requirement id. */
  readonly requirements: ReadonlyMap<string, JsonObject>;
}

export async function gatherSchemas(
  { briefs, document }: Draft,
  folder: string | undefined,
  surroundings: Surroundings,
  problems: Problems,
): Promise<Schemas> {
  const gather = async (schema: JsonObject, path: Path): Promise<JsonObject | undefined> => {
    const whole = await readSchema(schema, path, folder, surroundings, problems);
    if (whole) checkSchema(whole, path, problems);
    return whole;
  };
  const outputs = new Map<string, JsonObject>();
  const expected = new Map<string, { readonly [need: string]: JsonObject }>();
  for (const { id, at, output, expects } of briefs) {
    const schema = output && (await gather(output, ['briefs', at, 'output']));
    if (schema) outputs.set(id, schema);
    for (const [need, written] of Object.entries(expects ?? {})) {
      const schema = await gather(written, ['briefs', at, 'expects', need]);
      if (schema) expected.set(id, { ...expected.get(id), [need]: schema });
    }
  }
  const requirements = new Map<string, JsonObject>();
  for (const [i, { id, check }] of (document.requirements ?? []).entries()) {
    const schema = check?.schema && (await gather(check.schema, ['requirements', i, 'check', 'schema']));
    if (schema) requirements.set(id, schema);
  }
  return { outputs, expected, requirements };
}

function checkSchema(schema: JsonObject, path: Path, problems: Problems): void {
  try {
    // Whatever it is asked of, one that is nothing but itself has no end.
    validator(schema)(null);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    problems.error(path, `${error.message}.`);
  }
}
