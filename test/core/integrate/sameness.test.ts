import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { samenessBy } from '../../../src/core/integrate/sameness.js';
import type { Json } from '../../../src/core/outcome/canonical.js';
import type { Comparison } from '../../../src/core/plan/integration.js';

/** Values by who is the same as whom: `[0, 0, 2]` where the second is as the first. */
const groups = (values: readonly Json[], comparison: Comparison): readonly number[] => {
  const names = samenessBy('exact', comparison)(values);
  return names.map((name) => names.indexOf(name));
};

describe('the same value', () => {
  it.each<[string, Comparison, readonly Json[], readonly number[]]>([
    ['within an amount', { within: { kind: 'absolute', by: 0.1 } }, [1, 1.1, 1.2], [0, 0, 2]],
    ['within a share', { within: { kind: 'relative', by: 0.02 } }, [100, 102, '98', 97], [0, 0, 2, 2]],
    [
      'numbers as text',
      { within: { kind: 'absolute', by: 0 } },
      [1200, '1,200', '1200.0', '1 200'],
      [0, 0, 0, 3],
    ],
    ['in a unit', { unit: 'kg' }, ['5 kg', '5000 g', 5, '5 m', '5000'], [0, 0, 0, 3, 4]],
    [
      'in a unit, within an amount of it',
      { unit: 'h', within: { kind: 'absolute', by: 0.5 } },
      ['90 min', 2, '2.1h'],
      [0, 0, 2],
    ],
    [
      'text that is no number is compared as text',
      { within: { kind: 'absolute', by: 9 } },
      ['about 1', 1, 'about 1'],
      [0, 1, 0],
    ],
    ['normalised for one field', { match: 'normalised' }, ['MIT', ' mit'], [0, 0]],
    [
      'text with a unit is no number where none is declared',
      { within: { kind: 'absolute', by: 9 } },
      ['1 kg', '1'],
      [0, 1],
    ],
  ])('%s', (_, comparison, values, same) => {
    expect(groups(values, comparison)).toEqual(same);
  });

  it('does not depend on who spoke first, and is never further apart than the tolerance', () => {
    const numbers = fc.array(fc.integer({ min: -50, max: 50 }), { maxLength: 12 });
    fc.assert(
      fc.property(numbers, fc.nat(20), fc.nat(), (values, by, seed) => {
        const sameness = samenessBy('exact', { within: { kind: 'absolute', by } });
        const together = (all: readonly number[]) => {
          const names = sameness(all);
          return [...new Set(names)]
            .map((name) =>
              all
                .filter((_, at) => names[at] === name)
                .sort((a, b) => a - b)
                .join(),
            )
            .sort();
        };
        const others = values.toSorted((a, b) => ((a * 31 + seed) % 7) - ((b * 31 + seed) % 7));
        expect(together(others)).toEqual(together(values));
        for (const one of together(values)) {
          const numbers = one.split(',').map(Number);
          expect(Math.max(...numbers) - Math.min(...numbers)).toBeLessThanOrEqual(by);
        }
      }),
    );
  });
});
