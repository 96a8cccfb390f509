import { z } from 'zod';
import { argv, closed, id, match, name, oneOf, text, whole } from './fields.js';

/** Rules that say by what they decide, in an entry of their own. */
const BY_WHAT = new Map([
  ['prefer', 'prefer: dig'],
  ['consensus', 'consensus: 3'],
  ['highest', 'highest: confidence'],
  ['lowest', 'lowest: price'],
  ['newest', 'newest: updated'],
  ['oldest', 'oldest: updated'],
  ['judge', 'judge: capable'],
  ['role', 'role: reviewer'],
]);
const byWhat = (rule: string): string | undefined =>
  BY_WHAT.has(rule) ? `\`${rule}\` wants to know by what, as in \`${BY_WHAT.get(rule)}\`.` : undefined;
const briefs = z.union([id, z.array(id).min(1)]);
const prefer = closed({ prefer: briefs.describe('The brief whose value wins, or several, first to last.') });
const rule = z.union([
  oneOf(['majority', 'keep-both', 'fail'], [], byWhat),
  closed({
    prefer: z
      .union([id, z.array(id).min(1), z.record(name, z.array(text).min(1))])
      .describe(
        'The brief whose value wins, or several, first to last; or a field of the items and its values, first to last.',
      )
      .optional(),
    consensus: whole(2, 1e6)
      .describe('What at least so many say, and more than say anything else.')
      .optional(),
    highest: text.describe('The value of the item with the highest number in this field.').optional(),
    lowest: text.describe('The value of the item with the lowest number in this field.').optional(),
    newest: text.describe('The value of the item with the latest date in this field.').optional(),
    oldest: text.describe('The value of the item with the earliest date in this field.').optional(),
    judge: text
      .describe(
        'The value that this model (tier or name) chooses, where it does so in whichever order they stand.',
      )
      .optional(),
    role: z
      .union([text, z.array(text).min(1)])
      .describe('The value of a brief with this role, or of several roles, first to last.')
      .optional(),
    by: text.describe('With `judge`: by what it chooses; templates over `params` allowed.').optional(),
  }),
]);
const fileRule = z.union([oneOf(['majority', 'keep-both', 'fail']), prefer]);

const comparison = closed({
  match: match.describe('How texts are compared; default as `match` of the collection.').optional(),
  unit: text
    .describe('Numbers with a unit are compared in this one; a number without one is in it.')
    .optional(),
  within: z
    .union([
      z.number().min(0),
      z.string().regex(/^\d+(?:\.\d+)?\s?%$/, 'wants a number, or a share such as `2%`.'),
    ])
    .describe('Numbers no further apart are the same: an amount, or a share such as `2%`.')
    .optional(),
});
const fields = z.union([text, z.array(text).min(1)]);

const merge = closed({
  from: z
    .array(id)
    .min(1, 'is empty. Name the briefs to merge.')
    .describe('Briefs whose outputs are merged.'),
  at: text.describe('JSONPath (RFC 9535) taken from each output, per instance; default `$`.').optional(),
  key: fields
    .describe('Fields that together name one item; none: everything is kept, exact duplicates removed.')
    .optional(),
  match: match
    .describe(
      'How keys and values are compared; default exact. `normalised` does not mind case, white space and thousands separators.',
    )
    .optional(),
  compare: z
    .record(text, z.union([match, comparison]))
    .describe('Field by field, what counts as the same value.')
    .optional(),
  near: z
    .number()
    .gt(0)
    .max(1)
    .describe(
      'Of items without a key: those that share so much of their word pairs, and all of their figures, are one; 0.8 is a good start.',
    )
    .optional(),
  deep: z
    .literal(true)
    .describe(
      'Maps within items are merged field by field, lists united. Without a key, all that is said is one item.',
    )
    .optional(),
  conflicts: z
    .array(rule)
    .describe(
      'Rules tried in order, field by field: `prefer`, `majority`, `consensus`, `highest`, `lowest`, `newest`, `oldest`, `judge`, `role`, `keep-both`, `fail`.',
    )
    .optional(),
  rank: closed({
    by: text.describe('Field that decides the order: numbers, or text.'),
    order: oneOf(['descending', 'ascending']).describe('Default descending.').optional(),
    top: whole(1, 1e6).describe('Only so many are kept; the others are listed as dropped.').optional(),
  })
    .describe('In which order items stand; those without the field come last.')
    .optional(),
  reduce: text
    .describe(
      'Function of the worker that brings the items together: it gets `{collection, items: [{value, by}]}`, `by` naming at most twenty briefs and `more` counting the others, and returns a list of `{value, from: [numbers of items]}`. Many items come in parts, and what it made of these once more.',
    )
    .optional(),
  group: fields.describe('Fields by whose values items stand together.').optional(),
});

/** How outcomes become one answer. */
export const integrate = closed({
  merge: z.record(name, merge).describe('Collections of the answer, and how outputs become one.').optional(),
  files: closed({
    conflicts: z
      .array(fileRule)
      .describe(
        'Rules tried in order for a path that workspaces changed differently and git cannot merge: `prefer: <brief>`, `majority`, `keep-both`, `fail` (keep both, and the run is not complete).',
      )
      .optional(),
  })
    .describe('How the trees of workspaces become one.')
    .optional(),
  synthesize: closed({
    role: text.describe('Who writes, as `role` of a brief; `writer` is one of Muster’s own.').optional(),
    model: text
      .describe('Tier or name of the model that writes; default that of its role, else `default`.')
      .optional(),
    window: whole(1_000, 300_000)
      .describe(
        'Characters of material that one call is shown; more of it becomes notes first. Default 100,000.',
      )
      .optional(),
    rounds: whole(0, 5)
      .describe('How often what its sources do not bear out goes back to the writer; default 2.')
      .optional(),
    sections: z
      .array(
        closed({
          title: text.describe('Its heading; templates over `params` allowed.'),
          ask: text
            .describe('What it is to say; templates over `params` allowed; default the original brief.')
            .optional(),
          in: text
            .describe('JSONPath of what it is written from; default all of the merged data.')
            .optional(),
          covers: text.describe('JSONPath of names that it has to speak of.').optional(),
        }),
      )
      .min(1, 'is empty. Write at least one section, or remove the key.')
      .describe('Default one, called Answer.')
      .optional(),
  })
    .describe(
      'The answer in words, written by a model from the merged data. Every sentence cites briefs, and is used only where these bear it out.',
    )
    .optional(),
  verify: argv
    .describe(
      'Command that gets the answer on standard input; exit 0 = it holds. Where briefs have workspaces it runs in the merged tree.',
    )
    .optional(),
  repair: closed({
    rounds: whole(1, 5).describe('How often, at most.'),
  })
    .describe(
      'What is found wrong with the answer goes back to the briefs that said it, with the findings; they, and all that is made from what they deliver, are carried out once more.',
    )
    .optional(),
});
