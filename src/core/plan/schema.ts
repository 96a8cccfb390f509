import { z } from 'zod';
import { MAX_CONCURRENCY } from '../graph/units.js';
import type { JsonObject } from '../outcome/canonical.js';
import { brief, defaults } from './briefSchema.js';
import { argv, closed, duration, id, name, object, oneOf, text, whole } from './fields.js';
import { MAX_BRIEFS } from './plan.js';

const check = closed(
  {
    covers: text.describe('CEL list; every member must be among what `in` selects.').optional(),
    schema: object
      .describe('JSON Schema (2020-12) for the merged data, or for what `in` selects.')
      .optional(),
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
    in: text.describe('JSONPath (RFC 9535) into the merged data.').optional(),
  },
  ['provenance', 'judge'],
);

const requirement = closed({
  id: id.describe('Names the requirement in the report.'),
  says: text.describe('The requirement, in words a reader of the report understands.'),
  check: check
    .describe(
      'How code checks it: one of covers, schema, count, matches, unique, range, reconcile, cel. Without one it is reported as unchecked.',
    )
    .optional(),
});

const input = closed({
  glob: z
    .union([text, z.array(text).min(1)])
    .describe('Path patterns, relative to the plan; templates over `params` allowed.'),
  min: whole(0, 1e6).describe('Fewest files; fewer is an error before anything starts.').optional(),
  max: whole(1, 1e6).describe('Most files.').optional(),
});

/** Rules that say by what they decide, in an entry of their own. */
const BY_WHAT = new Map([
  ['prefer', 'prefer: dig'],
  ['consensus', 'consensus: 3'],
  ['highest', 'highest: confidence'],
  ['lowest', 'lowest: price'],
  ['newest', 'newest: updated'],
  ['oldest', 'oldest: updated'],
]);
const byWhat = (rule: string): string | undefined =>
  BY_WHAT.has(rule) ? `\`${rule}\` wants to know by what, as in \`${BY_WHAT.get(rule)}\`.` : undefined;
const briefs = z.union([id, z.array(id).min(1)]);
const prefer = closed({ prefer: briefs.describe('The brief whose value wins, or several, first to last.') });
const rule = z.union([
  oneOf(['majority', 'keep-both', 'fail'], [], byWhat),
  closed(
    {
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
    },
    ['judge'],
  ),
]);
const fileRule = z.union([oneOf(['majority', 'keep-both', 'fail']), prefer]);

const match = oneOf(['exact', 'normalised']);
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

const merge = closed(
  {
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
        'Rules tried in order, field by field: `prefer`, `majority`, `consensus`, `highest`, `lowest`, `newest`, `oldest`, `keep-both`, `fail`.',
      )
      .optional(),
    rank: closed({
      by: text.describe('Field that decides the order: numbers, or text.'),
      order: oneOf(['descending', 'ascending']).describe('Default descending.').optional(),
      top: whole(1, 1e6).describe('Only so many are kept; the others are listed as dropped.').optional(),
    })
      .describe('In which order items stand; those without the field come last.')
      .optional(),
    group: fields.describe('Fields by whose values items stand together.').optional(),
  },
  ['reduce'],
);

export const planSchema = closed(
  {
    muster: z
      .literal(1, { error: 'this version of Muster reads format 1: write `muster: 1`.' })
      .describe('Version of the plan format.'),
    name: text.max(100, 'has over 100 characters.').describe('Short name of the plan.'),
    brief: text.describe(
      'The original brief, in the words of whoever asks; the report is judged against it.',
    ),
    requirements: z.array(requirement).describe('What the report must satisfy; checked by code.').optional(),
    params: object.describe('JSON Schema (2020-12) of the parameters a run takes.').optional(),
    inputs: z.record(name, input).describe('Files, found once and read by digest.').optional(),
    limits: closed(
      {
        concurrency: whole(1, MAX_CONCURRENCY).describe('Most briefs at a time; default 10.').optional(),
        deadline: duration.describe('Longest time for the whole run.').optional(),
      },
      ['budget'],
    )
      .describe('Bounds of a run.')
      .optional(),
    waves: oneOf(['rolling', 'barrier'])
      .describe(
        '`rolling` (default) starts a brief when its own needs are met, `barrier` waits for the whole wave.',
      )
      .optional(),
    onFailure: oneOf(['continue', 'stop'])
      .describe('`continue` (default) goes on with what does not need the failed brief, `stop` ends the run.')
      .optional(),
    resources: z
      .record(
        name,
        z.union([
          whole(1, 1000),
          closed({ capacity: whole(1, 1000).describe('How much of it there is.') }, ['scope']),
        ]),
      )
      .describe('What briefs hold while they run, with its capacity; 1 is a lock.')
      .optional(),
    models: z.record(name, text).describe('Model by tier, such as fast, default, capable.').optional(),
    defaults: defaults
      .describe('What holds for every brief that does not say otherwise; maps merge, lists replace.')
      .optional(),
    briefs: z
      .array(brief)
      .min(1, 'is empty. Write at least one brief.')
      .max(
        MAX_BRIEFS,
        `are more than ${MAX_BRIEFS.toLocaleString('en')}. Use \`forEach\`, or split the plan.`,
      )
      .describe('The units of work, in the order the report keeps.'),
    integrate: closed(
      {
        merge: z
          .record(name, merge)
          .describe('Collections of the answer, and how outputs become one.')
          .optional(),
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
        verify: argv
          .describe(
            'Command that gets the answer on standard input; exit 0 = it holds. Where briefs have workspaces it runs in the merged tree.',
          )
          .optional(),
      },
      ['synthesize', 'repair'],
    )
      .describe('How outcomes become one answer.')
      .optional(),
  },
  ['grain'],
);

/** A plan as it is written; what each key means is in the schema's descriptions. */
export type PlanDocument = z.infer<typeof planSchema>;

/** The format as a JSON Schema (2020-12), for editors and for programs that write plans. */
export const planJsonSchema = (): JsonObject =>
  z.toJSONSchema(planSchema, { target: 'draft-2020-12', io: 'input' }) as unknown as JsonObject;
