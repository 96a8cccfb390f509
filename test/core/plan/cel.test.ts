import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../src/core/outcome/canonical.js';
import { Failure } from '../../../src/core/outcome/failure.js';
import type { Bindings } from '../../../src/core/plan/bindings.js';
import { celReferences, evaluate, namesUsed } from '../../../src/core/plan/cel.js';

const failure = (act: () => unknown): Failure => {
  try {
    act();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
};

describe('numbers of JSON just work:', () => {
  const vars = { n: 41, x: 2.5, xs: [1, 2.5, 3], big: 9007199254740991 };
  it.each<[string, Json]>([
    ['n + 1', 42],
    ['x + 1', 3.5],
    ['1 - x', -1.5],
    ['n * 1.5', 61.5],
    ['n / 2', 20],
    ['n / 2.0', 20.5],
    ['x * 2', 5],
    ['n % 2', 1],
    ['x > n', false],
    ['n >= 41.0', true],
    ['n == 41.0', true],
    ['n in [41.0]', true],
    ['xs[0] + xs[1]', 3.5],
    ['xs[n - 40]', 2.5],
    ['big - 1', 9007199254740990],
    ['xs.map(y, y * 2)', [2, 5, 6]],
    ['size(xs) * 0.5', 1.5],
  ])('%s', (cel, value) => {
    expect(evaluate(cel, vars)).toEqual(value);
  });

  it('a whole number comes back as it went in, any other to the last bit', () => {
    fc.assert(
      fc.property(fc.oneof(fc.maxSafeInteger(), fc.double({ noNaN: true, noDefaultInfinity: true })), (n) => {
        expect(evaluate('n', { n }) === n).toBe(true);
      }),
    );
  });
});

describe('an expression', () => {
  it('gives back any JSON as plain JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.stringify(evaluate('v', { v: value as Json }))).toBe(JSON.stringify(value));
      }),
    );
  });

  it('sees params, inputs, needs by id, and the item by its name', () => {
    const bindings: Bindings = {
      params: { a: 1 },
      inputs: { notes: [{ path: 'n.md', digest: 'd', size: 3 }] },
      needs: { dig: { status: 'succeeded', output: { rows: [] } } },
      item: { as: 'topic', value: { id: 7 }, key: '7' },
    };
    const cel = '[params.a, inputs.notes[0].path, dig.status, dig.output.rows.size(), topic.id, key]';
    expect(evaluate(cel, bindings)).toEqual([1, 'n.md', 'succeeded', 0, 7, '7']);
  });

  it('knows text functions', () => {
    expect(evaluate('"a-b".split("-").join("+").upperAscii()', {})).toBe('A+B');
  });

  it('does not trip over members that every object of JavaScript has', () => {
    expect(evaluate('v.constructor', { v: JSON.parse('{"constructor": 1, "__proto__": 2}') as Json })).toBe(
      1,
    );
    expect(failure(() => evaluate('toString', {})).message).toContain('toString');
    expect(failure(() => evaluate('v.hasOwnProperty', { v: {} })).type).toBe('InvalidInput');
  });

  it.each([
    ['a.b', { a: {} }, 'field not found: b'],
    ['zork', {}, 'unresolved attribute'],
    ['1 / 0', {}, 'divide by zero'],
    ['1.0 / 0.0', {}, 'no finite number'],
    ['9223372036854775807 - 1', {}, 'too large for JSON'],
    ['"a" + 1', {}, 'found no matching overload'],
    ['a &&', { a: 1 }, 'at character 3'],
    ['timestamp("2020-01-01T00:00:00Z")', {}, 'JSON cannot carry'],
    ['v.matches("(?=a)")', { v: 'a' }, 'invalid or unsupported Perl syntax'],
  ])('that fails names itself and says what is wrong: %s', (cel, vars, what) => {
    const { type, message } = failure(() => evaluate(cel, vars as { [name: string]: Json }));
    expect(type).toBe('InvalidInput');
    expect(message).toContain(`the expression \`${cel}\` fails`);
    expect(message).toContain(what);
  });

  it('of any nesting is refused or read, never overflows', () => {
    expect(failure(() => evaluate(`${'('.repeat(999)}1${')'.repeat(999)}`, {})).type).toBe('InvalidInput');
    expect(failure(() => namesUsed('-'.repeat(2_000))).type).toBe('InvalidInput');
    expect(evaluate(`1${' + 1'.repeat(499)}`, {})).toBe(500);
  });

  it('of any text is refused or read, never anything else', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (cel) => {
        try {
          namesUsed(cel);
        } catch (error) {
          expect(error).toBeInstanceOf(Failure);
        }
      }),
    );
  });
});

describe('the names an expression uses', () => {
  it.each([
    ['params.xs.size() > 0', [{ root: 'params', member: 'xs' }]],
    ['dig.output.rows', [{ root: 'dig', member: 'output', beyond: ['rows'] }]],
    ['a.b.c.d[0].e', [{ root: 'a', member: 'b', beyond: ['c', 'd'] }]],
    ['a.b.c.map(x, x.d)', [{ root: 'a', member: 'b', beyond: ['c'] }]],
    ['a[b.c]', [{ root: 'a' }, { root: 'b', member: 'c' }]],
    ['xs.map(y, y * z)', [{ root: 'xs' }, { root: 'z' }]],
    ['[1].exists(y, y == y2) && y3', [{ root: 'y2' }, { root: 'y3' }]],
    ['{"k": v, w: 1}', [{ root: 'v' }, { root: 'w' }]],
    ['has(a.b)', [{ root: 'a', member: 'b' }]],
    ['has(a.b.c)', [{ root: 'a', member: 'b' }]],
    ['x.all(x, x > 0)', [{ root: 'x' }]],
  ])('%s', (cel, expected) => {
    expect(celReferences(cel)).toEqual(expected);
  });
});
