import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOrder, placesBy, rankings } from '../../../src/core/plan/ranking.js';
import { fakeDigest } from './support.js';

const count = fc.integer({ min: 1, max: 12 });
const orders = count.chain((n) => {
  const all = Array.from({ length: n }, (_, i) => i + 1);
  const order = fc.shuffledSubarray(all, { minLength: n });
  return fc.tuple(order, order);
});
/** The same order about the values the other way round. */
const reversed = (order: readonly number[]) => order.map((n) => order.length + 1 - n);

describe('two answers about one ranking', () => {
  it('that say the same are the ranking, whichever way round the values were shown', () => {
    fc.assert(
      fc.property(orders, ([order]) => {
        expect(placesBy([order, reversed(order)], order.length)).toEqual(order.map((n) => n - 1));
      }),
    );
  });

  it('count alike: what one puts before another, and the other not after it, stays before it', () => {
    fc.assert(
      fc.property(orders, ([first, second]) => {
        const places = placesBy([first, reversed(second)], first.length);
        for (const [i, a] of first.entries())
          for (const b of first.slice(i + 1))
            if (second.indexOf(a) < second.indexOf(b))
              expect(places.indexOf(a - 1)).toBeLessThan(places.indexOf(b - 1));
      }),
    );
  });

  it('are asked for with the values once in their order, and once the other way round', () => {
    const plan = { models: { capable: 'c-1' } };
    const asked = rankings(plan, { model: 'capable', by: 'Length.' }, ['one', 'two'], fakeDigest);
    const texts = asked.map(({ messages }) => messages.at(-1)!.content);
    expect(
      texts.map((text) => [text.indexOf('\none\n') < text.indexOf('\ntwo\n'), /Length\./.test(text)]),
    ).toEqual([
      [true, true],
      [false, true],
    ]);
    expect(asked.map(({ model }) => model)).toEqual(['c-1', 'c-1']);
  });

  it('name each once, or are none', () => {
    expect(isOrder([2, 1, 3], 3)).toBe(true);
    for (const order of [
      [1, 1, 2],
      [1, 2],
      [1, 2, 4],
      [0, 1, 2],
      [1, 2, 3, 3],
    ])
      expect(isOrder(order, 3)).toBe(false);
  });
});
