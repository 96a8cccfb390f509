import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alike, nearest } from '../../../src/core/integrate/merge/near.js';

const LONG = 'the quick brown fox jumps over the lazy dog and runs away into the woods';

describe('items that say nearly the same', () => {
  it.each<[string, string, number, boolean]>([
    [LONG, LONG.replace('quick', 'fast'), 0.6, true],
    [LONG, LONG.replace('quick', 'fast'), 0.9, false],
    [LONG, `${LONG.toUpperCase()} `, 1, true],
    [`${LONG} 12 times`, `${LONG} 13 times`, 0.5, false],
    [`${LONG} 1,200 times`, `${LONG} 1,200  times`, 1, true],
    ['a', 'b', 0.1, false],
    ['', '', 1, true],
  ])('%s | %s at %d: %s', (a, b, near, same) => {
    expect(nearest([a, b], near)).toEqual([0, same ? 0 : 1]);
  });

  it('are found as if each were compared with every kept one', () => {
    const word = fc.constantFrom('red', 'green', 'blue', 'fast', 'slow', '1', '2');
    const items = fc.array(
      fc.array(word, { minLength: 1, maxLength: 8 }).map((words) => words.join(' ')),
      {
        maxLength: 20,
      },
    );
    const figures = (text: string) => text.match(/\d/g)?.join() ?? '';
    fc.assert(
      fc.property(items, fc.constantFrom(0.2, 0.5, 0.7, 0.9, 1), (texts, near) => {
        const kept: number[] = [];
        const wanted = texts.map((text, at) => {
          const found = kept.find(
            (one) => figures(texts[one]!) === figures(text) && alike(texts[one]!, text) >= near,
          );
          if (found === undefined) kept.push(at);
          return found ?? at;
        });
        expect(nearest(texts, near)).toEqual(wanted);
      }),
      { numRuns: 500 },
    );
  });
});
