import { describe, expect, it } from 'vitest';
import { INK } from '../../../src/core/integrate/markdown/ink.js';
import type { Answer } from '../../../src/core/integrate/report.js';
import { severalInWords } from '../../../src/core/integrate/wording/several.js';
import type { Several } from '../../../src/core/outcome/several.js';

const told = (several: Several) =>
  severalInWords({ brief: 'headline', status: 'succeeded', several } as Answer['ledger'][number], INK);

describe('what a report says of several samples', () => {
  it('names each viewpoint with what was said from it, and the one from which nothing could be used', () => {
    const views = [
      { name: 'skeptic', value: 'It fails.' },
      { name: 'optimist', reason: 'no JSON' },
    ];
    expect(told({ kind: 'views', views })).toEqual({
      says: '`headline`, from 2 viewpoints, which what is delivered brings together:',
      views: ['**skeptic**: It fails.', '**optimist** could not be used (no JSON)'],
    });
  });

  it('says of variants how many there are, who ranked them, and which say nearly the same, by their place in the output', () => {
    const variants = { kind: 'variants', samples: 3, order: [3, 1, 2], near: [{ n: 2, as: 1 }] } as const;
    expect(told({ ...variants, rankedBy: 'judge-1' }).says).toBe(
      '`headline`: 3 variants, ranked by `judge-1`; number 3 says nearly the same as number 2.',
    );
    expect(told({ ...variants, near: [] }).says).toBe('`headline`: 3 variants, in no order of merit.');
  });
});
