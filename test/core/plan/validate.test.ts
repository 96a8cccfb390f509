import { describe, expect, it } from 'vitest';
import type { Json } from '../../../src/core/outcome/canonical.js';
import { fillDefaults, validator } from '../../../src/core/plan/validate.js';

describe('a value against its schema', () => {
  const check = validator({
    type: 'object',
    properties: {
      rows: {
        type: 'array',
        items: { type: 'object', properties: { 'a/b': { type: 'string', pattern: '^x' } } },
      },
      kind: { enum: ['p', 'q'] },
    },
    required: ['rows'],
    additionalProperties: false,
  });

  it('is valid where nothing is wrong', () => {
    expect(check({ rows: [{ 'a/b': 'xy' }], kind: 'p' })).toEqual([]);
  });

  it('tells everything that is wrong, each with its path', () => {
    expect(check({ rows: [{ 'a/b': 'y' }, 1], kind: 'r', more: 0 })).toEqual([
      '$ must NOT have additional properties: `more`',
      '$.rows[0].a/b must match pattern "^x"',
      '$.rows[1] must be object',
      '$.kind must be equal to one of the allowed values: ["p","q"]',
    ]);
    expect(check({})).toEqual(["$ must have required property 'rows'"]);
  });

  it('is not held against one without end, and never against one that is checked some time later', () => {
    expect(() => validator({ $ref: '#' })(1)).toThrow('this schema refers to itself without end');
    expect(() => validator({ $async: true, type: 'object' })).toThrow(/this is no JSON Schema .*`\$async`/);
  });

  it('is not looked into beyond 500 levels', () => {
    let deep: Json = 1;
    for (let i = 0; i < 600; i++) deep = [deep];
    expect(validator({})(deep)).toEqual(['$ nests deeper than 500 levels']);
  });

  it('meets patterns in linear time, whatever the text', () => {
    const check = validator({ type: 'string', pattern: '^(a+)+$' });
    expect(check(`${'a'.repeat(100_000)}!`)).toHaveLength(1);
  });

  it('uses the schema of 2020-12: prefixItems, unevaluatedProperties, $defs', () => {
    const check = validator({
      $defs: { n: { type: 'number' } },
      prefixItems: [{ $ref: '#/$defs/n' }],
      items: false,
    });
    expect(check([1])).toEqual([]);
    expect(check(['x', 2])).toHaveLength(2);
  });

  it('may use one $id for two schemas: each plan stands for itself', () => {
    expect(validator({ $id: 'https://example.org/x', type: 'string' })('a')).toEqual([]);
    expect(validator({ $id: 'https://example.org/x', type: 'number' })(1)).toEqual([]);
  });
});

describe('what is no schema is refused:', () => {
  it.each([
    [{ type: 'objekt' }, 'data/type must be equal to one of the allowed values'],
    [{ required: 'x' }, 'data/required must be array'],
    [{ $ref: '#/nope' }, "can't resolve reference #/nope"],
    [{ pattern: '(?=a)' }, 'invalid or unsupported Perl syntax'],
  ])('%j', (schema, what) => {
    expect(() => validator(schema)).toThrow(expect.objectContaining({ type: 'InvalidPlan' }));
    expect(() => validator(schema)).toThrow(what);
  });
});

describe('defaults of a schema', () => {
  const schema = {
    type: 'object',
    properties: { a: { type: 'number', default: 1 }, b: { type: 'number' } },
    required: ['b'],
  };
  it('fill a copy, and the value stays as it was', () => {
    const value = { b: 2 };
    expect(fillDefaults(schema, value)).toEqual({ value: { a: 1, b: 2 }, wrong: [] });
    expect(value).toEqual({ b: 2 });
  });
  it('leave what is missing missing, by name', () => {
    expect(fillDefaults(schema, {}).wrong).toMatchObject([{ missing: 'b' }]);
  });
});
