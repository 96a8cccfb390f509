import { z } from 'zod';
import { type FailureType, PERMANENT, RETRIABLE } from '../outcome/failure.js';
import { closed, durationRange, oneOf, someOf, whole } from './fields.js';
import { didYouMean } from './nearest.js';

const notRetried = (type: string): string =>
  PERMANENT.has(type as FailureType)
    ? `no other try mends \`${type}\`: it ends a brief at once. Remove it.`
    : `no try ends with \`${type}\`.${didYouMean(type, RETRIABLE) || ` Known here: ${RETRIABLE.join(', ')}.`}`;

/** What happens when a try fails. */
export const retry = closed({
  attempts: whole(1, 100).describe('Tries in all, the first counted; default 3.').optional(),
  backoff: durationRange
    .describe('Wait between tries, doubled from the first to the second; default `1s..60s`.')
    .optional(),
  on: someOf(
    RETRIABLE,
    closed({
      attempts: whole(1, 100)
        .describe('Most tries that end so; they do not count among the others. Unless told they do.')
        .optional(),
      backoff: durationRange
        .describe('Wait after such a try, doubled with each of them; that of `retry` unless told.')
        .optional(),
    }),
    notRetried,
  )
    .describe(`The same for tries that end in one way. By type of failure: ${RETRIABLE.join(', ')}.`)
    .optional(),
  then: oneOf(['fail', 'missing', 'fallback'])
    .describe('What a brief is after its last try, or `fallback` to go on with that; default fail.')
    .optional(),
  escalate: z
    .literal(true)
    .describe('Each try after an answer that was rejected or refused asks the next tier of `models` (`ask`).')
    .optional(),
});
