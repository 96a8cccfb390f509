import { z } from 'zod';
import { TRIGGER_RULES } from '../graph/triggerRules.js';
import { briefBudget } from './budgetSchema.js';
import { HTTP_METHODS } from './executor.js';
import { argv, closed, duration, id, name, object, oneOf, text, whole } from './fields.js';
import { MAX_BRIEFS, MAX_INSTANCES } from './plan.js';
import { retry } from './retrySchema.js';
import { tools } from './toolsSchema.js';
import { vote } from './voteSchema.js';

const acceptance = closed({
  cel: text.describe('CEL over `output` and what templates see; must be true.').optional(),
  command: argv
    .describe('Gets the output as JSON on standard input; exit 0 accepts, what it prints is the finding.')
    .optional(),
  plan: text
    .describe(
      'CEL for a plan in `output`, a map or its text: it has to compile, and to keep to the policy of plans that come without a file.',
    )
    .optional(),
  judge: text
    .describe('A tier of `models`, or a model’s name: it is asked whether `says` is true of the output.')
    .optional(),
  says: text.describe('What has to be true of the output, in a sentence.').optional(),
});

const forEach = closed({
  in: z
    .union([text, z.array(z.json())])
    .describe('The items: CEL over params, inputs and needs, or a list written out.')
    .optional(),
  matrix: z
    .record(id, z.array(z.json()).min(1, 'is empty; no combination would be left.'))
    .describe('Every combination of these lists; an item has one member per axis.')
    .optional(),
  exclude: z.array(object).describe('Combinations of the matrix to leave out.').optional(),
  each: id
    .describe('Pairs with the instances of that brief: instance k waits for its instance k only.')
    .optional(),
  as: id.describe('Name of the item in templates and expressions; default `item`.').optional(),
  key: text
    .describe('CEL over the item that gives its key; a scalar is its own, a file its path.')
    .optional(),
  max: whole(1, MAX_INSTANCES)
    .describe(`Most items, ${MAX_BRIEFS} unless told; more and the whole fan-out is refused.`)
    .optional(),
  overflow: oneOf(['first'])
    .describe(
      'Of more items than may begin the first do, and each of the others is `refused`, by name; unless told the whole fan-out is.',
    )
    .optional(),
});

const request = closed({
  method: oneOf(HTTP_METHODS).describe('Default GET.').optional(),
  url: text.describe(
    'Scheme, host and port written out; templates after that, their values percent-encoded.',
  ),
  headers: z
    .record(
      z.string(),
      z.union([
        z.string(),
        closed({
          env: text.describe(
            'Variable of the worker, which its policy allows; read when the request is sent.',
          ),
          prefix: text.describe('What stands before its value, such as `Bearer `.').optional(),
        }),
      ]),
    )
    .describe('By name: text, templates allowed, or a secret of the worker’s environment.')
    .optional(),
  body: closed({ from: text.describe('CEL for the value.') })
    .describe('Sent as JSON; nothing unless given.')
    .optional(),
});

const globs = z.array(text);

/** How a brief is carried out. */
const executors = {
  run: argv.describe('Executor: a command as an argument list, no shell; templates allowed.').optional(),
  ask: text.describe('Executor: what a model is asked; templates allowed.').optional(),
  http: z
    .union([text, request])
    .describe('Executor: one request, as `GET https://…` or as a map; at most 5 redirects are followed.')
    .optional(),
  call: text.describe('Executor: a function registered on the worker.').optional(),
};

/** An executor too; no fallback is one. */
const plan = closed({
  from: text.describe('CEL for the plan: a map, or its text as YAML or JSON.').optional(),
  file: text.describe('A plan file, relative to this one; read once.').optional(),
  params: z.record(z.string(), text).describe('CEL for the params of that plan, by name.').optional(),
});

/** What is given to it. */
const given = {
  files: z
    .array(id)
    .describe('Inputs, or the item where it is a file, whose content reaches the model (`ask`).')
    .optional(),
  context: z
    .array(id)
    .describe('Needs whose output reaches the model (`ask`), or is shown with the question (`gate`).')
    .optional(),
  stdin: closed({ from: text.describe('CEL for the value.') })
    .describe('A typed value on standard input of `run`, or the input of `call`.')
    .optional(),
  allowDash: z.boolean().describe('Lets an argument that begins with a template begin with `-`.').optional(),
};

/** What a brief may leave to `defaults`. */
const shared = {
  role: text
    .describe(
      'Who the model is (`ask`): a file `roles/NAME.md` beside the plan, a path, or one of Muster’s own: explorer, implementer, tester, reviewer, documenter, debugger, researcher, writer, planner.',
    )
    .optional(),
  model: text.describe('A tier of `models`, or a model’s name (`ask`).').optional(),
  temperature: z.number().min(0).max(2).describe('Of sampling (`ask`); default the provider’s.').optional(),
  maxTokens: whole(1, 1_000_000)
    .describe('Longest answer of a model (`ask`), in tokens; default the provider’s.')
    .optional(),
  budget: briefBudget
    .describe('What its models may spend over all tries, judges and samples; of a fan-out, each instance.')
    .optional(),
  tools: tools
    .describe(
      'What the model may call (`ask`): functions and MCP servers that the worker offers and the role allows, as `[search, files.*]`, or a map with bounds. Unless told what its role names; nothing where neither does.',
    )
    .optional(),
  scope: text.describe('What is and what is not part of the work (`ask`).').optional(),
  constraints: z.array(text).describe('What the work must keep to (`ask`).').optional(),
  parse: oneOf(['text', 'lines', 'json', 'jsonl', 'sarif', 'junit'])
    .describe(
      'How the output of `run` or `http` is read; default text, and of `http` JSON where the response says that it is.',
    )
    .optional(),
  okExit: z
    .array(whole(0, 255))
    .min(1)
    .describe('Exit codes of `run` that mean success; default [0].')
    .optional(),
  okStatus: z
    .array(whole(200, 599))
    .min(1)
    .describe('Status codes of `http` that mean success; default 200 to 299.')
    .optional(),
  retry: retry.describe('What happens when a try fails.').optional(),
  timeout: duration.describe('Longest time for one try; default 10m.').optional(),
  stall: duration
    .describe(
      'Longest time without progress in one try, at least 1s: without output of a command, a token of a model, a byte of a response, or `progress()` of a function. No limit unless given.',
    )
    .optional(),
  within: duration.describe('Longest time for all tries together, waiting included.').optional(),
  heartbeat: duration
    .describe('Longest silence of a worker before it counts as lost; default 15s.')
    .optional(),
  estimate: duration.describe('How long one try is expected to take.').optional(),
  cache: closed({ for: duration.describe('How old a result may be.') })
    .describe(
      'Uses the result of an earlier run of the same store where nothing it was made from has changed.',
    )
    .optional(),
  uses: z.record(name, whole(1, 1000)).describe('What of `resources` it holds while it runs.').optional(),
  priority: oneOf(['high', 'normal', 'low'])
    .describe(
      'Goes before others, with what it waits for, or after them: here, and among runs that share workers. Default normal.',
    )
    .optional(),
  workspace: oneOf(['shared', 'copy', 'worktree'])
    .describe(
      'Where `run` and `call` work: `shared` (default) is the plan’s folder; `copy` a folder of its own for each try, which begins as the plan’s folder is, `worktree` one that begins as its repository’s last commit is, and both with what its needs produced.',
    )
    .optional(),
};

const awaited = closed({
  rule: oneOf(TRIGGER_RULES).describe('Trigger rule for this need alone.').optional(),
  atLeast: z
    .number()
    .positive('wants a number above 0.')
    .refine((n) => n < 1 || Number.isInteger(n), 'wants a whole number, or a share below 1 such as 0.9.')
    .describe('How many must have delivered, or below 1 which share; it starts as soon as they have.')
    .optional(),
  by: duration
    .describe('So long after the run began it goes by what has ended; the rest goes on for the integrator.')
    .optional(),
  rest: oneOf(['cancel']).describe('`cancel`: what has not ended then is stopped.').optional(),
});

const fallback = closed({
  value: z.json().describe('A constant that is delivered.').optional(),
  ...executors,
  ...given,
  ...z.object(shared).pick({
    role: true,
    model: true,
    temperature: true,
    maxTokens: true,
    tools: true,
    scope: true,
    constraints: true,
    parse: true,
    okExit: true,
    okStatus: true,
    timeout: true,
    stall: true,
    retry: true,
  }).shape,
});

export const brief = closed({
  id: id.describe('Names the brief; lower-case letters, digits and `_`.'),
  title: text.describe('A few words for people.').optional(),
  ...executors,
  plan: plan
    .describe(
      'Executor: a plan that is run within this run; exactly one of from, file. Its output is the data of that run’s answer.',
    )
    .optional(),
  gate: text
    .describe(
      'Executor: what a person is asked to approve; templates allowed. It holds nothing while it waits, for as long as `within` says.',
    )
    .optional(),
  needs: z.array(id).describe('Briefs whose outcomes it waits for.').optional(),
  optional: z.array(id).describe('More briefs it waits for, and starts whatever became of them.').optional(),
  join: oneOf(TRIGGER_RULES)
    .describe(
      'When it may start, of all its needs together; unless told, briefs must deliver and fan-outs must have ended.',
    )
    .optional(),
  await: z
    .record(id, z.union([oneOf(TRIGGER_RULES), awaited]))
    .describe('The same for single needs, by id; what it does not name is left to `join`.')
    .optional(),
  when: text.describe('CEL; false makes the brief not needed.').optional(),
  forEach: forEach.describe('One instance per item; exactly one of in, matrix, each.').optional(),
  ...given,
  output: object.describe('JSON Schema (2020-12) of the output, or `$ref: file`.').optional(),
  expects: z
    .record(id, object)
    .describe(
      'By need: JSON Schema (2020-12) of the output that it expects of that brief, or of each instance of that fan-out, or `$ref: file`. Held against what that one promises in its `output` when the plan is read, and against what it delivers; a `version` at the top of both says when they are not meant to be the same.',
    )
    .optional(),
  acknowledge: duration
    .describe(
      'Longest time from when it is started until what it expects has been read and has proved to be that; default 1d.',
    )
    .optional(),
  samples: whole(2, 100).describe('Asks so many times (`ask`), with `keep: all`.').optional(),
  keep: oneOf(['all'])
    .describe('The output is the list of all samples, each as `output` says; near duplicates are listed.')
    .optional(),
  rank: closed({
    by: text.describe('What makes one better than another.'),
    judge: text.describe('A tier of `models`, or a model’s name.'),
  })
    .describe('A model ranks what `keep: all` kept, the best first.')
    .optional(),
  perspectives: z
    .union([z.array(text).min(2, 'wants two viewpoints or more.').max(12), z.record(z.string(), text)])
    .describe(
      'Asks from each of these viewpoints (`ask`), a list of them or a map with what each looks for, and once more for the answer that all of them together support.',
    )
    .optional(),
  vote: vote
    .describe(
      'Asks several times (`ask`), and delivers the answer that most give. What does not fit `output` votes for nobody.',
    )
    .optional(),
  batch: z
    .union([
      z.literal(true),
      closed({
        by: duration
          .describe('So long after it was sent what has not come is asked for directly; default 1d.')
          .optional(),
      }),
    ])
    .describe(
      'Asks through the Batch API of the provider (`ask`), of a fan-out all instances together: at half the price, within hours. What no batch answers is asked for directly.',
    )
    .optional(),
  accept: z
    .union([acceptance, z.array(acceptance)])
    .describe('What an output must pass; a rejected one is a failed try, with its findings attached.')
    .optional(),
  reads: globs.describe('Path patterns it reads.').optional(),
  writes: globs.describe('Path patterns it writes.').optional(),
  mirrors: globs.describe('Paths it follows as a known pattern and does not read.').optional(),
  produces: globs
    .min(1, 'is empty. Name what it produces, or remove the key to keep everything it changes.')
    .describe(
      'Path patterns of what is kept of its own workspace; all else that it changes there is a finding. Everything it changes, unless told.',
    )
    .optional(),
  effect: oneOf(['once'])
    .describe(
      'It must not run twice: after a crash or a timeout it is not tried again unasked. One try unless the brief itself gives `retry.attempts`.',
    )
    .optional(),
  ...shared,
  fallback: fallback
    .describe(
      'What is carried out once the tries are spent, with `retry: { then: fallback }`: `value`, or an executor; what it does not say is as for the brief.',
    )
    .optional(),
});

export const defaults = closed(shared);
