import { z } from 'zod';
import { closed, match, oneOf, text, whole } from './fields.js';

/** How one answer comes of several samples. */
export const vote = closed({
  samples: whole(2, 100).describe('Most samples.'),
  field: text
    .describe('Field of the output, or JSONPath into it, on which they vote; default the whole output.')
    .optional(),
  match: match
    .describe(
      'How votes are compared; default normalised: case, white space and thousands separators do not count.',
    )
    .optional(),
  quorum: whole(2, 100).describe('Fewest votes that decide; default: who has most.').optional(),
  tie: oneOf(['reject', 'first', 'escalate'])
    .describe(
      'What a tie comes to: `reject` (default), a rejected try; `first`, the one that was given first; `escalate`, a rejected try, and the next one asks the next tier of `models`.',
    )
    .optional(),
  stop: z
    .union([oneOf(['early', 'never']), z.number().gt(0.5).lt(1)])
    .describe(
      'When no more are asked: `early` (default), where they cannot change who wins; `never`; or a likelihood such as 0.95 that it would stay so.',
    )
    .optional(),
  parallel: whole(1, 100).describe('Most samples at a time; default 3.').optional(),
  temperature: z.number().min(0).max(2).describe('Of sampling; default the provider’s.').optional(),
  prompts: z
    .array(text)
    .min(1)
    .describe(
      'What samples are told beyond the task, in turns: other words for it, other ways to go about it.',
    )
    .optional(),
  models: z
    .array(text)
    .min(1)
    .describe('Tiers or names of models that are asked in turns; default the brief’s own.')
    .optional(),
});
