import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planSource } from '../../src/cli/planFile.js';
import { typedParams } from '../../src/core/plan/typedParams.js';

describe('--param', () => {
  const schema = {
    type: 'object',
    properties: {
      most: { type: 'integer' },
      ratio: { type: 'number' },
      strict: { type: 'boolean' },
      name: { type: 'string' },
      vendors: { type: 'array', items: { type: 'string' } },
      ports: { type: 'array', items: { type: 'integer' } },
      options: { type: 'object' },
      either: { type: ['integer', 'string'] },
      maybe: { type: ['string', 'null'] },
      open: {},
    },
  };

  it.each([
    ['most=5', { most: 5 }],
    ['ratio=0.5', { ratio: 0.5 }],
    ['strict=true', { strict: true }],
    ['name=5', { name: '5' }],
    ['name=a=b', { name: 'a=b' }],
    ['name=', { name: '' }],
    ['vendors=temporal', { vendors: ['temporal'] }],
    ['vendors=["a","b"]', { vendors: ['a', 'b'] }],
    ['vendors=7', { vendors: ['7'] }],
    ['ports=80', { ports: [80] }],
    ['options={"deep":true}', { options: { deep: true } }],
    ['either=5', { either: 5 }],
    ['either=five', { either: 'five' }],
    ['maybe=null', { maybe: null }],
    ['open=[1]', { open: [1] }],
    ['open=plain', { open: 'plain' }],
    ['unheard_of=5', { unheard_of: 5 }],
  ])('%s is read by its schema', (option, params) => {
    expect(typedParams(schema, [option])).toEqual(params);
  });

  it('makes a list of what is repeated', () => {
    expect(typedParams(schema, ['vendors=a', 'most=1', 'vendors=b'])).toEqual({
      vendors: ['a', 'b'],
      most: 1,
    });
  });

  it('leaves what no type reads as it was typed, for the compiler to refuse', () => {
    expect(typedParams(schema, ['most=many', 'strict=yes'])).toEqual({ most: 'many', strict: 'yes' });
  });

  it('wants a name and a value', () => {
    expect(() => typedParams(schema, ['most'])).toThrow('--param most: write it as name=value.');
  });

  it('names no prototype', () => {
    expect(Object.getPrototypeOf(typedParams(schema, ['__proto__={"a":1}']))).toBe(Object.prototype);
  });
});

describe('a plan file', () => {
  let folder: string;
  const at = (name: string) => join(folder, name);
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'muster-file-'));
    writeFileSync(at('plan.yaml'), 'params: { type: object, properties: { n: { type: integer } } }\n');
    writeFileSync(at('params.yaml'), 'n: 1\nm: [2]\n');
    writeFileSync(at('list.yaml'), '[1]');
    writeFileSync(at('broken.yaml'), '{');
    writeFileSync(at('huge.yaml'), '');
    truncateSync(at('huge.yaml'), 65 * 1024 * 1024);
    mkdirSync(at('folder'));
    writeFileSync(at('folder/plan.yaml'), '');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('comes with the params of the file, and those of the command line above them', () => {
    const { params, folder: where } = planSource(at('plan.yaml'), {
      params: at('params.yaml'),
      param: ['n=5'],
    });
    expect(params).toEqual({ n: 5, m: [2] });
    expect(where).toBe(folder);
  });

  it.each([
    ['nowhere.yaml', /^There is no file .*nowhere\.yaml\. Give the path of a plan file\.$/],
    ['plan.yaml/x', /^There is no file/],
    ['folder', /is a folder\. Give the path of a plan file, such as .*folder.plan\.yaml\.$/],
    ['huge.yaml', /^.*huge\.yaml is 65 MB: that is no plan file\.$/],
  ])('%s is one clear line', (name, message) => {
    expect(() => planSource(at(name), {})).toThrow(message);
  });

  it.each([
    ['list.yaml', /should be a map of params/],
    ['broken.yaml', /is neither JSON nor YAML/],
    ['nowhere.yaml', /Give the path of a params file/],
  ])('params in %s are one clear error', (name, message) => {
    expect(() => planSource(at('plan.yaml'), { params: at(name) })).toThrow(message);
  });
});
