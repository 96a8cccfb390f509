import { z } from 'zod';
import { closed, oneOf, whole } from './fields.js';

const amounts = {
  usd: z.number().positive('wants a number above 0.').describe('US dollars.').optional(),
  tokens: whole(1, 1e12).describe('Tokens, in and out together.').optional(),
};

/** What one brief, or one instance of it, may spend. */
export const briefBudget = closed(amounts);

export const runBudget = closed({
  ...amounts,
  soft: z
    .number()
    .gt(0)
    .lt(1)
    .describe('The share of it from which on no brief that asks a model begins; what has begun goes on.')
    .optional(),
  then: oneOf(['finish', 'pause'])
    .describe(
      'At the limit: `finish` (default) goes on with what costs nothing and integrates; `pause` waits until somebody raises it.',
    )
    .optional(),
});

const dollars = z.number().min(0, 'wants 0 or more.');

/** By model, as it is named under `models` or at a brief. */
export const prices = z.record(
  z.string(),
  closed({
    input: dollars.describe('US dollars for a million tokens it is given.'),
    output: dollars.describe('US dollars for a million tokens it gives.'),
    batch: z
      .number()
      .gt(0)
      .max(1)
      .describe('The share of that which calls in batches cost; default 0.5.')
      .optional(),
  }),
);
