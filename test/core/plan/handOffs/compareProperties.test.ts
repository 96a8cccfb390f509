import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../../src/core/outcome/canonical.js';
import { compare } from '../../../../src/core/plan/handOffs/compare.js';
import { checkOf } from '../../../../src/core/plan/handOffs/views.js';
import { validator } from '../../../../src/core/plan/validate.js';

/*
 * Schemas of all keywords over few names, texts and numbers, so that two of them often have to do with each other; and
 * values over the same, so that one is often accepted.
 */

const names = fc.constantFrom('a', 'b', 'x_c');
const numbers = fc.constantFrom(-2, -1, -0.5, 0, 0.5, 1, 1.5, 2, 3, 4, 6);
const texts = fc.constantFrom('', 'a', 'ab', 'abc', 'b', 'x_c');
const counts = fc.integer({ min: 0, max: 3 });

const { value } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(fc.constant(null), fc.boolean(), numbers, texts),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(names, tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
}));

const some = (shape: { readonly [keyword: string]: fc.Arbitrary<unknown> }) =>
  fc.record(shape, { requiredKeys: [] }) as fc.Arbitrary<JsonObject>;
const types = fc.constantFrom('null', 'boolean', 'integer', 'number', 'string', 'array', 'object');
const patterns = fc.constantFrom('^a', 'b$', '^x_', '.');

const { schema } = fc.letrec<{ schema: JsonObject | boolean }>((tie) => {
  const sub = tie('schema');
  const subs = fc.array(sub, { minLength: 1, maxLength: 3 });
  return {
    schema: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.boolean(),
      some({ type: fc.oneof(types, fc.uniqueArray(types, { minLength: 1, maxLength: 3 })) }),
      some({ const: value }),
      some({ enum: fc.array(value, { minLength: 1, maxLength: 3 }) }),
      some({
        type: fc.constantFrom('integer', 'number', ['number', 'null']),
        minimum: numbers,
        maximum: numbers,
        exclusiveMinimum: numbers,
        exclusiveMaximum: numbers,
        multipleOf: fc.constantFrom(0.5, 1, 2, 3, 4),
      }),
      some({ type: fc.constant('string'), minLength: counts, maxLength: counts, pattern: patterns }),
      some({
        type: fc.constant('array'),
        items: sub,
        prefixItems: subs,
        minItems: counts,
        maxItems: counts,
        uniqueItems: fc.boolean(),
        contains: sub,
        minContains: counts,
      }),
      some({
        type: fc.constant('object'),
        properties: fc.dictionary(names, sub, { maxKeys: 3, noNullPrototype: true }),
        required: fc.uniqueArray(names, { maxLength: 2 }),
        additionalProperties: sub,
      }),
      some({
        type: fc.constant('object'),
        patternProperties: fc.dictionary(patterns, sub, { maxKeys: 2, noNullPrototype: true }),
        additionalProperties: sub,
        propertyNames: sub,
        minProperties: counts,
        maxProperties: counts,
        dependentRequired: fc.dictionary(names, fc.uniqueArray(names, { maxLength: 1 }), {
          maxKeys: 1,
          noNullPrototype: true,
        }),
      }),
      some({ type: types, anyOf: subs }),
      some({ type: types, oneOf: subs }),
      some({ properties: fc.dictionary(names, sub, { maxKeys: 2, noNullPrototype: true }), allOf: subs }),
      some({ not: sub }),
      some({ if: sub, then: sub, else: sub }),
      some({
        unevaluatedProperties: sub,
        properties: fc.dictionary(names, sub, { maxKeys: 1, noNullPrototype: true }),
      }),
      some({ $ref: fc.constantFrom('#/$defs/one', '#/$defs/two') }),
    ),
  };
});

const document = fc.record({ schema, one: schema, two: schema }).map(
  ({ schema, one, two }): JsonObject => ({
    ...(typeof schema === 'boolean' ? { allOf: [schema] } : schema),
    $defs: { one: withoutReferences(one), two: withoutReferences(two) },
  }),
);

/** Definitions that refer to each other in a circle are no schema to ajv. */
const withoutReferences = (schema: JsonObject | boolean): Json =>
  JSON.parse(JSON.stringify(schema).replaceAll(/"\$ref":"[^"]*"/g, '"title":""'));

/** The second is often the first with one thing changed, so that much of it is the same. */
const pairs = fc.oneof(
  fc.tuple(document, document),
  fc
    .tuple(document, document)
    .map(([a, b]): [JsonObject, JsonObject] => [
      a,
      { ...a, ...Object.fromEntries(Object.entries(b).slice(0, 1)) },
    ]),
  fc
    .tuple(document, document)
    .map(([a, b]): [JsonObject, JsonObject] => [{ allOf: [a.allOf ? true : a, b], $defs: a.$defs! }, a]),
  document.map((a): [JsonObject, JsonObject] => {
    const [first] = Object.keys(a);
    const { [first!]: _, ...less } = a;
    return [a, less];
  }),
);

const RUNS = 600;

/** Whether a schema accepts a value; undefined where ajv itself fails on it. */
const accepts = (schema: JsonObject, value: Json): boolean | undefined => {
  const wrong = checkOf(schema)(value);
  return wrong && wrong.length === 0;
};

it('what is called compatible is: whatever the producer’s schema accepts, the consumer’s accepts', () => {
  let [compatible, accepted] = [0, 0];
  fc.assert(
    fc.property(pairs, fc.array(value, { minLength: 40, maxLength: 40 }), ([given, wanted], values) => {
      if (compare(given, wanted).verdict !== 'compatible') return;
      compatible++;
      for (const one of values) {
        if (!accepts(given, one)) continue;
        accepted++;
        expect(accepts(wanted, one), JSON.stringify(one)).not.toBe(false);
      }
    }),
    { numRuns: RUNS },
  );
  expect(compatible).toBeGreaterThan(RUNS / 10);
  expect(accepted).toBeGreaterThan(RUNS);
});

it('what is called breaking comes with a value that the producer’s schema accepts and the consumer’s does not', () => {
  let breaking = 0;
  fc.assert(
    fc.property(pairs, ([given, wanted]) => {
      const found = compare(given, wanted);
      if (found.verdict !== 'breaking' || !('findings' in found)) return;
      breaking++;
      expect(validator(given)(found.value)).toEqual([]);
      expect(validator(wanted)(found.value)).toEqual(found.findings);
    }),
    { numRuns: RUNS },
  );
  expect(breaking).toBeGreaterThan(RUNS / 10);
});

it('wherever a value shows that it breaks, it is called breaking in nine cases of ten, and never compatible', () => {
  const called = { breaking: 0, undecided: 0, compatible: 0 };
  fc.assert(
    fc.property(pairs, fc.array(value, { minLength: 40, maxLength: 40 }), ([given, wanted], values) => {
      if (!values.some((one) => accepts(given, one) && accepts(wanted, one) === false)) return;
      called[compare(given, wanted).verdict]++;
    }),
    { numRuns: RUNS },
  );
  expect(called.compatible).toBe(0);
  expect(called.undecided).toBeLessThan(called.breaking / 9);
});
