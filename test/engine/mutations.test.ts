import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { licenceOfAnother, others, sentences } from './adversarial/mutatedAnswers.js';
import { rows } from './adversarial/mutatedRows.js';
import { outcomes, stored, wholes } from './adversarial/mutatedStore.js';
import type { Mutate } from './adversarial/mutations.js';
import { acronymSurveys, asking, surveys } from './adversarial/random.js';
import { seen } from './adversarial/seen.js';

/*
 * Surveys made at random in which nothing is wrong, and the same with one thing changed: in how a brief ended, in what it
 * delivered, or in the store below.
 *
 * In scope is a change after which the answer is not what the pages, the results, the plan and the log say together. Out
 * of scope is what nobody could see: a change that leaves another true and consistent answer (the same in all places that
 * speak of it, or one licence for another of those allowed, which no page is held against), what no answer is made from
 * (the `log` beside the rows), and what is only told (times, tries).
 *
 * Seen is: the run is not complete, and a finding names the place. fast-check prints seed and path of what is not.
 */
const CLEAN = 110;
const EACH = 17;

describe.each([
  ['surveys in which nothing is wrong', surveys],
  ['those whose rows have acronyms that stand elsewhere than the figures', acronymSurveys],
])('%s', (name, clean) => {
  it('are complete: at most 2 % false alarms', async () => {
    const alarms: string[] = [];
    for (const survey of fc.sample(clean, { numRuns: CLEAN, seed: 6 })) {
      const { status, findings } = await seen(survey);
      if (status !== 'complete') alarms.push(findings.join(' '));
    }
    const share = (100 * alarms.length) / CLEAN;
    console.info(`${name}: ${alarms.length} of ${CLEAN} raised a false alarm: ${share} %`);
    expect(share, alarms.join('\n')).toBeLessThanOrEqual(2);
  });
});

const KINDS = { outcomes, wholes, stored, rows, others, sentences };
const ALL = Object.values(KINDS).flatMap((kind) => Object.values(kind));

it('are at least 1,000 changes', () => {
  expect(ALL.length * EACH).toBeGreaterThanOrEqual(1_000);
});

/** Told with seed and path by fast-check where it is not seen. */
const isSeen = (mutate: Mutate, numRuns: number, clean = surveys, or: readonly string[] = []) =>
  fc.assert(
    fc.asyncProperty(clean, fc.gen(), async (survey, draw) => {
      const { tampered, place } = mutate(survey, draw);
      const { status, findings } = await seen(survey, tampered);
      expect(status, findings.join('\n')).not.toBe('complete');
      const words = [...place, ...or];
      const named = findings.some((finding) => words.some((word) => finding.includes(word)));
      expect(named, `${words.join(' or ')} in: ${findings.join('\n')}`).toBe(true);
    }),
    { numRuns },
  );

describe.each(Object.entries(KINDS))('one change to %s', (_, kind) => {
  it.each(Object.entries(kind))('is seen: %s', (_, mutate) => isSeen(mutate, EACH));
});

/** What is held against the pages alone, so that no other check sees it first. */
describe('one change to a survey with acronyms', () => {
  it.each([
    ['the licence of another', licenceOfAnother],
    ['a digit of a figure', rows['a digit of a figure']],
    ['the two figures of a row, swapped', rows['the two figures of a row, swapped']],
    ['a figure of two rows, swapped', rows['a figure of two rows, swapped']],
    ['all figures of two rows, swapped', rows['all figures of two rows, swapped']],
  ])('is seen: %s', (_, mutate) =>
    isSeen(
      mutate!,
      40,
      acronymSurveys.map((survey) => asking(survey, 'found')),
    ),
  );
});

/** No two checks of the survey have to see a thing together: each alone sees what it is for. */
describe('a survey that has one requirement alone', () => {
  it.each([
    ['covers', 'about', sentences['a statement about nobody']],
    ['cel', 'only', rows['a row under a name that nobody has']],
    ['schema', 'whole', rows['a field that is left out']],
    ['range', 'sane', rows['a figure out of its range']],
    ['matches', 'sourced', rows['orders in a field']],
    ['unique', 'own', rows['a link of another']],
    ['reconcile', 'kept', rows['a row that is gone']],
    ['count', 'said', sentences['a statement that is gone']],
    ['provenance against inputs', 'found', rows['a digit of a figure']],
    ['provenance by cites', 'cited', sentences['a cite of another brief']],
  ])('sees by %s what `%s` is for', (_, id, mutate) =>
    // What counts or compares all rows can name no one of them.
    isSeen(
      mutate!,
      5,
      surveys.map((survey) => asking(survey, id)),
      ['`$.rows`', 'data.rows'],
    ),
  );
});
