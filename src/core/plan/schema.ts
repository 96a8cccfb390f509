import { z } from 'zod';
import { MAX_CONCURRENCY } from '../graph/units.js';
import type { JsonObject } from '../outcome/canonical.js';
import { brief, defaults } from './briefSchema.js';
import { prices, runBudget } from './budgetSchema.js';
import { closed, duration, name, object, oneOf, text, whole } from './fields.js';
import { integrate } from './integrateSchema.js';
import { MAX_BRIEFS } from './plan.js';
import { requirement } from './requirementSchema.js';

const input = closed({
  glob: z
    .union([text, z.array(text).min(1)])
    .describe('Path patterns, relative to the plan; templates over `params` allowed.'),
  min: whole(0, 1e6).describe('Fewest files; fewer is an error before anything starts.').optional(),
  max: whole(1, 1e6).describe('Most files.').optional(),
});

export const planSchema = closed(
  {
    muster: z
      .literal(1, { error: 'this version of Muster reads format 1: write `muster: 1`.' })
      .describe('Version of the plan format.'),
    name: text.max(100, 'has over 100 characters.').describe('Short name of the plan.'),
    brief: text.describe(
      'The original brief, in the words of whoever asks; the report is judged against it. Templates over `params` allowed.',
    ),
    requirements: z
      .array(requirement)
      .describe('What the report must satisfy; checked by code first.')
      .optional(),
    params: object.describe('JSON Schema (2020-12) of the parameters a run takes.').optional(),
    inputs: z.record(name, input).describe('Files, found once and read by digest.').optional(),
    limits: closed({
      concurrency: whole(1, MAX_CONCURRENCY).describe('Most briefs at a time; default 10.').optional(),
      deadline: duration.describe('Longest time for the whole run.').optional(),
      budget: runBudget
        .describe('What models may cost, with all tries, judges, votes and runs within it.')
        .optional(),
    })
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
    prices: prices.describe('What models cost; before what Muster knows of them.').optional(),
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
    integrate: integrate.describe('How outcomes become one answer.').optional(),
  },
  ['grain'],
);

/** A plan as it is written; what each key means is in the schema's descriptions. */
export type PlanDocument = z.infer<typeof planSchema>;

/** The format as a JSON Schema (2020-12), for editors and for programs that write plans. */
export const planJsonSchema = (): JsonObject =>
  z.toJSONSchema(planSchema, { target: 'draft-2020-12', io: 'input' }) as unknown as JsonObject;
