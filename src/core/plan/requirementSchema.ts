import { z } from 'zod';
import { closed, id, object, oneOf, text, whole } from './fields.js';

const check = closed({
  covers: text.describe('CEL list; every member must be among what `in` selects.').optional(),
  schema: object.describe('JSON Schema (2020-12) for the merged data, or for what `in` selects.').optional(),
  count: closed({
    min: whole(0, 1e9).describe('Fewest.').optional(),
    max: whole(0, 1e9).describe('Most.').optional(),
  })
    .describe('How many `in` must select.')
    .optional(),
  matches: text.describe('RE2 pattern that everything `in` selects must match.').optional(),
  unique: z.literal(true).describe('No two of what `in` selects are the same.').optional(),
  range: closed({
    min: z.number().describe('Least.').optional(),
    max: z.number().describe('Most.').optional(),
  })
    .describe('Bounds of every number that `in` selects.')
    .optional(),
  reconcile: text
    .describe(
      'CEL number of what went in: `in` has as many items, counting those listed as duplicates, dropped or missing.',
    )
    .optional(),
  cel: text.describe('CEL over `data`, `ledger`, `params` and `inputs` that must be true.').optional(),
  provenance: oneOf(['strict', 'report'])
    .describe(
      'Every figure, date, quotation, name and link of what `in` selects must be found in what that rests on, about the same subject; how it is written does not count. `strict`: the requirement is contradicted where one is not; `report`: the share is told.',
    )
    .optional(),
  against: oneOf(['inputs', 'outputs'])
    .describe(
      'With `provenance`: what it is held against. `inputs`: the files, and the outputs of needs, that the briefs were given; `outputs` (default): what the briefs delivered that `cites` names.',
    )
    .optional(),
  cites: text
    .describe(
      'With `provenance`: the field in which an item names the briefs that it rests on, as `dig` or `dig[pricing]`, one or a list. Without it these are the briefs that said the item.',
    )
    .optional(),
  verbatim: z
    .boolean()
    .describe('With `provenance`: every text is a quotation, and must be found word for word.')
    .optional(),
  judge: text
    .describe(
      'Tier or name of a model that says whether the requirement is met. It is used only where code can check it: what it quotes must stand there, and it must know what is true from what is not.',
    )
    .optional(),
  rubric: text
    .describe(
      'With `judge`: by what it judges, beyond what the requirement says; templates over `params` allowed.',
    )
    .optional(),
  in: text.describe('JSONPath (RFC 9535) into the merged data.').optional(),
});

/** What must hold of the answer. */
export const requirement = closed({
  id: id.describe('Names the requirement in the report.'),
  says: text.describe(
    'The requirement, in words a reader of the report understands; templates over `params` allowed.',
  ),
  check: check
    .describe(
      'How code checks it: one of covers, schema, count, matches, unique, range, reconcile, cel, provenance, judge. Without one it is reported as unchecked.',
    )
    .optional(),
});
