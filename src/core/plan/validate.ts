import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import { RE2JS } from 're2js';
import { canonical, depthExceeds, type Json, type JsonObject, MAX_DEPTH } from '../outcome/canonical.js';
import { Failure } from '../outcome/failure.js';

/** Patterns run by RE2, in linear time whatever the text: a schema may come from a stranger, its text from a model. */
const re2 = Object.assign((pattern: string) => RE2JS.compile(pattern), { code: 're2' });
const options = {
  allErrors: true,
  strict: false,
  validateFormats: false,
  code: { regExp: re2 },
} as const;
const checking = new Ajv2020(options);
const filling = new Ajv2020({ ...options, useDefaults: true, validateSchema: false });

type Validate = ReturnType<typeof checking.compile>;
const compiled = new Map<string, Validate>();
const MAX_REMEMBERED = 500;

/**
 * A check against a JSON Schema (2020-12): what is wrong with a value, each with its JSON path; empty where it is valid.
 * @throws Failure `InvalidPlan` where the schema is none, or a pattern of it is not RE2; when it checks, where the schema has no end
 */
export function validator(schema: JsonObject): (value: Json) => string[] {
  const text = canonical(schema);
  const validate = compiled.get(text) ?? compileSchema(checking, schema);
  if (compiled.size >= MAX_REMEMBERED) compiled.clear();
  compiled.set(text, validate);
  return (value) => {
    if (depthExceeds(value, MAX_DEPTH)) return [`$ nests deeper than ${MAX_DEPTH} levels`];
    return isValid(validate, value) ? [] : describe(validate.errors ?? []);
  };
}

function isValid(validate: Validate, value: Json): boolean {
  try {
    return validate(value) as boolean;
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new Failure('InvalidPlan', 'this schema refers to itself without end', { cause });
  }
}

/**
 * A copy of `value` with the defaults that `schema` declares filled in, and what is wrong with it.
 * @throws Failure `InvalidPlan` as {@link validator} does.
 */
export function fillDefaults(schema: JsonObject, value: JsonObject): { value: JsonObject; wrong: Wrong[] } {
  validator(schema); // which reads the schema by the standard: `filling` leaves that out
  const validate = compileSchema(filling, schema);
  const copy = structuredClone(value);
  return { value: copy, wrong: isValid(validate, copy) ? [] : (validate.errors ?? []).map(wrongOf) };
}

export interface Wrong {
  /** Where in the value, from its root. */
  readonly path: readonly string[];
  readonly what: string;
  /** The member that is required and not there. */
  readonly missing?: string;
}

function compileSchema(ajv: Ajv2020, schema: JsonObject): Validate {
  try {
    const validate = ajv.compile(schema);
    // A promise is true whatever comes of it, and nobody waits for one here.
    if ('$async' in validate) throw new Error('`$async` is no keyword of it');
    return validate;
  } catch (error) {
    throw new Failure(
      'InvalidPlan',
      `this is no JSON Schema (2020-12): ${(error as Error).message.replace(/\.$/, '')}`,
    );
  } finally {
    // Two plans may use one `$id` for two schemas; nothing is kept inside ajv.
    ajv.removeSchema(schema);
  }
}

const describe = (errors: readonly ErrorObject[]): string[] => [
  ...new Set(errors.map(wrongOf).map(({ path, what }) => `${jsonPath(path)} ${what}`)),
];

function wrongOf(error: ErrorObject): Wrong {
  const path = error.instancePath
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const what = `${error.message ?? error.keyword}${detail(error)}`;
  return error.keyword === 'required'
    ? { path, what, missing: String(error.params.missingProperty) }
    : { path, what };
}

/** Names what ajv's own messages leave out. */
function detail({ params }: ErrorObject): string {
  if ('additionalProperty' in params) return `: \`${params.additionalProperty}\``;
  if ('unevaluatedProperty' in params) return `: \`${params.unevaluatedProperty}\``;
  if ('allowedValues' in params) return `: ${JSON.stringify(params.allowedValues)}`;
  if ('allowedValue' in params) return `: ${JSON.stringify(params.allowedValue)}`;
  return '';
}

const jsonPath = (path: readonly string[]): string =>
  path.reduce((so, step) => (/^(0|[1-9]\d*)$/.test(step) ? `${so}[${step}]` : `${so}.${step}`), '$');
