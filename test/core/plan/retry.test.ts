import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  FAILURE_TYPES,
  PERMANENT,
  RETRIABLE,
  type RetriableType,
} from '../../../src/core/outcome/failure.js';
import type { Backoff, Retry } from '../../../src/core/plan/plan.js';
import { afterTries, longestWaitMs, mostTries } from '../../../src/core/plan/retry.js';

const type = fc.constantFrom(...RETRIABLE);
const backoff: fc.Arbitrary<Backoff> = fc
  .tuple(fc.nat(2_000), fc.nat(100_000))
  .map(([minMs, more]) => ({ minMs, maxMs: minMs + more }));
const attempts = fc.integer({ min: 1, max: 8 });
const own = fc.record({ attempts, backoff }, { requiredKeys: [] });
const retry: fc.Arbitrary<Retry> = fc.record({
  attempts,
  backoff,
  on: fc.dictionary(type, own, { maxKeys: 3 }),
  then: fc.constant('fail' as const),
});
const ends = fc.array(type, { minLength: 1, maxLength: 40 });

/** Tries that end as `types` says, until none is left or they are used up. */
function play(policy: Retry, types: readonly RetriableType[]) {
  const made: RetriableType[] = [];
  const waits: number[] = [];
  for (const one of types) {
    made.push(one);
    const { spent, waitMs } = afterTries(policy, made);
    if (spent) return { made, waits, spent };
    waits.push(waitMs);
  }
  return { made, waits, spent: false };
}
const times = (all: readonly unknown[], one: unknown) => all.filter((each) => each === one).length;

describe('back-off and tries by type of failure', () => {
  const policy: Retry = {
    attempts: 4,
    backoff: { minMs: 1_000, maxMs: 60_000 },
    on: {
      ModelRateLimited: { attempts: 8, backoff: { minMs: 10_000, maxMs: 300_000 } },
      OutputInvalid: { backoff: { minMs: 0, maxMs: 0 } },
      CommandFailed: { attempts: 1 },
    },
    then: 'fail',
  };

  it('count a type with attempts of its own apart, and wait for each type by itself', () => {
    const { waits, spent, made } = play(policy, [
      'ModelRateLimited',
      'ModelUnavailable',
      'ModelRateLimited',
      'OutputInvalid',
      'ModelUnavailable',
      'ModelRateLimited',
      'OutputInvalid',
      'ModelRateLimited',
    ]);
    expect(waits).toEqual([10_000, 1_000, 20_000, 0, 2_000, 40_000]);
    expect([spent, made.length]).toEqual([true, 7]); // the fourth of those without attempts of their own
  });

  it('end a brief at the first of a type that has one attempt', () => {
    expect(play(policy, ['ModelRateLimited', 'CommandFailed', 'TimedOut']).made).toHaveLength(2);
  });

  it('name only types that a try can end with and another may mend', () => {
    expect(RETRIABLE.filter((one) => PERMANENT.has(one))).toEqual([]);
    const never = ['StoreUnavailable', ...PERMANENT];
    expect([...RETRIABLE, ...never].sort()).toEqual([...FAILURE_TYPES].sort());
  });

  it('never make more tries than allowed: of a type with attempts of its own, of all others together, of all', () => {
    fc.assert(
      fc.property(retry, ends, (given, types) => {
        const { made, spent } = play(given, types);
        let others = made.length;
        for (const [one, { attempts: most }] of Object.entries(given.on ?? {})) {
          if (most === undefined) continue;
          expect(times(made, one)).toBeLessThanOrEqual(most);
          others -= times(made, one);
        }
        expect(others).toBeLessThanOrEqual(given.attempts);
        expect(made.length).toBeLessThanOrEqual(mostTries({ retry: given }));
        if (made.length === mostTries({ retry: given })) expect(spent).toBe(true);
      }),
    );
  });

  it('wait between the least and the most of what is said for that type, and never less than before for the same', () => {
    fc.assert(
      fc.property(retry, ends, (given, types) => {
        const { made, waits } = play(given, types);
        for (const [n, wait] of waits.entries()) {
          const { minMs, maxMs } = given.on?.[made[n]!]?.backoff ?? given.backoff;
          expect(wait).toBeGreaterThanOrEqual(minMs);
          expect(wait).toBeLessThanOrEqual(maxMs);
          const before = made.lastIndexOf(made[n]!, n - 1);
          if (n > 0 && before >= 0) expect(wait).toBeGreaterThanOrEqual(waits[before]!);
        }
      }),
    );
  });

  it('are as without `on` where no try ends in a way that it names', () => {
    fc.assert(
      fc.property(retry, ends, (given, types) => {
        const unnamed = types.filter((one) => given.on?.[one] === undefined);
        const { on: _, ...plain } = given;
        expect(play(given, unnamed)).toEqual(play(plain, unnamed));
      }),
    );
  });

  it('without `on` double from the least to the most, whatever the tries end with', () => {
    fc.assert(
      fc.property(attempts, backoff, ends, (most, range, types) => {
        const { waits } = play({ attempts: most, backoff: range, then: 'fail' }, types);
        const doubled = Array.from({ length: Math.min(most - 1, types.length) }, (_, n) =>
          Math.min(range.maxMs, range.minMs * 2 ** n),
        );
        expect(waits).toEqual(doubled);
      }),
    );
  });

  it('take the longest where a lock is held: so long a brief of one type can wait in all', () => {
    fc.assert(
      fc.property(retry, type, (given, one) => {
        const { waits } = play(given, Array(40).fill(one));
        expect(longestWaitMs(given)).toBeGreaterThanOrEqual(waits.reduce((a, b) => a + b, 0));
      }),
    );
  });
});
