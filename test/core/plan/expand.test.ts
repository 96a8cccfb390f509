import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../src/core/outcome/canonical.js';
import { conditionAsksItem, expand } from '../../../src/core/plan/expand.js';
import { compiled, memoryFolder, plan } from './support.js';

/** A plan of a brief `first` and a fan over what is given. */
async function fanOf(forEach: string, more = '') {
  const text = plan(
    [
      'params: { type: object, properties: { xs: {} } }',
      "inputs: { notes: { glob: 'notes/*.md' } }",
      'briefs:',
      '  - { id: first, call: f }',
      `  - { id: fan, call: f, needs: [first], stdin: { from: first.output }, forEach: { ${forEach} } ${more} }`,
    ].join('\n'),
  );
  const around = memoryFolder({ 'notes/a.md': 'a', 'notes/b.md': 'b' });
  const { plan: whole } = await compiled(text, { params: { xs: [] } }, around);
  return whole;
}

async function expandOf(forEach: string, output: Json = null, more = '') {
  const whole = await fanOf(forEach, more);
  const params: JsonObject = { xs: ['p', 'q'] };
  return expand(whole, whole.briefs[1]!, {
    params,
    inputs: whole.inputs,
    needs: { first: { status: 'succeeded', output } },
  });
}

describe('a fan-out over', () => {
  it('a list has scalars as keys', async () => {
    expect(await expandOf('in: [a, 2, true]')).toEqual({
      kind: 'expanded',
      keys: ['a', '2', 'true'],
      items: ['a', 2, true],
    });
  });
  it('parameters', async () => {
    expect(await expandOf('in: params.xs')).toMatchObject({ keys: ['p', 'q'] });
  });
  it('an output', async () => {
    expect(await expandOf('in: first.output.topics', { topics: ['x'] })).toMatchObject({
      keys: ['x'],
      items: ['x'],
    });
  });
  it('an input has the paths of the files as keys', async () => {
    expect(await expandOf('in: inputs.notes')).toMatchObject({ keys: ['notes/a.md', 'notes/b.md'] });
  });
  it('objects takes their key from an expression', async () => {
    const rows = [{ id: { n: 1 } }, { id: { n: 2 } }];
    expect(await expandOf('in: first.output, as: row, key: \'string(row.id.n) + "!"\'', rows)).toMatchObject({
      keys: ['1!', '2!'],
      items: rows,
    });
  });
  it('a matrix makes every combination but those excluded, last axis fastest', async () => {
    expect(await expandOf('matrix: { x: [1, 2], y: [a, b] }, exclude: [{ x: 1, y: b }]')).toEqual({
      kind: 'expanded',
      keys: ['1,a', '2,a', '2,b'],
      items: [
        { x: 1, y: 'a' },
        { x: 2, y: 'a' },
        { x: 2, y: 'b' },
      ],
    });
  });
  it('more than its maximum names them all, and lets the first begin where that is said', async () => {
    const expanded = await expandOf('in: first.output, max: 2, overflow: first', ['a', 'b', 'c']);
    expect(expanded).toMatchObject({ kind: 'expanded', keys: ['a', 'b', 'c'], first: 2 });
    expect(await expandOf('in: first.output, max: 4, overflow: first', ['a'])).toMatchObject({ first: 1 });
  });
  it('nothing has no instances', async () => {
    expect(await expandOf('in: []')).toEqual({ kind: 'expanded', keys: [], items: [] });
  });
  it('the instances of another takes over their keys and items', async () => {
    const { plan: whole } = await compiled(
      plan(
        'briefs:\n  - { id: a, call: f, forEach: { in: [1] } }\n  - { id: b, call: f, forEach: { each: a } }',
      ),
    );
    const bindings = { params: {}, inputs: {}, needs: {} };
    const paired = { keys: ['k1', 'k2'], items: [{ deep: 1 }, null] };
    expect(expand(whole, whole.briefs[1]!, bindings, paired)).toEqual({ kind: 'expanded', ...paired });
  });
});

describe('a fan-out is refused as a whole', () => {
  it('more than can be named one by one, though the first of them might begin', async () => {
    const many = Array.from({ length: 20_001 }, (_, n) => n);
    expect(await expandOf('in: first.output, max: 2, overflow: first', many)).toMatchObject({
      kind: 'refused',
      reason: { message: expect.stringContaining('20,001 items, more than the 20,000 that can be named') },
    });
  });
  it('over its maximum, telling both numbers', async () => {
    const items = Array.from({ length: 1_204 }, (_, i) => i);
    expect(await expandOf('in: first.output', items)).toMatchObject({
      kind: 'refused',
      reason: { message: expect.stringContaining('the fan-out has 1,204 items, over its maximum of 1,000') },
    });
  });
  it('not at its maximum', async () => {
    expect(await expandOf('in: first.output, max: 2', [1, 2])).toMatchObject({ kind: 'expanded' });
    expect(await expandOf('in: first.output, max: 2', [1, 2, 3])).toMatchObject({ kind: 'refused' });
  });
});

describe('a fan-out fails where', () => {
  it.each<[string, string, Json, string, string?]>([
    [
      'its source is no list',
      'in: first.output',
      { a: 1 },
      '`forEach.in: first.output` wants a list, and this is a map',
    ],
    ['its source is missing', 'in: first.output', null, 'this is missing'],
    ['its source cannot be worked out', 'in: first.output.topics', {}, 'field not found: topics'],
    ['two items have one key', 'in: first.output', ['a', 'b', 'a'], 'items 0 and 2 have the same key `a`'],
    [
      'scalars of two types have one key',
      'in: first.output',
      ['1', 1],
      'items 0 and 1 have the same key `1`',
    ],
    [
      'an object has no key',
      'in: first.output',
      [{ id: 1 }],
      'item 0, {"id":1}, has no key. Give it one by `forEach.key`, such as `item.id`',
    ],
    ['a key is empty', 'in: first.output', [''], 'has an empty key'],
    ['a key is too long', 'in: first.output', ['x'.repeat(201)], 'a key of over 200 characters'],
    ['a key is no scalar', 'in: first.output, key: item', [{ id: 1 }], 'has no key'],
    [
      'two instances write one path',
      'in: first.output',
      ['ab', 'ac'],
      '`fan[ab]` and `fan[ac]` both write `out/a`',
      ", writes: ['out/{{ key | slice: 0 }}']",
    ],
  ])('%s', async (_, forEach, output, says, more) => {
    expect(await expandOf(forEach, output, more)).toMatchObject({
      kind: 'failed',
      reason: { type: 'InvalidInput', message: expect.stringContaining(says) },
    });
  });
});

describe('the condition of a fan', () => {
  it.each([
    ["item != 'a'", true],
    ["key != 'a'", true],
    ['params.xs.size() > 0', false],
    ['params.xs.all(item, item > 0)', false],
  ])('%s asks about the item: %s', async (when, asks) => {
    const whole = await fanOf('in: [a]', `, when: "${when}"`);
    expect(conditionAsksItem(whole.briefs[1]!)).toBe(asks);
  });
});
