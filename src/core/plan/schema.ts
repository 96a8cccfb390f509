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
      'How code checks it: one of covers, schema, count, matches, cel. Without one it is reported as unchecked.',
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

const prefer = closed({ prefer: id.describe('The brief whose value wins.') }, [
  'consensus',
  'priority',
  'call',
  'newest',
]);
const rule = z.union([oneOf(['majority', 'keep-both'], ['newest', 'consensus', 'priority']), prefer]);
const fileRule = z.union([
  oneOf(['majority', 'keep-both', 'fail'], ['newest', 'consensus', 'priority']),
  prefer,
]);

const merge = closed({
  from: z
    .array(id)
    .min(1, 'is empty. Name the briefs to merge.')
    .describe('Briefs whose outputs are merged.'),
  at: text.describe('JSONPath (RFC 9535) taken from each output, per instance; default `$`.').optional(),
  key: z
    .union([text, z.array(text).min(1)])
    .describe('Fields that together name one item; none: everything is kept, exact duplicates removed.')
    .optional(),
  match: oneOf(['exact', 'normalised']).describe('How keys are compared; default exact.').optional(),
  conflicts: z
    .array(rule)
    .describe('Rules tried in order, field by field: `prefer: <brief>`, `majority`, `keep-both`.')
    .optional(),
});

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
