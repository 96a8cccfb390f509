import { z } from 'zod';
import { STATUSES } from '../../outcome/outcome.js';
import { count, digest, filesMade, instant, ms, optional, status, text, usage } from './parts.js';

const patch = z.object({
  run: text.describe('First execution run id of the run that it was made for.'),
  from: text.describe('Digest of the stored plan before.'),
  at: instant,
  added: z.array(text),
  changed: z.array(z.object({ id: text, keys: z.array(text) })),
  removed: z.array(text),
  plan: z.array(text).describe('Keys of the plan beside its briefs.'),
});

const waitedFor = z.enum(['concurrency', 'capacity', 'wave', 'worker']);
const bounds = z.object({
  by: z.enum([...waitedFor.options, 'needs', 'deadline']),
  name: optional(text).describe('Of the lock or capacity.'),
  chain: z.array(
    z.object({
      label: text,
      ms,
      waitedMs: ms,
      waitedFor: optional(z.object({ kind: waitedFor, name: optional(text) })),
    }),
  ),
});

const anew = z.union([
  z.object({ because: z.enum(['new', 'bad']) }),
  z.object({ because: z.literal('fallback') }),
  z.object({ because: z.literal('not-done'), status: optional(status) }),
  z.object({ because: z.literal('changed'), fields: z.array(text) }),
  z.object({ because: z.literal('unfit'), finding: text }),
]);

const timing = z.object({
  label: text,
  status,
  tries: count,
  started: optional(instant),
  ended: optional(instant),
  busyMs: optional(ms),
  usage: optional(usage),
  model: optional(text),
  reused: optional(z.object({ run: text, ended: instant, model: optional(text) })),
  anew: optional(anew).describe('Of a re-run: why it was carried out.'),
});

const spent = z
  .object({
    calls: count,
    tokens: z.number(),
    usd: z.number().describe('US dollars, as far as prices are known.'),
    guessed: count.describe('Calls of which nobody said what they took: they count as was expected.'),
    open: count.describe('Calls whose end nobody told.'),
    batched: optional(count).describe('Of the calls, those in batches.'),
    unbatched: optional(text).describe('Why a batch was not taken: it was asked for directly.'),
    limit: optional(z.object({ usd: optional(z.number()), tokens: optional(z.number()) })).describe(
      'Most that might be spent.',
    ),
  })
  .describe('What models took, with runs within it, and calls that came to nothing.');

/** How it went: times, tries, costs. */
export const run = z
  .object({
    id: text,
    first: text.describe('First execution run id.'),
    plan: digest.describe('Of the stored plan.'),
    status: z.enum(['complete', 'partial', 'failed', 'cancelled']),
    ending: z.enum(['completed', 'failed', 'cancelled', 'deadline', 'salvaged']),
    answer: digest.describe('Of `answer` as canonical JSON.'),
    started: instant,
    ended: instant,
    wallMs: ms,
    sumMs: ms.describe('What the briefs would have taken one after the other, ms.'),
    ratio: z.number().describe('`sumMs` by `wallMs`.'),
    agents: count.describe('Briefs and instances carried out.'),
    counts: z
      .partialRecord(z.enum(STATUSES), count)
      .describe('Rows of the ledger by status; absent is none.'),
    tries: count,
    rerunOf: optional(text).describe('Id of the run whose results were used again.'),
    patches: optional(z.array(patch)),
    reused: count,
    takenUpAgain: count.describe('Briefs whose first holder fell silent.'),
    files: optional(filesMade).describe('Where the merged tree is stored.'),
    integrated: optional(z.object({ plan: digest, file: optional(text) })).describe(
      'By which other rules it was integrated once it was over: the stored plan that has them.',
    ),
    usage: optional(usage),
    spent: optional(spent),
    repairs: optional(
      z.array(
        z.array(
          z.object({
            label: text,
            findings: z.array(text),
            undone: optional(z.literal(true)).describe(
              'It was not carried out once more: the run ended before.',
            ),
          }),
        ),
      ),
    ).describe('What was sent back to briefs, round by round.'),
    integrator: optional(
      z.object({
        questions: count,
        tries: count,
        usage: optional(z.object({ inputTokens: optional(count), outputTokens: optional(count) })),
        models: optional(z.array(text)),
      }),
    ).describe('What the integrator asked of commands, functions and models.'),
    models: optional(
      z.array(z.object({ model: text, briefs: count, simulated: optional(z.literal(true)) })),
    ).describe('What answered the briefs that asked a model.'),
    boundedBy: optional(bounds).describe('What decided how long it took.'),
    waves: z.array(z.array(text)),
    briefs: z.array(timing).min(1).describe('One for each row of the ledger, in its order.'),
  })
  .describe('How it went: times, tries, costs.');
