import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** docs/plan.md and docs/report.schema.json, made from the schemas of plans and reports.  npm run build && node scripts/reference.mjs */
export function referenceOf(schema) {
  const { integrate, briefs, defaults, ...plan } = schema.properties;
  const { fallback, ...brief } = briefs.items.properties;
  const { value, ...asInBrief } = fallback.properties;
  const named = (properties) =>
    Object.keys(properties)
      .map((key) => `\`${key}\``)
      .join(', ');
  return `${[
    '# The plan format',
    'Made from the schema that plans are checked by; `muster schema` prints that as JSON Schema. A plan is YAML 1.2 or JSON, at',
    'most 16 MB and 1,000 briefs, and 20,000 with the instances of its fan-outs. Durations are written `90s`, `5m`, `2h`. Relative paths are relative to the plan.',
    '',
    '## The plan',
    ...table(rowsOf(plan)),
    '',
    '## A brief',
    'Exactly one of `run`, `ask`, `http`, `call`, `plan`, `gate`.',
    ...table(rowsOf({ ...brief, fallback: { ...fallback, properties: { value } } })),
    '',
    `Of these, \`defaults\` takes ${named(defaults.properties)}; \`fallback\` takes ${named(asInBrief)}.`,
    '',
    '## Integration',
    ...table(rowsOf(integrate.properties)),
    '',
    '## Expressions, templates, paths',
    '- `when`, `forEach.in`, `forEach.key`, `from`, `accept.cel`, `covers` and `cel` are [CEL](https://cel.dev). They see `params`, `inputs`, and each need by its',
    '  id as `{output, status}`; in a fan-out the item by its `as`, and `key`. Whole numbers are integers: `7 / 2` is 3.',
    '- `run`, `ask`, `http`, `gate`, `scope`, `constraints`, `reads`, `writes`, `produces` and `glob` are texts with [Liquid](https://liquidjs.com) templates: `{{ item.path }}`. Quote them in YAML.',
    '- `brief`, `says`, `rubric`, `by` of a judge, and `title` and `ask` of a section speak of the run as a whole: their templates see `params` only.',
    '- In an address every value is percent-encoded, and none may make a part of the path empty, `.` or `..`; its host is written out.',
    '- A fan-out is seen as a list of `{key, status, output}` in input order, holes included.',
    '- `at` and `in` are JSONPath (RFC 9535); patterns are RE2.',
    '- Two briefs with no order between them may not read and write, or both write, the same path: that is an error, unless the',
    '  reader says it `mirrors` a known pattern. `uses` serialises: contenders take turns in dispatch order.',
    '',
    '## Hand-offs',
    '`expects: { explore: { $ref: schemas/topics.json } }` says what a brief expects of the output of a need; of a fan-out it speaks of the output of each instance. A producer promises by its `output`',
    '(a command without one promises text, or lines; a gate its answer). It is checked three times:',
    '',
    '- When the plan is read: every value that the producer’s schema accepts has to be one that the consumer expects. Where one is not, that is an error with such a value, its path and both names. Where',
    '  that cannot be decided, or nothing is promised, that is a warning. So a producer may promise more and a consumer may expect less, and neither may go the other way.',
    '- Whatever a template or an expression takes of an output (`explore.output.topics`) is held against what the producer promises, with `expects` or without: what that rules out is an error.',
    '- `version` at the top of a schema, a number or a text, names it in every message. Two that say the same version and differ are an error: raise it with every change. Of two versions, the schemas decide.',
    '- When it is delivered, before a condition, a template or an item reads it. What is not expected fails the consumer with `ContractViolation`, naming both sides; no retry and no `fallback` follows. What is',
    '  expected is acknowledged by a row in the log: digests, and the version. What nobody delivered is for `join` to judge.',
    '',
    'A brief has `acknowledge` (1d) for that, counted from when it is started: slots and locks are its own by then, a free worker is not. After that it ends as `TimedOut`, naming both sides, as soon as a worker is there to say so.',
    '',
    '## Roles and models',
    'A role is Markdown with front matter: `description`, `strengths`, `bestFor`, `model` (a tier or a name), `tools`, and below it what the model is told first, as it',
    'stands. `role: sceptic` is `roles/sceptic.md` beside the plan; a path is a file; `explorer`, `implementer`, `tester`, `reviewer`, `documenter`, `debugger`,',
    '`researcher` and `writer` are there without a file, and one of that name beside the plan goes first. Agent files of coding assistants load as they are:',
    '`haiku`, `sonnet` and `opus` are `fast`, `default` and `capable`, and keys that are not known here are left alone. `tools` names what a model of that role may',
    'call, of what the worker’s policy offers ([operations](operations.md), [an example](../examples/tools/README.md)): `search` is a function, `files.read` a tool of the MCP server `files`, `files.*` all of its. A brief may name fewer (`tools`).',
    'Tools of other programs, such as `Read`, are left out, with a warning.',
    '',
    'Of the tiers that `models` names, a brief is asked of',
    '',
    '1. what it says itself, or `defaults` (`model`);',
    '2. what its role says;',
    '3. `capable`, where it brings together what several found: a fan-out, or two needs and more, under `context`;',
    '4. `fast`, where it is small and its answer one of few: at most 400 characters of task, three constraints, a file and a need, and an output in which every value is one of few, a number, or true or false;',
    '5. `default`.',
    '',
    'Where the plan has no such tier (2 to 5), the nearest that it has. `muster plan` says which, and by which rule. With `retry: { escalate: true }` each try after an answer',
    'that was rejected or refused asks the next tier.',
    '',
    '## Votes',
    '`vote: { samples: 9, field: winner, quorum: 5 }` asks a brief up to nine times and delivers the first sample that gave the answer which most gave. What does not fit `output`, is refused or says nothing',
    'at the field votes for nobody. A vote that decides nothing is a rejected try: `retry` says what follows, with `tie: escalate` of the next tier. `timeout` is for all samples of a try together; those that have',
    'come stay for the next. The report says who dissented, `answer.ledger[].voted` has every answer with its samples.',
    '',
    '## Gates',
    'A brief with `gate` asks a person: it shows its text, and what the needs under `context` came to. Approved, it has delivered',
    '`{approved, by, note, at, digest}`; rejected, it has failed, and what needs it is skipped. Nobody answering within `within`, it is timed out (or `missing`, with',
    '`retry: { then: missing }`). While it waits it holds nothing, and keeps nothing from going on but what needs it. In a fan-out every instance asks for itself.',
    '',
    '- An answer names the digest of exactly what is shown. Asked again about something else, the old digest is refused.',
    '- A gate takes nothing of `defaults`. A re-run asks again: what is to come may have changed. With `cache` an approval of the very same counts for a time.',
    '',
    '## Joins',
    'Unless told, a need on a brief waits until it has delivered, a need on a fan-out until all its instances have ended, however they did. `join` says',
    'something else of all needs together, `await` of single ones (`dig: all_done`, or a map); `optional: [extra]` is short for needing `extra` with',
    '`all_done`. The rules have the names that Airflow gave them, and count every instance of a fan-out for itself:',
    '',
    '| rule | starts | otherwise |',
    '|---|---|---|',
    '| `all_success` | when all have delivered | skipped |',
    '| `all_done` | when all have ended | |',
    '| `all_done_min_one_success` | when all have ended, and one has delivered | skipped |',
    '| `one_success` | as soon as one has delivered | skipped |',
    '| `one_done` | as soon as one has ended that was neither skipped nor not needed | skipped |',
    '| `none_failed` | when all have ended, and none has failed or was skipped for a failure | skipped |',
    '| `none_failed_min_one_success` | the same, and one has delivered | skipped |',
    '| `none_skipped` | when all have ended, and none was not needed | not needed |',
    '| `all_failed` | when all have failed, or were skipped for a failure | not needed |',
    '| `one_failed` | as soon as one has | not needed |',
    '| `all_skipped` | when none was needed | not needed |',
    '| `always` | at once | |',
    '',
    '- Delivered is `succeeded` or `repaired`; `missing` and `partial` are done, and neither a success nor a failure. Where nothing at all was needed, what would be skipped is not needed either.',
    '- `atLeast: 8`, or as a share `0.9`, starts as soon as so many have delivered, and skips where they cannot any more.',
    '- `by: 90m`, counted from when the run began: the rule, or `atLeast`, goes by what has ended then. What goes on is in the report all the same. `rest: cancel` stops it instead, also where `atLeast` or a `one_` rule lets start early.',
    '- A brief is given what there is when it starts, and on every try the same; `not-reached` is what it did not wait for.',
    '- A brief with `writes` or `produces` has to say its join over a fan-out. One that may start early has no order with those it waits for: no path may be written by both.',
    '',
    '## Time and failure',
    '- `stall` stops a try that shows no progress for so long. Progress is whatever a command writes, to either output; a piece of the answer of a model (so leave',
    '  it time to think before the first); bytes of the body of a response; a call of `progress()` in a function. It counts while the work is carried out, not while',
    '  its output is judged.',
    '- `retry.on` says of a type of failure how long to wait after it, and how many tries may end so. A type with `attempts` of its own is counted by itself, the others',
    '  share `retry.attempts`; the brief ends when the count that its latest try falls under is full. Waits double type by type. What a provider asks for (`Retry-After`)',
    '  is waited for in any case.',
    '- `retry: { then: fallback }` goes on with `fallback` once no try is left, at the same place and with the same needs, item and resources. It has to give what the',
    '  brief has to (`output`, `accept`), and what it does not say is as for the brief, its tries too. What it delivers is `repaired`, and the report says by what and why. It',
    '  follows every failure but a cancellation, a `within` that is over, and a fault of the plan or of Muster. A re-run begins with the brief itself again.',
    '- `effect: once` marks what must not run twice. That it begins is recorded first. Where it began and its worker was lost, it was stopped, or its output was rejected, it is',
    '  not begun again: the brief fails, and says what to look at and how to do it again (`muster retry`; after the run `muster mark … bad` and `muster rerun`). A re-run does not',
    '  repeat it either until then. Only a definite failure (an exit code, a refusal of the server) is tried again, and only where the brief itself gives `retry.attempts`.',
    '- `accept: { judge: capable, says: … }` asks a model whether the sentence is true of the output, which is all that it sees of the brief, and whole. Its finding is that of a',
    '  rejected try; its tokens count as the brief’s. A judge that fails, refuses, or answers something else has failed like any model: the brief is tried again.',
    '- What a try that was stopped left of an output is kept. It is the brief’s, as `partial`, where that asks nothing of it: no `output`, no `accept`, `parse` text or lines.',
    '',
    '## Merging',
    'A collection under `integrate.merge` takes the items at `at` from each brief of `from`. With a `key` those that have the same key are one item, whose fields come from whoever has them;',
    'where two differ on a field, `conflicts` decides, rule by rule, and the report keeps every value, who said it, and what lost. `null` says nothing, and contradicts nothing.',
    '',
    '| rule | the value that stands |',
    '|---|---|',
    '| `prefer: dig`, `prefer: [dig, web]` | of that brief, or of the first that said something; not where its own instances differ |',
    '| `prefer: { source: [official, press] }` | of the item whose field `source` has the first of these values |',
    '| `majority` | what more than half say: one voice for each source |',
    '| `consensus: 3` | what at least three say, and more than say anything else; where too few do, the report says how many did |',
    '| `highest: sure`, `lowest: price` | of the item with the highest or lowest number in that field |',
    '| `newest: asOf`, `oldest: asOf` | of the item with the latest or earliest date (ISO 8601) in that field |',
    '| `keep-both` | every value, as `{keptBoth: [{value, by}]}` |',
    '| `fail` | every value, and the run does not count as complete |',
    '',
    '- What none decides is kept both ways. No rule looks at when a brief ran.',
    '- `compare` says of a field what is the same: `normalised` (no matter the case, white space, thousands separators), `within: 2%` or an amount, `unit: kg` (`5 kg` is `5000 g`, and',
    '  a bare `5`). Numbers within the tolerance of the smallest are one, whoever spoke first; the value that was said first stands for them.',
    '- Without a `key` items stand side by side, and equal ones once. With `near: 0.8` those count as equal that share so much of their word pairs, and all of their figures; the words of all are kept',
    '  under `duplicates`.',
    '- `deep: true` merges maps within items field by field and unites lists; without a `key` all that is said is one item.',
    '- `rank: { by: score, top: 10 }` orders, and lists what is beyond the top as dropped; where every value is kept, the one said first counts. `group: region` puts items together, as `{region, items}`: paths of checks lead through `items` then.',
    '- Of an answer whose lists have more than 4,000,000 characters the rest lies apart, in files that `answer.apart` names: checks look at the whole, and `muster result RUN --apart FOLDER` writes it.',
    '- `answer.agreement` counts the fields that two or more sources spoke of, and on how many of them all agree.',
    '',
    '## Workspaces',
    '- With `workspace: copy` or `worktree` (one kind in a plan) every try works in a fresh folder, the place of the plan’s folder in it. It begins with the files that the run began',
    '  with, and what its needs and theirs produced. The plan’s folder is not written to. git 2.32 or newer is needed.',
    '- `copy` leaves out what the `.gitignore` files of the plan’s folder name. `worktree` leaves out what is not committed.',
    '- A value in `produces` stands for itself: its signs are no wildcards, unless the filter `raw` lets them be.',
    '- Kept is, of a try that was accepted, what it added, changed or deleted and `produces` names, even if it is ignored; without `produces` everything but',
    '  what is ignored. Other changes are in the report under `answer.files.strays`. A brief that says what it produces and has none of it is rejected.',
    '- The trees are merged path by path, texts three-way by git. Where that fails, `integrate.files.conflicts` decides; where it does not, the first value stands',
    '  and the others lie beside it, as `index.mjs~web`. `muster result RUN --files FOLDER` writes the merged tree, `--patch FILE` what changed.',
  ].join('\n')}\n`;
}

const table = (rows) => ['', '| key | | |', '|---|---|---|', ...rows];

function rowsOf(properties, above = '') {
  return Object.entries(properties).flatMap(([key, schema]) => {
    const name = above + key;
    const row = `| \`${name}\` | ${typeOf(schema)} | ${(schema.description ?? '').replaceAll('|', '\\|')} |`;
    const below = [
      [schema, `${name}.`],
      [schema.items, `${name}[].`],
      [schema.additionalProperties, `${name}.<name>.`],
    ];
    return [row, ...below.flatMap(([inner, within]) => rowsOf(membersOf(inner), within))];
  });
}

/** Of a value that may be written in several forms, those of the one that is a map. */
const membersOf = (schema) =>
  schema?.properties ?? schema?.anyOf?.find(({ properties }) => properties)?.properties ?? {};

function typeOf({ type, enum: values, anyOf, const: only, items }) {
  if (values) return values.map((value) => `\`${value}\``).join(' or ');
  if (only !== undefined) return `\`${only}\``;
  if (anyOf) return [...new Set(anyOf.map(typeOf))].join(' or ');
  if (type === 'array')
    return items?.type && items.type !== 'object' ? `list of ${WORDS[items.type] ?? items.type}` : 'list';
  return WORDS[type] ?? '';
}
const WORDS = {
  string: 'text',
  object: 'map',
  integer: 'number',
  number: 'number',
  boolean: 'true or false',
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { planJsonSchema } = await import('../dist/core/plan/schema.js');
  const { reportJsonSchema } = await import('../dist/core/integrate/reportSchema.js');
  const write = (name, text) =>
    writeFileSync(fileURLToPath(new URL(`../docs/${name}`, import.meta.url)), text);
  write('plan.md', referenceOf(planJsonSchema()));
  write('report.schema.json', `${JSON.stringify(reportJsonSchema(), null, 2)}\n`);
}
