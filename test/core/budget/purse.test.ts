import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EMPTY_PURSE, foldPurse, mayBegin, type Purse } from '../../../src/core/budget/purse.js';
import type { Amount } from '../../../src/core/outcome/amount.js';
import type { Row } from '../../../src/core/outcome/rows.js';

const fold = (rows: readonly Row[], purse: Purse = EMPTY_PURSE): Purse => rows.reduce(foldPurse, purse);
const tokens = (n: number): Amount => ({ tokens: n, usd: 0 });
const reserve = (call: string, n: number): Row => ({ row: 'reserved', call, amount: tokens(n) });
const settle = (call: string, n: number): Row => ({ row: 'settled', call, amount: tokens(n) });
const begun = { begun: true };

describe('what a purse may pay for', () => {
  const limited = fold([{ row: 'purse', limit: { tokens: 100 } }]);

  it('begins a call that fits with what is spent and what is reserved', () => {
    expect(mayBegin(limited, tokens(100), begun)).toBe('yes');
    expect(mayBegin(fold([reserve('a', 60)], limited), tokens(40), begun)).toBe('yes');
    expect(mayBegin(fold([reserve('a', 60), settle('a', 30)], limited), tokens(70), begun)).toBe('yes');
  });

  it('has a call wait that fits only if others take less than they may', () => {
    expect(mayBegin(fold([reserve('a', 60)], limited), tokens(41), begun)).toBe('later');
  });

  it('says no where what is spent leaves too little, whoever is under way', () => {
    const spent = fold([reserve('a', 60), settle('a', 60), reserve('b', 10)], limited);
    expect(mayBegin(spent, tokens(41), begun)).toBe('no');
  });

  it('begins nothing new above the soft limit, and goes on with what has begun', () => {
    const soft = fold([
      { row: 'purse', limit: { tokens: 100 }, soft: 0.5 },
      reserve('a', 45),
      settle('a', 45),
    ]);
    expect(mayBegin(soft, tokens(10), { begun: false })).toBe('not any more');
    expect(mayBegin(soft, tokens(10), begun)).toBe('yes');
  });

  it('counts dollars as it counts tokens, and whichever is short decides', () => {
    const both = fold([{ row: 'purse', limit: { tokens: 1_000, usd: 0.3 } }]);
    expect(mayBegin(both, { tokens: 10, usd: 0.1 + 0.2 }, begun)).toBe('yes');
    expect(mayBegin(both, { tokens: 10, usd: 0.31 }, begun)).toBe('no');
    expect(mayBegin(both, { tokens: 1_001, usd: 0 }, begun)).toBe('no');
  });

  it('is raised once by each raise, of what that names', () => {
    const raise: Row = { row: 'raised', raise: 'one', limit: { tokens: 200 } };
    const raised = fold([{ row: 'purse', limit: { tokens: 100, usd: 1 } }, raise]);
    expect(raised.limit).toEqual({ tokens: 200, usd: 1 });
    const later = fold([{ row: 'raised', raise: 'two', limit: { tokens: 50 } }, raise], raised);
    expect(later.limit.tokens).toBe(50);
  });

  it('counts every call once, and none that was not made', () => {
    const purse = fold(
      [
        reserve('a', 10),
        reserve('a', 10),
        settle('a', 5),
        settle('a', 7),
        reserve('b', 10),
        { row: 'settled', call: 'b', amount: tokens(0), unmade: true },
        reserve('c', 10),
      ],
      limited,
    );
    expect(purse).toMatchObject({ calls: 2, spent: tokens(5), reserved: tokens(10) });
  });
});

it('never spends more than its limit and what calls under way took beyond what was expected', () => {
  const step = fc.record({
    expected: fc.integer({ min: 1, max: 60 }),
    took: fc.integer({ min: 0, max: 120 }),
    ends: fc.nat(),
  });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300 }), fc.array(step, { maxLength: 60 }), (limit, steps) => {
      let purse = fold([{ row: 'purse', limit: { tokens: limit } }]);
      const under = new Map<string, { expected: number; took: number }>();
      let bound = limit;
      for (const [n, { expected, took, ends }] of steps.entries()) {
        if (mayBegin(purse, tokens(expected), begun) === 'yes') {
          purse = fold([reserve(`${n}`, expected)], purse);
          under.set(`${n}`, { expected, took });
          bound =
            limit + [...under.values()].reduce((sum, one) => sum + Math.max(0, one.took - one.expected), 0);
        }
        const [call, one] = [...under][ends % (under.size + 1)] ?? [];
        if (call === undefined || !one) continue;
        under.delete(call);
        purse = fold([settle(call, one.took)], purse);
        expect(purse.spent.tokens).toBeLessThanOrEqual(bound);
      }
      for (const [call, one] of under) purse = fold([settle(call, one.took)], purse);
      expect(purse.spent.tokens).toBeLessThanOrEqual(bound);
      expect(purse.reserved).toEqual({ tokens: 0, usd: 0 });
    }),
    { numRuns: 2_000 },
  );
});
