import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../../src/core/outcome/canonical.js';
import { compare } from '../../../../src/core/plan/handOffs/compare.js';
import { validator } from '../../../../src/core/plan/validate.js';

/** What a producer delivers now, and what a consumer was written for. */
interface Pair {
  readonly change: string;
  readonly given: JsonObject;
  readonly wanted: JsonObject;
  /** `compatible`, or what is wrong with a value that the one allows. */
  readonly verdict: string;
}

const topic = { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] } as const;
const topics = {
  type: 'object',
  properties: { topics: { type: 'array', items: topic, minItems: 1 } },
  required: ['topics'],
} as const;
const with_ = (more: JsonObject): JsonObject => ({ ...topics, ...more });
const items = (one: JsonObject): JsonObject => ({ type: 'array', items: one });
const within = (a: JsonObject, b: JsonObject, verdict: string, change: string): Pair => ({
  change,
  given: { type: 'object', properties: { v: a }, required: ['v'] },
  wanted: { type: 'object', properties: { v: b }, required: ['v'] },
  verdict,
});

const PAIRS: readonly Pair[] = [
  {
    change: 'version 2 adds an optional property',
    given: with_({ version: 2, properties: { ...topics.properties, why: { type: 'string' } } }),
    wanted: with_({ version: 1 }),
    verdict: 'compatible',
  },
  {
    change: 'version 2 no longer requires what version 1 did',
    given: { version: 2, type: 'object', properties: topics.properties },
    wanted: with_({ version: 1 }),
    verdict: "$ must have required property 'topics'",
  },
  {
    change: 'version 2 requires more than version 1 did',
    given: with_({
      version: 2,
      properties: { ...topics.properties, why: { type: 'string' } },
      required: ['topics', 'why'],
    }),
    wanted: with_({ version: 1 }),
    verdict: 'compatible',
  },
  within({ enum: ['low'] }, { enum: ['low', 'high'] }, 'compatible', 'an enum is narrowed'),
  within(
    { enum: ['low', 'high', 'none'] },
    { enum: ['low', 'high'] },
    '$.v must be equal to one of the allowed values: ["low","high"]',
    'an enum is widened',
  ),
  within({ type: 'integer' }, { type: 'number' }, 'compatible', 'a number becomes a whole number'),
  within({ type: 'number' }, { type: 'integer' }, '$.v must be integer', 'a whole number becomes any number'),
  {
    change: 'a closed object is opened',
    given: topics,
    wanted: with_({ additionalProperties: false }),
    verdict: '$ must NOT have additional properties: `other`',
  },
  {
    change: 'an open object is closed',
    given: with_({ additionalProperties: false }),
    wanted: topics,
    verdict: 'compatible',
  },
  within(
    { type: 'number', minimum: 1, maximum: 9 },
    { type: 'number', minimum: 0 },
    'compatible',
    'a range is narrowed',
  ),
  within(
    { type: 'integer', minimum: 0 },
    { type: 'integer', minimum: 1 },
    '$.v must be >= 1',
    'a minimum is lowered',
  ),
  {
    change: 'a property is renamed',
    given: { ...topics, properties: { subjects: topics.properties.topics }, required: ['subjects'] },
    wanted: topics,
    verdict: "$ must have required property 'topics'",
  },
  within(
    items({ type: 'string' }),
    items({ type: ['string', 'null'] }),
    'compatible',
    'items may be null no more',
  ),
  within(
    items({ type: ['string', 'null'] }),
    items({ type: 'string' }),
    '$.v[0] must be string',
    'items may be null',
  ),
  within(
    { type: ['string', 'null'] },
    { anyOf: [{ type: 'string' }, { type: 'null' }] },
    'compatible',
    'the same is written otherwise',
  ),
  {
    change: 'the consumer is two versions behind, and nothing that it reads has changed',
    given: with_({
      version: 3,
      properties: { ...topics.properties, at: { type: 'string', format: 'date' } },
    }),
    wanted: with_({ version: 1 }),
    verdict: 'compatible',
  },
  {
    change: 'the consumer is ahead, and reads what is not delivered yet',
    given: with_({ version: 1 }),
    wanted: with_({ version: 2, required: ['topics', 'why'] }),
    verdict: "$ must have required property 'why'",
  },
  {
    change: 'version 2 was changed without becoming version 3',
    given: with_({ version: 2, required: ['topics', 'why'] }),
    wanted: with_({ version: 2 }),
    verdict: 'version 2 differs',
  },
  {
    change: 'only a remark was changed',
    given: with_({ version: 2, title: 'Topics', description: 'What decides.' }),
    wanted: with_({ version: 2 }),
    verdict: 'compatible',
  },
];

const fields = (n: number, schema: JsonObject): JsonObject =>
  Object.fromEntries(Array.from({ length: n }, (_, i) => [`p${i}`, schema]));

describe('what a producer delivers and a consumer expects', () => {
  for (const { change, given, wanted, verdict } of PAIRS) {
    it(`${change}: ${verdict}`, () => {
      const found = compare(given, wanted);
      if (found.verdict === 'breaking' && 'findings' in found) {
        expect(found.findings.join('; ')).toBe(verdict);
        expect(validator(given)(found.value)).toEqual([]);
        expect(validator(wanted)(found.value)).toEqual(found.findings);
      } else if (found.verdict === 'breaking') expect(`version ${found.sameVersion} differs`).toBe(verdict);
      else expect(found.verdict).toBe(verdict);
    });
  }

  const a = {
    type: 'object',
    properties: { kind: { const: 'a' }, n: { type: 'integer' } },
    required: ['kind', 'n'],
  };
  const b = { type: 'object', properties: { kind: { const: 'b' } }, required: ['kind'] };
  const tree = {
    type: 'object',
    properties: { name: { type: 'string' }, parts: { type: 'array', items: { $ref: '#' } } },
    required: ['name'],
  };

  it.each<[string, JsonObject, JsonObject]>([
    ['one kind of a tagged union', a, { oneOf: [a, b] }],
    ['a tagged union with fewer kinds', { oneOf: [a] }, { anyOf: [b, a] }],
    [
      'definitions by other names',
      { $ref: '#/$defs/x', $defs: { x: a } },
      { allOf: [{ $ref: '#/$defs/y' }], $defs: { y: a } },
    ],
    ['a tree', tree, { ...tree, title: 'A tree' }],
    ['a tree of which less is asked', tree, { ...tree, required: [] }],
    [
      'a tree that is written otherwise',
      tree,
      {
        $ref: '#/$defs/node',
        $defs: { node: { ...tree, properties: { parts: { items: { $ref: '#/$defs/node' } } } } },
      },
    ],
    [
      'a list of two as a list',
      { type: 'array', prefixItems: [a, b], items: false },
      { type: 'array', items: { anyOf: [a, b] }, maxItems: 3 },
    ],
    [
      'a map of strings',
      { type: 'object', properties: { a: { const: 'x' } }, additionalProperties: { type: 'string' } },
      { type: 'object', additionalProperties: { type: 'string' } },
    ],
    ['a boolean as what it can be', { type: 'boolean' }, { enum: [true, false, null] }],
    ['what is not the one is not the other', { type: 'integer' }, { not: { type: 'string' } }],
    [
      'names that fit a pattern',
      { type: 'object', properties: { x_a: { type: 'integer' } }, additionalProperties: false },
      { patternProperties: { '^x_': { type: 'number' } }, additionalProperties: false },
    ],
    ['nothing at all', { type: 'array', items: false }, { type: 'array', maxItems: 0 }],
  ])('%s is compatible', (_, given, wanted) => {
    expect(compare(given, wanted)).toEqual({ verdict: 'compatible' });
  });

  it.each<[JsonObject, JsonObject, Json]>([
    [{ type: 'number', minimum: 0 }, { type: 'number', exclusiveMinimum: 0 }, 0],
    [{ type: 'number', maximum: 3 }, { type: 'number', exclusiveMaximum: 3 }, 3],
    [{ type: 'integer', exclusiveMinimum: 0 }, { minimum: 2 }, 1],
    [{ type: 'integer', multipleOf: 2 }, { multipleOf: 4 }, 2],
    [{ type: 'string', minLength: 1 }, { minLength: 2 }, 'a'],
    [{ type: 'string', maxLength: 3 }, { maxLength: 2 }, 'aaa'],
    [{ type: 'array', maxItems: 3, items: { const: 1 } }, { maxItems: 2 }, [1, 1, 1]],
    [{ type: 'array', minItems: 1, items: { const: 1 } }, { uniqueItems: true }, [1, 1]],
    [{ const: { a: 1 } }, { minProperties: 2 }, { a: 1 }],
    [{ type: 'integer', minimum: 0 }, { oneOf: [{ type: 'integer' }, { minimum: 0 }] }, 0],
    [{ type: ['integer', 'null'] }, { anyOf: [{ type: 'integer' }, { type: 'string' }] }, null],
    [
      { type: 'object', additionalProperties: { type: 'integer' } },
      { patternProperties: { '^o': { type: 'string' } } },
      { other: 0 },
    ],
  ])('%j may be what is not %j', (given, wanted, value) => {
    expect(compare(given, wanted)).toMatchObject({ verdict: 'breaking', value });
  });

  it.each<[JsonObject, JsonObject]>([
    [{ type: 'number', exclusiveMinimum: 0 }, { minimum: 0 }],
    [
      { type: 'integer', exclusiveMinimum: 0 },
      { minimum: 1, exclusiveMinimum: 0.5 },
    ],
    [{ type: 'integer', multipleOf: 4 }, { multipleOf: 2 }],
    [{ type: 'string', minLength: 2 }, { minLength: 2 }],
    [{ type: 'array', maxItems: 1 }, { uniqueItems: true }],
    [{ type: 'object', required: ['a', 'b'] }, { minProperties: 2 }],
    [{ type: 'object', properties: { a: true }, additionalProperties: false }, { maxProperties: 1 }],
    [{ type: 'integer', maximum: -1 }, { oneOf: [{ type: 'integer' }, { type: 'string' }] }],
  ])('%j is always %j', (given, wanted) => {
    expect(compare(given, wanted)).toEqual({ verdict: 'compatible' });
  });

  it('a tree of which more is asked is broken by a leaf', () => {
    const whole = { ...tree, required: ['name', 'parts'] };
    const inner = { ...tree, properties: { ...tree.properties, parts: { type: 'array', items: whole } } };
    expect(compare(tree, whole)).toMatchObject({ verdict: 'breaking' });
    expect(compare(whole, inner)).toMatchObject({ verdict: 'compatible' });
    expect(compare({ ...inner, required: ['name'] }, whole)).toMatchObject({ verdict: 'breaking' });
  });

  it('schemas that are wide and hard to tell apart end undecided, and soon', () => {
    const either = (pattern: string): JsonObject => ({
      anyOf: [
        { type: 'string' },
        { type: 'object', properties: fields(20, { type: ['string', 'null'], pattern }) },
      ],
    });
    const wide = (pattern: string) => ({ type: 'object', properties: fields(200, either(pattern)) });
    expect(compare(wide('^ab'), wide('^a')).verdict).toBe('undecided');
    const deep = (levels: number, pattern: string): JsonObject =>
      levels === 0
        ? { type: 'string', pattern }
        : {
            anyOf: ['a', 'b', 'c'].map((name) => ({
              type: 'object',
              properties: { [name]: deep(levels - 1, pattern) },
            })),
          };
    expect(compare(deep(6, '^ab'), deep(6, '^a')).verdict).toBe('undecided');
  });

  it.each<[string, JsonObject, JsonObject, string]>([
    [
      'a pattern that includes another',
      { type: 'string', pattern: '^ab' },
      { type: 'string', pattern: '^a' },
      '$ pattern',
    ],
    [
      'a condition',
      { type: 'object', required: ['v'] },
      { if: { required: ['w'] }, then: { required: ['v'] }, else: {} },
      '$ then',
    ],
    [
      'a document that is not here',
      { type: 'string', minLength: 1 },
      { type: 'string', pattern: '.' },
      '$ pattern',
    ],
  ])('of %s nothing can be said', (_, given, wanted, where) => {
    expect(compare(given, wanted)).toMatchObject({ verdict: 'undecided' });
    const found = compare(given, wanted);
    expect(found.verdict === 'undecided' && `${found.path} ${found.keyword}`).toBe(where);
  });

  it('of schemas that are too wide to be gone through it is said where that ended, and they are compared once', () => {
    const wide = (pattern: string): JsonObject => ({
      type: 'object',
      properties: Object.fromEntries(
        Array.from({ length: 4_000 }, (_, i) => [`p${i}`, { type: 'string', pattern }]),
      ),
    });
    const [given, wanted] = [wide('^ab'), wide('^ab')];
    (wanted.properties as { [name: string]: JsonObject }).p3999 = { type: 'string', pattern: '^a' };
    const found = compare(given, wanted);
    expect(found).toMatchObject({ verdict: 'undecided', keyword: 'type' });
    expect(compare(structuredClone(given), structuredClone(wanted))).toBe(found);
  });
});
