import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TRIGGER_RULES, type TriggerRule } from '../../../src/core/graph/triggerRules.js';
import { STATUSES, type Status } from '../../../src/core/outcome/outcome.js';
import { judge, judgeAtLeast, kindOf, type Tally, type Verdict } from '../../../src/core/schedule/rules.js';
import { cells, ONE, TWO } from './rules.table.js';

const SIGNS: { readonly [sign: string]: Verdict } = {
  '+': 'starts',
  '-': 'skipped',
  o: 'not-needed',
  '.': 'waits',
};
const LETTERS: { readonly [letter: string]: Status } = {
  S: 'succeeded',
  M: 'missing',
  F: 'failed',
  U: 'skipped',
  N: 'not-needed',
};
const NONE: Tally = { open: 0, success: 0, failed: 0, passedOver: 0, unneeded: 0, short: 0 };

function tally(statuses: readonly (Status | undefined)[]): Tally {
  const counts = { ...NONE } as { -readonly [K in keyof Tally]: number };
  for (const status of statuses) counts[status === undefined ? 'open' : kindOf(status)]++;
  return counts;
}

describe('the table of rules and outcomes', () => {
  it('has every rule, with every outcome and every pair', () => {
    expect(new Set(cells(ONE).map(([rule]) => rule))).toEqual(new Set(TRIGGER_RULES));
    expect(new Set(cells(ONE).map(([, status]) => status))).toEqual(new Set(STATUSES));
    expect(cells(ONE)).toHaveLength(TRIGGER_RULES.length * STATUSES.length);
    expect(cells(TWO)).toHaveLength(TRIGGER_RULES.length * 21);
  });

  it.each(cells(ONE))('%s over a need that ended as %s: %s', (rule, status, sign) => {
    expect(judge(rule as TriggerRule, tally([status as Status]))).toBe(SIGNS[sign]);
  });

  it.each(cells(TWO))('%s over %s: %s', (rule, pair, sign) => {
    const statuses = [...pair].map((letter) => LETTERS[letter]);
    expect(judge(rule as TriggerRule, tally(statuses))).toBe(SIGNS[sign]);
  });
});

const statuses = fc.array(fc.constantFrom(...STATUSES), { maxLength: 6 });

describe('a rule', () => {
  it('never takes back that something may start, however those that are open end', () => {
    fc.assert(
      fc.property(fc.constantFrom(...TRIGGER_RULES), statuses, statuses, (rule, ended, later) => {
        const open = later.map(() => undefined);
        if (judge(rule, tally([...ended, ...open])) !== 'starts') return;
        expect(judge(rule, tally([...ended, ...later]))).toBe('starts');
      }),
    );
  });

  it('waits for nothing once all have ended', () => {
    fc.assert(
      fc.property(fc.constantFrom(...TRIGGER_RULES), statuses, (rule, ended) => {
        expect(judge(rule, tally(ended))).not.toBe('waits');
      }),
    );
  });
});

describe('at least so many', () => {
  const of = (good: number, bad: number, open: number): Tally => ({
    ...NONE,
    success: good,
    failed: bad,
    open,
  });

  it('starts as soon as they have delivered', () => {
    expect(judgeAtLeast(3, of(2, 0, 5))).toBe('waits');
    expect(judgeAtLeast(3, of(3, 0, 5))).toBe('starts');
  });

  it('is skipped when all have ended and too few delivered, and not before', () => {
    expect(judgeAtLeast(3, of(2, 7, 1))).toBe('waits');
    expect(judgeAtLeast(3, of(2, 8, 0))).toBe('skipped');
    expect(judgeAtLeast(1, { ...NONE, unneeded: 4 })).toBe('not-needed');
  });

  it.each([
    [0.9, 10, 9],
    [0.9, 11, 10],
    [0.5, 3, 2],
    [0.1, 30, 3],
    [0.7, 10, 7],
  ])('%d of %i are %i', (share, all, enough) => {
    expect(judgeAtLeast(share, of(enough - 1, 0, all - enough + 1))).toBe('waits');
    expect(judgeAtLeast(share, of(enough, 0, all - enough))).toBe('starts');
  });

  it('is met by nothing where a share of nothing is asked', () => {
    expect(judgeAtLeast(0.9, NONE)).toBe('starts');
    expect(judgeAtLeast(1, NONE)).toBe('not-needed');
  });
});
