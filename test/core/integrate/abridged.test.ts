import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { abridged } from '../../../src/core/integrate/abridged.js';
import { INK } from '../../../src/core/integrate/markdown/ink.js';
import { nameIn } from '../../../src/core/integrate/wording/values.js';
import { canonical, type Json } from '../../../src/core/outcome/canonical.js';

const value = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Json>;

describe('an abridged value', () => {
  it('takes no more room than it may, and is the value itself where that fits', () => {
    fc.assert(
      fc.property(value, fc.integer({ min: 10, max: 300 }), (whole, most) => {
        const less = abridged(whole, most);
        expect((typeof less === 'string' ? less : canonical(less)).length).toBeLessThanOrEqual(most);
        if (typeof whole !== 'string' && canonical(whole).length <= most) expect(less).toEqual(whole);
      }),
    );
  });

  it('keeps its structure, and counts what is left out where it stood', () => {
    const whole = { open: 2, quotes: Array.from({ length: 30 }, (_, n) => ({ n, quote: 'x'.repeat(150) })) };
    const less = abridged(whole, 600) as { open: number; quotes: { n: number; quote: string }[] };
    expect(less.open).toBe(2);
    expect(less.quotes[0]).toEqual({ n: 0, quote: `${'x'.repeat(59)}…` });
    expect(less.quotes).toHaveLength(4);
    expect(less.quotes.at(-1)).toBe('… and 27 more');
  });
});

describe('a structure within a line', () => {
  const shown = (value: Json) => INK.shown(value);

  it('reads field by field, a list by numbers, a sentence as what it says', () => {
    const quote = 'Muster dispatches many briefs in parallel, durably.';
    expect(shown([{ quote, source: 'a.md' }])).toBe(`quote “${quote}”, source \`a.md\``);
    expect(shown({ holds: [{ n: 1 }, { n: 2 }], open: [] })).toBe('holds (1) n 1 (2) n 2, open `[]`');
    expect(shown({ a: { b: { c: { d: 1 } } } })).toBe('a b c `{"d":1}`');
  });

  it('says with a text that looks like a field that it is a text', () => {
    expect(shown({ a: 'x, b 2' })).not.toBe(shown({ a: 'x', b: 2 }));
  });

  it('that has no key is named by its fields, cut where they are long', () => {
    const name = (item: Json) => INK.itemName(nameIn(item, ['id']));
    expect(name({ n: 1, text: 'as it is' })).toBe('n 1, text `as it is`');
    expect(name({ text: 'x'.repeat(300) })).toBe(`text \`${'x'.repeat(59)}…\``);
  });
});
