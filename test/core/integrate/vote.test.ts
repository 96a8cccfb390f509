import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Ballot, leads, standing } from '../../../src/core/integrate/vote.js';
import type { Json } from '../../../src/core/outcome/canonical.js';
import type { Vote } from '../../../src/core/plan/plan.js';

const rule = (more: Partial<Vote> = {}): Vote => ({
  samples: 5,
  match: 'normalised',
  tie: 'reject',
  stop: 'never',
  parallel: 1,
  ...more,
});
/** `undefined` for a sample that could not be used. */
const ballots = (...values: readonly (Json | undefined)[]): Ballot[] =>
  values.map((value, i) => ({ n: i + 1, ...(value !== undefined && { value }) }));
const ended = (vote: Vote, ...values: readonly (Json | undefined)[]) => {
  const { closed } = standing(vote, ballots(...values));
  return closed && [closed.winner?.value, closed.because];
};

describe('a vote', () => {
  it('is won by the answer that most give, as the first of them wrote it', () => {
    const { candidates, closed } = standing(rule(), ballots('B', 'Temporal', 'b', 'temporal ', 'B'));
    expect(candidates).toEqual([
      { value: 'B', by: [1, 3, 5] },
      { value: 'Temporal', by: [2, 4] },
    ]);
    expect(closed).toEqual({ winner: candidates[0], because: 'all asked' });
  });

  it('is on a field or a place of the output, and who says nothing there votes for nobody', () => {
    const said: readonly (Json | undefined)[] = [
      { w: 'a', why: '1' },
      { w: 'a', why: '2' },
      { why: '3' },
      { w: null },
      undefined,
    ];
    expect(standing(rule({ field: 'constructor' }), ballots(...said)).candidates).toEqual([]);
    for (const field of ['w', '$.w']) {
      const { candidates, abstained } = standing(rule({ field }), ballots(...said));
      expect(candidates).toEqual([{ value: 'a', by: [1, 2] }]);
      expect(abstained).toEqual([3, 4, 5]);
    }
  });

  it.each<[string, Partial<Vote>, readonly (Json | undefined)[], unknown]>([
    ['goes on while somebody is to be asked', {}, [1, 1, 1, 1], undefined],
    ['is undecided where two have as many', {}, [1, 2, 1, 2, 3], [undefined, 'tie']],
    [
      'of as many takes the first, where the plan says so',
      { tie: 'first' },
      [2, 1, 1, 2, 3],
      [2, 'all asked'],
    ],
    ['is undecided below its quorum', { quorum: 3 }, [1, 1, 2, 3, 4], [undefined, 'no quorum']],
    ['is decided with its quorum', { quorum: 3 }, [1, 1, 2, 3, 1], [1, 'all asked']],
    [
      'comes to nothing where no sample can be used',
      {},
      [undefined, undefined, undefined, undefined, undefined],
      [undefined, 'all abstained'],
    ],
    ['stops early where nobody can catch up', { stop: 'early' }, [1, 1, 1], [1, 'uncatchable']],
    ['does not stop early where a tie is still possible', { stop: 'early' }, [1, 1, 2, undefined], undefined],
    ['does not stop early below its quorum', { stop: 'early', quorum: 4 }, [1, 1, 1], undefined],
    [
      'stops early where its quorum is out of reach',
      { stop: 'early', quorum: 4 },
      [1, 2, 3],
      [undefined, 'no quorum'],
    ],
    [
      'stops as soon as it is likely enough to stay so',
      { samples: 50, stop: 0.95 },
      [1, 1, 1, 1],
      [1, 'confident'],
    ],
    ['goes on until it is', { samples: 50, stop: 0.95 }, [1, 1, 1], undefined],
  ])('%s', (_, more, values, end) => {
    expect(ended(rule(more), ...values)).toEqual(end);
  });

  const votes = fc.array(fc.option(fc.constantFrom<Json>('a', 'b', 'c', 'd'), { nil: undefined }), {
    minLength: 2,
    maxLength: 30,
  });
  const ties = fc.constantFrom<Vote['tie']>('reject', 'first');
  const quora = fc.option(fc.integer({ min: 2, max: 12 }), { nil: undefined });
  const of = (samples: number, tie: Vote['tie'], quorum: number | undefined) =>
    rule({ samples, tie, ...(quorum !== undefined && { quorum }) });

  it('that stops early is won by whoever wins it whole, whatever order the samples come in', () => {
    let stopped = 0;
    fc.assert(
      fc.property(votes, ties, quora, fc.infiniteStream(fc.nat()), (values, tie, quorum, luck) => {
        const vote = of(values.length, tie, quorum);
        const whole = standing(vote, ballots(...values)).closed!;
        const left = ballots(...values);
        const come: Ballot[] = [];
        while (left.length > 0) {
          come.push(...left.splice(luck.next().value % left.length, 1));
          const { closed } = standing({ ...vote, stop: 'early' }, come);
          if (!closed) continue;
          if (come.length < values.length) stopped++;
          expect(closed.winner?.value).toBe(whole.winner?.value);
          return;
        }
        throw new Error('it never ends');
      }),
      { numRuns: 3_000 },
    );
    expect(stopped).toBeGreaterThan(500);
  });

  it('that stops early is won by whoever wins it whole, over what four models answered to real questions', ({
    skip,
  }) => {
    const file = join(process.env.MUSTER_DATA ?? '', 'votes/gsm8k-four-models.json');
    skip(!existsSync(file), 'MUSTER_DATA is not set: the answers of real models were skipped.');
    const questions = JSON.parse(readFileSync(file, 'utf8')) as { answers: Record<string, string> }[];
    expect(questions.length).toBeGreaterThan(1_000);
    for (const { answers } of questions) {
      const all = ballots(...Object.values(answers));
      const whole = standing(rule({ samples: 4 }), all).closed!;
      for (const order of [
        [0, 1, 2, 3],
        [3, 2, 1, 0],
        [1, 3, 0, 2],
      ]) {
        const come: Ballot[] = [];
        let closed: ReturnType<typeof standing>['closed'];
        while (!closed) {
          come.push(all[order[come.length]!]!);
          closed = standing(rule({ samples: 4, stop: 'early' }), come).closed;
        }
        expect(closed.winner?.value).toBe(whole.winner?.value);
      }
    }
  });

  it('does not depend on the order in which samples came', () => {
    fc.assert(
      fc.property(votes, ties, quora, (values, tie, quorum) => {
        const vote = of(values.length, tie, quorum);
        const all = ballots(...values);
        expect(standing(vote, [...all].reverse())).toEqual(standing(vote, all));
      }),
    );
  });

  it('knows how likely a lead is to stay one, as the Beta distribution has it', () => {
    // P(p > 1/2) under Beta(a + 1, b + 1), by Simpson's rule.
    const byIntegral = (a: number, b: number) => {
      const density = (p: number) => p ** a * (1 - p) ** b;
      const over = (from: number, to: number, steps = 2_000) => {
        const h = (to - from) / steps;
        let sum = density(from) + density(to);
        for (let i = 1; i < steps; i++) sum += density(from + i * h) * (i % 2 ? 4 : 2);
        return (sum * h) / 3;
      };
      return over(0.5, 1) / over(0, 1);
    };
    for (const [a, b] of [
      [0, 0],
      [1, 0],
      [3, 1],
      [7, 7],
      [20, 11],
      [50, 30],
    ] as const)
      expect(leads(a, b)).toBeCloseTo(byIntegral(a, b), 8);
    expect(leads(1, 3)).toBeCloseTo(1 - leads(3, 1), 12);
  });

  it('that stops at a likelihood errs no more often than that, where the answers are as uncertain as it takes them to be', () => {
    // A seeded world: how many would say `a` is drawn as the rule assumes, and what most would say is the truth.
    let seed = 7;
    const luck = () => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return seed / 2 ** 32;
    };
    const level = 0.9;
    const trials = 4_000;
    let wrong = 0;
    let confident = 0;
    for (let t = 0; t < trials; t++) {
      const p = luck();
      const come: Ballot[] = [];
      for (let n = 1; n <= 100; n++) {
        come.push({ n, value: luck() < p ? 'a' : 'b' });
        const { closed } = standing(rule({ samples: 100, stop: level }), come);
        if (!closed) continue;
        if (closed.because === 'confident') {
          confident++;
          if ((closed.winner!.value === 'a') !== p > 0.5) wrong++;
        }
        break;
      }
    }
    expect(confident).toBeGreaterThan(trials / 2);
    expect(wrong / confident).toBeLessThan(1 - level);
  });
});
