import { describe, expect, it } from 'vitest';
import type { Source } from '../../../src/core/plan/compile.js';
import { memoryFolder, plan, problemsOf } from './support.js';

interface Bad {
  /** What is wrong, as the end of a sentence. */
  readonly what: string;
  readonly text: string;
  readonly path: string;
  readonly line?: number;
  readonly says: string | RegExp;
  readonly severity?: 'warning';
  readonly more?: Omit<Source, 'text'>;
}

/** Briefs from line 5 on. */
const briefs = (rest: string) => plan(`briefs:\n${rest}`);
const one = (keys: string) => briefs(`  - id: a\n    run: [node]\n${keys}`);
const two = (keys: string) => briefs(`  - id: a\n    run: [node]\n  - id: b\n    run: [node]\n${keys}`);
const lolz = `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefghi']
  .map((c, i) => `${c}: &${c} [${Array(9).fill(`*${'abcdefgh'[i]}`)}]`)
  .join('\n')}\n`;

const documents: Bad[] = [
  { what: 'empty', text: '', path: '', says: 'the plan is empty' },
  { what: 'only a comment', text: '# nothing\n', path: '', says: 'the plan is empty' },
  { what: 'not a map', text: '- a\n- b\n', path: '', line: 1, says: 'a plan is a map' },
  { what: 'not YAML', text: 'muster: 1\nbriefs: [\n', path: '', line: 3, says: 'this is not YAML' },
  {
    what: '17 MB',
    text: `name: ${'x'.repeat(17 * 1024 * 1024)}`,
    path: '',
    says: '17.0 MB, over the maximum of 16 MB',
  },
  { what: 'a billion laughs', text: lolz, path: '', says: 'come to more than 1,000,000 values' },
  { what: 'an alias of itself', text: 'a: &a [*a]', path: '', says: 'contains itself' },
  { what: 'an alias of nothing', text: 'a: *b', path: '', says: '`*b` names no anchor' },
  ...['[', '- ', '{a: ', '? '].map((nest) => ({
    what: `10,000 levels of ${JSON.stringify(nest)}`,
    text: `name: x\nbriefs:\n  ${nest.repeat(10_000)}`,
    path: '',
    says: 'nests deeper than 100 levels',
  })),
  {
    what: 'nested by 10,000 lines',
    text: Array.from({ length: 5_000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'),
    path: '',
    says: 'nests deeper',
  },
  {
    what: 'two documents',
    text: 'muster: 1\n---\nmuster: 1\n',
    path: '',
    line: 2,
    says: 'a plan is one document',
  },
  {
    what: 'a key that stands twice',
    text: plan('name: again\nbriefs: [{ id: a, run: [node] }]'),
    path: '',
    line: 4,
    says: 'the key `name` stands twice',
  },
  { what: 'a key that is a list', text: plan('? [a]\n: b\n'), path: '', says: 'a key is text' },
  {
    what: 'not a number to JSON',
    text: plan('limits: { concurrency: .inf }'),
    path: 'limits.concurrency',
    line: 4,
    says: '`.inf` is no number',
  },
  { what: 'tagged', text: plan('params: !!binary aGk=\n'), path: '', line: 4, says: 'plain YAML 1.2 values' },
];

const formats: Bad[] = [
  {
    what: 'of no version',
    text: 'name: x\nbrief: y\nbriefs: [{ id: a, run: [node] }]',
    path: 'muster',
    says: 'write `muster: 1`',
  },
  {
    what: 'of a later version',
    text: 'muster: 2\nname: x\nbrief: y\nbriefs: [{ id: a, run: [node] }]',
    path: 'muster',
    line: 1,
    says: 'reads format 1',
  },
  {
    what: 'without a brief',
    text: 'muster: 1\nname: x\nbriefs: [{ id: a, run: [node] }]',
    path: 'brief',
    says: 'is missing; it wants text',
  },
  { what: 'without briefs', text: plan(''), path: 'briefs', says: 'is missing; it wants a list' },
  { what: 'with no brief in it', text: plan('briefs: []'), path: 'briefs', line: 4, says: 'is empty' },
  {
    what: 'of more than 1,000 briefs',
    text: plan(`briefs:\n${Array.from({ length: 1001 }, (_, i) => `- {id: b${i}, run: [node]}\n`).join('')}`),
    path: 'briefs',
    line: 4,
    says: 'more than 1,000',
  },
  {
    what: 'with an unknown key',
    text: plan('concurency: 4\nbriefs: [{ id: a, run: [node] }]'),
    path: 'concurency',
    line: 4,
    says: 'unknown key `concurency`',
  },
  {
    what: 'with a misspelt key',
    text: one('    retrys: { attempts: 2 }'),
    path: 'briefs[0].retrys',
    line: 7,
    says: 'Did you mean `retry`?',
  },
  {
    what: 'with a misspelt key deep down',
    text: one('    retry: { atempts: 2 }'),
    path: 'briefs[0].retry.atempts',
    line: 7,
    says: 'Did you mean `attempts`?',
  },
  {
    what: 'with a concurrency of 0',
    text: plan('limits: { concurrency: 0 }'),
    path: 'limits.concurrency',
    line: 4,
    says: 'below the minimum of 1',
  },
  {
    what: 'with a concurrency of 501',
    text: plan('limits: { concurrency: 501 }'),
    path: 'limits.concurrency',
    line: 4,
    says: 'over the maximum of 500',
  },
  {
    what: 'with a word that is none of the choices',
    text: plan('waves: roling'),
    path: 'waves',
    line: 4,
    says: 'Did you mean `rolling`?',
  },
  {
    what: 'with a number for a duration',
    text: one('    timeout: 5'),
    path: 'briefs[0].timeout',
    line: 7,
    says: '`90s`',
  },
  {
    what: 'with a fan-out that may be too wide',
    text: one('    forEach: { in: [1], max: 20001 }'),
    path: 'briefs[0].forEach.max',
    line: 7,
    says: 'over the maximum of 20,000',
  },
  {
    what: 'with `__proto__` as a key',
    text: one('    __proto__: 3'),
    path: 'briefs[0].__proto__',
    line: 7,
    says: '`__proto__` cannot be',
  },
  {
    what: 'with `__proto__` as an id',
    text: briefs('  - id: __proto__\n    run: [node]'),
    path: 'briefs[0].id',
    line: 5,
    says: 'an id is lower-case letters',
  },
  {
    what: 'with a list of the wrong shape',
    text: one('    needs: b'),
    path: 'briefs[0].needs',
    line: 7,
    says: 'wants a list, and this is text',
  },
  {
    what: 'with an accept of neither form',
    text: one('    accept: yes'),
    path: 'briefs[0].accept',
    line: 7,
    says: 'wants a map, and this is text',
  },
  {
    what: 'with a key of a later version',
    text: plan('grain: brief\nbriefs: [{ id: a, run: [node] }]'),
    path: 'grain',
    line: 4,
    says: 'does not support `grain` yet',
  },
  ...(
    [
      ['samples: 3', 'samples', 'does not say what becomes of the samples'],
      ['keep: all', 'keep', 'wants `samples`'],
      ['rank: { by: x, judge: y }', 'rank', 'nothing is kept here'],
      ['samples: 3, keep: all, vote: { samples: 3 }', 'samples', '`vote` says already'],
      ['perspectives: [a, b], vote: { samples: 3 }', 'perspectives', '`vote` says already'],
      ['perspectives: [a, b], samples: 3, keep: all', 'perspectives', '`samples` says already'],
      ['perspectives: [a]', 'perspectives', 'wants two viewpoints or more'],
      ['perspectives: { a: x }', 'perspectives', 'wants two viewpoints or more'],
      ['perspectives: [a, b, a]', 'perspectives', 'names a viewpoint twice'],
      ['batch: true, vote: { samples: 3 }', 'batch', '`vote` does not go with batches'],
      ['batch: { by: 6h }, budget: { tokens: 9 }', 'batch', '`budget` does not go with batches'],
    ] as const
  ).map(([keys, at, says]) => ({
    what: `asked several times as \`${keys}\``,
    text: plan(`briefs:\n  - { id: a, ask: Which?, ${keys} }`),
    path: `briefs[0].${at}`,
    line: 5,
    says,
  })),
  {
    what: 'with a judge that is told nothing',
    text: one('    accept: { judge: capable }'),
    path: 'briefs[0].accept.judge',
    line: 7,
    says: 'a judge wants `says`: the sentence that has to be true of the output',
  },
  {
    what: 'with a sentence that nobody judges',
    text: one('    accept: [{ cel: output == 1 }, { says: It is one. }]'),
    path: 'briefs[0].accept[1].says',
    line: 7,
    says: 'nobody judges this. Say by which model: `judge: capable`',
  },
  {
    what: 'with a template for a judge',
    text: one('    accept: { judge: capable, says: "It names {{ params.x }}." }'),
    path: 'briefs[0].accept.says',
    line: 7,
    says: 'no templates here: the judge is given the output, and nothing else',
  },
  {
    what: 'that retries on a type that is none',
    text: one('    retry: { on: { ModelRateLimit: { attempts: 8 } } }'),
    path: 'briefs[0].retry.on.ModelRateLimit',
    line: 7,
    says: 'no try ends with `ModelRateLimit`. Did you mean `ModelRateLimited`?',
  },
  {
    what: 'that retries on a type that ends no try',
    text: one('    retry: { on: { StoreUnavailable: { attempts: 8 } } }'),
    path: 'briefs[0].retry.on.StoreUnavailable',
    line: 7,
    says: 'no try ends with `StoreUnavailable`. Did you mean `ModelUnavailable`?',
  },
  {
    what: 'that retries on a type that nothing mends',
    text: one('    retry: { on: { ModelAuth: { attempts: 8 } } }'),
    path: 'briefs[0].retry.on.ModelAuth',
    line: 7,
    says: 'no other try mends `ModelAuth`: it ends a brief at once',
  },
  {
    what: 'that says of a type what is not its own',
    text: one('    retry: { on: { TimedOut: { then: missing } } }'),
    path: 'briefs[0].retry.on.TimedOut.then',
    line: 7,
    says: 'unknown key `then`. Known here: attempts, backoff',
  },
  {
    what: 'with an effect that is none',
    text: one('    effect: twice'),
    path: 'briefs[0].effect',
    line: 7,
    says: 'wants one of once',
  },
  {
    what: 'that must not run twice and promises tries after a timeout',
    text: one('    effect: once\n    retry: { on: { TimedOut: { attempts: 2 } } }'),
    path: 'briefs[0].retry.on.TimedOut.attempts',
    line: 8,
    says: '`a` must not run twice (`effect: once`), and a try that ends with `TimedOut` took place, or may have',
  },
  {
    what: 'with a limit on silence that its timeout always comes before',
    text: one('    timeout: 90s\n    stall: 2m'),
    path: 'briefs[0].stall',
    line: 8,
    says: '`stall` (2m) never comes before `timeout` (90s). Make it shorter, or `timeout` longer.',
  },
  {
    what: 'with a limit on silence as long as the timeout that holds unless told',
    text: one('    stall: 600s'),
    path: 'briefs[0].stall',
    line: 7,
    says: 'never comes before `timeout` (10m)',
  },
  {
    what: 'with a limit on silence that its `within` always comes before',
    text: one('    within: 1m\n    stall: 1m'),
    path: 'briefs[0].stall',
    line: 8,
    says: 'never comes before `within` (1m)',
  },
  {
    what: 'with a limit on silence that is shorter than progress is told of',
    text: one('    stall: 900ms'),
    path: 'briefs[0].stall',
    line: 7,
    says: '`stall` is at least 1s',
  },
  {
    what: 'with a budget of nothing',
    text: plan('limits: { budget: { soft: 0.8 } }\nbriefs: [{ id: a, run: [node] }]'),
    path: 'limits.budget',
    line: 4,
    says: 'says neither `usd` nor `tokens`',
  },
  {
    what: 'with a brief that may spend nothing said',
    text: one('    budget: {}'),
    path: 'briefs[0].budget',
    line: 7,
    says: 'says neither `usd` nor `tokens`',
  },
  {
    what: 'with a budget in dollars for models whose price nobody knows',
    text: plan(
      'limits: { budget: { usd: 5 } }\nmodels: { default: gpt-5-mini, capable: their-own }\nbriefs: [{ id: a, ask: Say it., retry: { escalate: true } }]',
    ),
    path: 'limits',
    line: 4,
    says: 'nobody knows what `their-own` costs',
  },
  {
    what: 'with a shared lock',
    text: plan('resources: { books: { capacity: 1, scope: global } }'),
    path: 'resources.books.scope',
    line: 4,
    says: 'does not support `scope` yet',
  },
  {
    what: 'with an overflow that nobody knows',
    text: one('    forEach: { in: [1], overflow: last }'),
    path: 'briefs[0].forEach.overflow',
    line: 7,
    says: 'wants one of first',
  },
  {
    what: 'with a writer that nobody knows',
    text: plan('integrate: { synthesize: { role: wirter } }'),
    path: 'integrate.synthesize.role',
    line: 4,
    says: "there is no role `wirter`: no `roles/wirter.md` beside the plan, and Muster's own are explorer, writer. Did you mean `writer`?",
  },
  {
    what: 'with a vote that nobody can win',
    text: plan('briefs:\n  - { id: a, ask: x, output: { type: string }, vote: { samples: 3, quorum: 4 } }'),
    path: 'briefs[0].vote.quorum',
    line: 5,
    says: '4 votes are wanted of 3 samples',
  },
  {
    what: 'with a vote on a field of a text',
    text: plan('briefs:\n  - { id: a, ask: x, vote: { samples: 3, field: winner } }'),
    path: 'briefs[0].vote.field',
    line: 5,
    says: 'the output has no fields: it is text',
  },
  {
    what: 'with a vote at a place that cannot be read',
    text: plan("briefs:\n  - { id: a, ask: x, output: {}, vote: { samples: 3, field: '$.[' } }"),
    path: 'briefs[0].vote.field',
    line: 5,
    says: 'is no JSONPath',
  },
  {
    what: 'with a vote on a field that nobody has',
    text: plan(
      'briefs:\n  - { id: a, ask: x, output: { properties: { winner: {} }, additionalProperties: false }, vote: { samples: 3, field: winer } }',
    ),
    path: 'briefs[0].vote.field',
    line: 5,
    says: '`output` names no field `winer`. Did you mean `winner`?',
  },
  {
    what: 'with a vote that would ask a tier above its own models',
    text: plan(
      'models: { fast: a, default: b }\nbriefs:\n  - { id: a, ask: x, output: {}, vote: { samples: 3, tie: escalate, models: [fast] } }',
    ),
    path: 'briefs[0].vote.tie',
    line: 6,
    says: 'nobody is asked but `vote.models`',
  },
  ...[
    ['without a second try', 'retry: { attempts: 1, escalate: true }', 'there is no second try'],
    [
      'of a model that is no tier',
      'model: gpt-9, retry: { escalate: true }',
      '`gpt-9` is no tier of `models`',
    ],
    ['without tiers', 'retry: { escalate: true }', 'the plan has no two tiers'],
  ].map(([what, keys, says]) => ({
    what: `with the next tier wanted ${what}`,
    text: plan(`models: { default: b }\nbriefs:\n  - { id: a, ask: x, output: {}, ${keys} }`),
    path: 'briefs[0].retry.escalate',
    line: 6,
    says: says!,
    severity: 'warning' as const,
  })),
  {
    what: 'with a vote on free text',
    text: plan('briefs:\n  - { id: a, ask: x, vote: { samples: 3 } }'),
    path: 'briefs[0].vote',
    line: 5,
    says: 'samples of free text hardly agree',
    severity: 'warning',
  },
  {
    what: 'with a vote of a command',
    text: plan('briefs:\n  - { id: a, run: [node], vote: { samples: 3 } }'),
    path: 'briefs[0].vote',
    line: 5,
    says: 'means nothing to `run`',
  },
  {
    what: 'with two sections of one title',
    text: plan('integrate: { synthesize: { sections: [{ title: A }, { title: A }] } }'),
    path: 'integrate.synthesize.sections[1].title',
    line: 4,
    says: 'two sections are called `A`',
  },
  {
    what: 'with a section from nowhere',
    text: plan('integrate: { synthesize: { sections: [{ title: A, in: rows }] } }'),
    path: 'integrate.synthesize.sections[0].in',
    line: 4,
    says: '`rows` is no JSONPath',
  },
  {
    what: 'with a function and a key',
    text: two('integrate: { merge: { x: { from: [a], key: k, reduce: sum } } }'),
    path: 'integrate.merge.x.key',
    line: 9,
    says: '`reduce` brings the items together by itself. Remove `key`, or `reduce`',
  },
  {
    what: 'with repair without end',
    text: plan('integrate: { repair: { rounds: 9 } }'),
    path: 'integrate.repair.rounds',
    line: 4,
    says: 'is over the maximum of 5',
  },
  {
    what: 'with statements that are to be found in what said them',
    text: plan("requirements: [{ id: r, says: x, check: { provenance: strict, in: '$.a' } }]"),
    path: 'requirements[0].check',
    line: 4,
    says: 'what a brief said is always found in what it delivered. Hold it against what the brief was given: `against: inputs`.',
  },
  {
    what: 'with a provenance check of nothing',
    text: plan('requirements: [{ id: r, says: x, check: { provenance: strict, against: inputs } }]'),
    path: 'requirements[0].check',
    line: 4,
    says: '`provenance` wants `in`: a JSONPath into the merged data',
  },
  {
    what: 'with words of provenance for another check',
    text: plan("requirements: [{ id: r, says: x, check: { count: { min: 1 }, in: '$.a', cites: from } }]"),
    path: 'requirements[0].check.cites',
    line: 4,
    says: '`cites` says how `provenance` is checked; this check has none.',
  },
  {
    what: 'with a rubric for nobody',
    text: plan(
      "requirements: [{ id: r, says: x, check: { count: { min: 1 }, in: '$.a', rubric: Be kind. } }]",
    ),
    path: 'requirements[0].check.rubric',
    line: 4,
    says: '`rubric` says how `judge` is checked; this check has none.',
  },
  {
    what: 'with a rule that has a judge look at nothing',
    text: two(
      'integrate: { merge: { x: { from: [a], key: k, conflicts: [{ prefer: a, by: The date. }] } } }',
    ),
    path: 'integrate.merge.x.conflicts[0].by',
    line: 9,
    says: '`by` says by what a `judge` chooses; this rule has none.',
  },
  {
    what: 'with a judge that nobody names',
    text: two('integrate: { merge: { x: { from: [a], key: k, conflicts: [judge] } } }'),
    path: 'integrate.merge.x.conflicts[0]',
    line: 9,
    says: '`judge` wants to know by what, as in `judge: capable`.',
  },
];

const traps: Bad[] = [
  {
    what: 'a value that begins with {{',
    text: one('    title: {{ params.x }}'),
    path: 'briefs[0].title',
    line: 7,
    says: 'Quote this',
  },
  {
    what: 'an argument that begins with {{',
    text: briefs('  - id: a\n    run: [node, {{ params.x }}]'),
    path: 'briefs[0].run[1]',
    line: 6,
    says: 'Quote this',
  },
  {
    what: 'a value with text behind }}',
    text: one('    title: {{ x }} and more'),
    path: '',
    line: 7,
    says: 'begins with `{{` is a map to YAML: quote this',
  },
  {
    what: 'prose with a # in it',
    text: plan('briefs:\n  - id: a\n    ask: Fix issue # 12.'),
    path: 'briefs[0].ask',
    line: 6,
    says: 'is a comment to YAML and would be lost. Quote this.',
  },
  {
    what: 'prose that is a number',
    text: plan('briefs:\n  - id: a\n    ask: 12'),
    path: 'briefs[0].ask',
    line: 6,
    says: 'If text is meant, quote this',
  },
  {
    what: 'an argument that is a number',
    text: briefs('  - id: a\n    run: [node, 12]'),
    path: 'briefs[0].run[1]',
    line: 6,
    says: 'If text is meant, quote this',
  },
  {
    what: 'an argument that is true',
    text: briefs('  - id: a\n    run: [node, true]'),
    path: 'briefs[0].run[1]',
    line: 6,
    says: 'this is `true`. If text is meant, quote this',
  },
  {
    what: 'prose with a colon in it',
    text: one('    title: Note: this'),
    path: '',
    line: 7,
    says: 'Text that holds `: ` is a map to YAML: quote this',
  },
];

const meanings: Bad[] = [
  {
    what: 'an id that stands twice',
    text: two('  - id: a\n    run: [node]'),
    path: 'briefs[2].id',
    line: 9,
    says: 'already the id of briefs[0]',
  },
  {
    what: 'a reserved id',
    text: briefs('  - id: params\n    run: [node]'),
    path: 'briefs[0].id',
    line: 5,
    says: 'reserved word',
  },
  {
    what: 'an id that is also an item',
    text: two('    forEach: { in: [1], as: a }'),
    path: 'briefs[0].id',
    line: 5,
    says: 'also the name of an item',
  },
  {
    what: 'no executor',
    text: briefs('  - id: a\n    title: x'),
    path: 'briefs[0]',
    line: 5,
    says: 'has no executor',
  },
  {
    what: 'two executors',
    text: one('    call: f'),
    path: 'briefs[0]',
    line: 5,
    says: '2 executors: run, call',
  },
  {
    what: 'a key the executor never reads',
    text: one('    scope: x'),
    path: 'briefs[0].scope',
    line: 7,
    says: 'belongs to `ask`',
  },
  {
    what: 'a need that dangles',
    text: briefs('  - id: explore\n    run: [node]\n  - id: b\n    run: [node]\n    needs: [explor]'),
    path: 'briefs[1].needs[0]',
    line: 9,
    says: 'no brief is called `explor`. Did you mean `explore`?',
  },
  {
    what: 'a need that stands twice',
    text: two('    needs: [a, a]'),
    path: 'briefs[1].needs[1]',
    line: 9,
    says: 'needed twice',
  },
  {
    what: 'a cycle',
    text: briefs(
      '  - id: verdict\n    run: [node]\n    needs: [dig]\n  - id: dig\n    run: [node]\n    needs: [verdict]',
    ),
    path: 'briefs[0].needs',
    line: 7,
    says: 'cycle: verdict → dig → verdict',
  },
  {
    what: 'a need of itself',
    text: one('    needs: [a]'),
    path: 'briefs[0].needs',
    line: 7,
    says: 'cannot need itself',
  },
  {
    what: 'context that is not needed',
    text: briefs('  - id: a\n    run: [node]\n  - id: b\n    ask: x\n    context: [a]'),
    path: 'briefs[1].context[0]',
    line: 9,
    says: 'Add it to `needs`',
  },
  {
    what: 'files of no input',
    text: plan('inputs: { notes: { glob: n/*.md } }\nbriefs:\n  - id: a\n    ask: x\n    files: [note]'),
    path: 'briefs[0].files[0]',
    line: 8,
    says: 'Did you mean `notes`?',
  },
  {
    what: 'a pairing with no fan',
    text: two('    forEach: { each: a }'),
    path: 'briefs[1].forEach.each',
    line: 9,
    says: 'no `forEach`',
  },
  {
    what: 'a fan-out with two sources',
    text: one('    forEach: { in: [1], matrix: { x: [1] } }'),
    path: 'briefs[0].forEach',
    line: 7,
    says: 'this has in and matrix',
  },
  {
    what: 'an exclusion of no axis',
    text: one('    forEach: { matrix: { x: [1] }, exclude: [{ y: 1 }] }'),
    path: 'briefs[0].forEach.exclude[0].y',
    line: 7,
    says: 'no axis `y`',
  },
  {
    what: 'an expression that is none',
    text: one("    when: 'params.x &&'"),
    path: 'briefs[0].when',
    line: 7,
    says: 'the expression `params.x &&` fails: at character 10',
  },
  {
    what: 'an expression of 2,001 characters',
    text: one(`    when: '${'(((((1'.repeat(400)}'`),
    path: 'briefs[0].when',
    line: 7,
    says: 'longer than 2000 characters',
  },
  {
    what: 'a template that is none',
    text: briefs("  - id: a\n    run: [node, '{{ params.x ']"),
    path: 'briefs[0].run[1]',
    line: 6,
    says: 'not closed',
  },
  {
    what: 'a filter that is none',
    text: briefs("  - id: a\n    run: [node, '{{ 1 | shout }}']"),
    path: 'briefs[0].run[1]',
    line: 6,
    says: 'undefined filter: shout',
  },
  {
    what: 'a template that includes',
    text: briefs('  - id: a\n    run: [node, \'{% include "x" %}\']'),
    path: 'briefs[0].run[1]',
    line: 6,
    says: 'tag "include" not found',
  },
  {
    what: 'a template that reads the clock',
    text: briefs('  - id: a\n    run: [node, \'{{ "now" | date }}\']'),
    path: 'briefs[0].run[1]',
    line: 6,
    says: 'undefined filter: date',
  },
  {
    what: 'a parameter that is not declared',
    text: plan(
      "params: { type: object, properties: { vendors: {} } }\nbriefs: [{ id: a, run: [node, 'x{{ params.vendor }}'] }]",
    ),
    path: 'briefs[0].run[1]',
    line: 5,
    says: 'no parameter is called `vendor`. Did you mean `vendors`?',
  },
  {
    what: 'an input that is not declared',
    text: one('    when: inputs.notes.size() > 0'),
    path: 'briefs[0].when',
    line: 7,
    says: 'no input is called `notes`',
  },
  {
    what: 'a name that is nothing',
    text: one('    when: zork > 1'),
    path: 'briefs[0].when',
    line: 7,
    says: 'nothing here is called `zork`',
  },
  {
    what: 'a use without a need',
    text: two("    stdin: { from: 'a.output' }"),
    path: 'briefs[1].stdin.from',
    line: 9,
    says: '`b` does not need it. Add it to `needs`',
  },
  {
    what: 'a member that a need has not',
    text: two("    needs: [a]\n    stdin: { from: 'a.topics' }"),
    path: 'briefs[1].stdin.from',
    line: 10,
    says: 'Did you mean `a.output.topics`?',
  },
  {
    what: 'an item without a fan',
    text: one('    when: key == "x"'),
    path: 'briefs[0].when',
    line: 7,
    says: '`a` has no `forEach`',
  },
  {
    what: 'an item in its own source',
    text: one('    forEach: { in: item.more }'),
    path: 'briefs[0].forEach.in',
    line: 7,
    says: 'only within an instance',
  },
  {
    what: 'a resource of no name',
    text: plan('resources: { books: 1 }\nbriefs: [{ id: a, run: [node], uses: { book: 1 } }]'),
    path: 'briefs[0].uses.book',
    line: 5,
    says: 'Did you mean `books`?',
  },
  {
    what: 'more of a resource than there is',
    text: plan('resources: { books: 1 }\nbriefs: [{ id: a, run: [node], uses: { books: 2 } }]'),
    path: 'briefs[0].uses.books',
    line: 5,
    says: 'It could never start',
  },
  {
    what: 'a rule by no name of the field',
    text: two('    needs: [a]\n    join: all_sucess'),
    path: 'briefs[1].join',
    line: 10,
    says: 'Did you mean `all_success`?',
  },
  {
    what: 'a join of nothing',
    text: one('    join: all_done'),
    path: 'briefs[0].join',
    line: 7,
    says: 'needs nothing, so there is nothing to join',
  },
  {
    what: 'an await of what is not needed',
    text: two('    needs: [a]\n    await: { aa: all_done }'),
    path: 'briefs[1].await.aa',
    line: 10,
    says: 'is not among the needs of `b`. Did you mean `a`?',
  },
  {
    what: 'half of one',
    text: two('    needs: [a]\n    await: { a: { atLeast: 1.5 } }'),
    path: 'briefs[1].await.a.atLeast',
    line: 10,
    says: 'wants a whole number, or a share below 1',
  },
  {
    what: 'more than there can be',
    text: briefs(
      '  - id: a\n    run: [node]\n    forEach: { in: [1, 2] }\n  - id: b\n    run: [node]\n    needs: [a]\n    await: { a: { atLeast: 3 } }',
    ),
    path: 'briefs[1].await.a.atLeast',
    line: 11,
    says: '`a` has at most 2 to deliver, so 3 never will',
  },
  {
    what: 'more than may begin',
    text: briefs(
      '  - id: a\n    run: [node]\n    forEach: { in: [1, 2], max: 1, overflow: first }\n  - id: b\n    run: [node]\n    needs: [a]\n    await: { a: { atLeast: 2 } }',
    ),
    path: 'briefs[1].await.a.atLeast',
    line: 11,
    says: '`a` has at most 1 to deliver, so 2 never will',
  },
  {
    what: 'two ways to say when',
    text: two('    needs: [a]\n    await: { a: { rule: all_done, atLeast: 1 } }'),
    path: 'briefs[1].await.a.atLeast',
    line: 10,
    says: 'Keep one',
  },
  {
    what: 'a rest where all is waited for',
    text: two('    needs: [a]\n    await: { a: { rule: all_done, rest: cancel } }'),
    path: 'briefs[1].await.a.rest',
    line: 10,
    says: 'there is no rest to cancel: `b` waits for all of `a`',
  },
  {
    what: 'a rest that somebody else needs',
    text: briefs(
      '  - id: a\n    run: [node]\n  - id: b\n    run: [node]\n    needs: [a]\n    await: { a: { by: 1s, rest: cancel } }\n  - id: c\n    run: [node]\n    needs: [a]',
    ),
    path: 'briefs[1].await.a.rest',
    line: 10,
    says: '`c` needs `a` as well',
  },
  {
    what: 'a number of a pair',
    text: briefs(
      '  - id: a\n    run: [node]\n    forEach: { in: [1, 2] }\n  - id: b\n    run: [node]\n    forEach: { each: a }\n    await: { a: { atLeast: 1 } }',
    ),
    path: 'briefs[1].await.a.atLeast',
    line: 11,
    says: 'each instance waits for its own one only',
  },
  {
    what: 'an optional brief that is not there',
    text: two('    optional: [aa]'),
    path: 'briefs[1].optional[0]',
    line: 9,
    says: 'no brief is called `aa`. Did you mean `a`?',
  },
  {
    what: 'an optional need that is needed',
    text: two('    needs: [a]\n    optional: [a]'),
    path: 'briefs[1].optional[0]',
    line: 10,
    says: 'Name it in one of them',
  },
  {
    what: 'a writer after a fan-out that does not say how',
    text: briefs(
      '  - id: a\n    run: [node]\n    forEach: { in: [1, 2] }\n  - id: b\n    run: [node]\n    needs: [a]\n    writes: [out.md]',
    ),
    path: 'briefs[1].needs',
    line: 10,
    says: 'Say `join: all_success` or `join: all_done`',
  },
  {
    what: 'a writer that may begin before another writer of the path has ended',
    text: briefs(
      '  - id: a\n    run: [node]\n    writes: [x]\n  - id: b\n    run: [node]\n    needs: [a]\n    join: one_done\n    writes: [x]',
    ),
    path: 'briefs[1].writes[0]',
    line: 12,
    says: 'neither waits for the other',
  },
  {
    what: 'two writers of one path',
    text: briefs(
      "  - id: a\n    run: [node]\n    writes: ['out/**']\n  - id: b\n    run: [node]\n    writes: [out/x.md]",
    ),
    path: 'briefs[1].writes[0]',
    line: 10,
    says: '`b` also writes what `a` writes, such as `out/x.md`',
  },
  {
    what: 'a reader beside its writer',
    text: briefs(
      '  - id: a\n    run: [node]\n    reads: [out/*.md]\n  - id: b\n    run: [node]\n    writes: [out/x.md]',
    ),
    path: 'briefs[0].reads[0]',
    line: 7,
    says: '`a` reads what `b` writes, such as `out/x.md`',
  },
  {
    what: 'an output schema that is none',
    text: one('    output: { type: objekt }'),
    path: 'briefs[0].output',
    line: 7,
    says: 'this is no JSON Schema',
  },
  {
    what: 'an output schema with a pattern beyond RE2',
    text: one("    output: { type: string, pattern: '(?=a)' }"),
    path: 'briefs[0].output',
    line: 7,
    says: 'invalid or unsupported Perl syntax',
  },
  {
    what: 'an output schema in no file',
    text: one('    output: { $ref: schemas/x.json }'),
    path: 'briefs[0].output.$ref',
    line: 7,
    says: 'no file `schemas/x.json`',
  },
  {
    what: 'a params schema that is none',
    text: plan('params: { type: 3 }\nbriefs: [{ id: a, run: [node] }]'),
    path: 'params',
    line: 4,
    says: 'this is no JSON Schema',
  },
  {
    what: 'a missing parameter',
    text: plan('params: { type: object, properties: { x: {} }, required: [x] }'),
    path: 'params.x',
    line: 4,
    says: 'the parameter `x` is missing',
  },
  {
    what: 'an unknown parameter',
    text: plan('params: { type: object, properties: { vendors: {} } }'),
    path: 'params.vendor',
    line: 4,
    says: 'Did you mean `vendors`?',
    more: { params: { vendor: 1 } },
  },
  {
    what: 'a parameter of the wrong type',
    text: plan('params: { type: object, properties: { x: { type: number } } }'),
    path: 'params.x',
    line: 4,
    says: 'must be number',
    more: { params: { x: 'y' } },
  },
  {
    what: 'an empty glob with min',
    text: plan("inputs: { notes: { glob: 'notes/*.md', min: 1 } }"),
    path: 'inputs.notes',
    line: 4,
    says: '`notes/*.md` matches 0 files, and at least 1 are wanted',
  },
  {
    what: 'too many files',
    text: plan("inputs: { all: { glob: '*.txt', max: 1 } }"),
    path: 'inputs.all',
    line: 4,
    says: 'matches 2 files, over its maximum of 1',
  },
  {
    what: 'a command that does not exist',
    text: briefs('  - id: a\n    run: [nope, x]'),
    path: 'briefs[0].run[0]',
    line: 6,
    says: 'no command `nope` on PATH',
  },
  {
    what: 'an accepting command that does not exist',
    text: one('    accept: { command: [./check] }'),
    path: 'briefs[0].accept.command[0]',
    line: 7,
    says: "no command `./check` in the plan's folder",
  },
  {
    what: 'a verifying command that does not exist',
    text: plan('integrate: { verify: [nope] }'),
    path: 'integrate.verify[0]',
    line: 4,
    says: 'no command `nope`',
  },
  {
    what: 'an argument that turns into an option',
    text: plan(
      "params: { type: object, properties: { x: { default: '-rf' } } }\nbriefs: [{ id: a, run: [node, '{{ params.x }}'] }]",
    ),
    path: 'briefs[0].run[1]',
    line: 5,
    says: 'becomes `-rf`, which a command would take for an option',
  },
  {
    what: 'a merge of no brief',
    text: two('integrate: { merge: { rows: { from: [c] } } }'),
    path: 'integrate.merge.rows.from[0]',
    line: 9,
    says: 'no brief is called `c`',
  },
  {
    what: 'a preference for a brief that is not merged',
    text: two('integrate: { merge: { rows: { from: [a], conflicts: [prefer: b] } } }'),
    path: 'integrate.merge.rows.conflicts[0].prefer',
    line: 9,
    says: 'not among the briefs under `from`',
  },
  {
    what: 'a rule that does not say by what it decides',
    text: two('integrate: { merge: { rows: { from: [a], key: x, conflicts: [newest] } } }'),
    path: 'integrate.merge.rows.conflicts[0]',
    line: 9,
    says: 'as in `newest: updated`',
  },
  {
    what: 'two rules in one',
    text: two('integrate: { merge: { rows: { from: [a], key: x, conflicts: [{ prefer: a, newest: x }] } } }'),
    path: 'integrate.merge.rows.conflicts[0]',
    line: 9,
    says: 'says prefer and newest',
  },
  {
    what: 'one of several preferences for a brief that is not merged',
    text: two('integrate: { merge: { rows: { from: [a], key: x, conflicts: [prefer: [a, b]] } } }'),
    path: 'integrate.merge.rows.conflicts[0].prefer',
    line: 9,
    says: '`b` is not among the briefs under `from`',
  },
  {
    what: 'likeness of items that have a key',
    text: two('integrate: { merge: { rows: { from: [a], key: x, near: 0.8 } } }'),
    path: 'integrate.merge.rows.near',
    line: 9,
    says: 'items without a key',
  },
  {
    what: 'an order of what is one thing',
    text: two('integrate: { merge: { rows: { from: [a], deep: true, rank: { by: x } } } }'),
    path: 'integrate.merge.rows.rank',
    line: 9,
    says: 'needs several items',
  },
  {
    what: 'a unit that nobody knows',
    text: two('integrate: { merge: { rows: { from: [a], key: x, compare: { w: { unit: stone5 } } } } }'),
    path: 'integrate.merge.rows.compare.w.unit',
    line: 9,
    says: 'no unit that numbers can be converted to',
  },
  {
    what: 'a tolerance that is neither an amount nor a share',
    text: two('integrate: { merge: { rows: { from: [a], key: x, compare: { w: { within: about } } } } }'),
    path: 'integrate.merge.rows.compare.w.within',
    line: 9,
    says: 'a share such as `2%`',
  },
  {
    what: 'a merge at no JSONPath',
    text: two("integrate: { merge: { rows: { from: [a], at: 'rows[' } } }"),
    path: 'integrate.merge.rows.at',
    line: 9,
    says: 'no JSONPath (RFC 9535)',
  },
  {
    what: 'a check of two kinds',
    text: plan("requirements: [{ id: r, says: x, check: { cel: 'true', matches: y, in: $ } }]"),
    path: 'requirements[0].check',
    line: 4,
    says: 'this has matches and cel',
  },
  {
    what: 'a check of no kind',
    text: plan('requirements: [{ id: r, says: x, check: { in: $ } }]'),
    path: 'requirements[0].check',
    line: 4,
    says: 'this has none',
  },
  {
    what: 'a check without a place',
    text: plan('requirements: [{ id: r, says: x, check: { matches: y } }]'),
    path: 'requirements[0].check',
    line: 4,
    says: '`matches` wants `in`',
  },
  {
    what: 'a check with a pattern beyond RE2',
    text: plan("requirements: [{ id: r, says: x, check: { matches: '(a)\\1', in: $ } }]"),
    path: 'requirements[0].check.matches',
    line: 4,
    says: 'no RE2 pattern',
  },
  {
    what: 'a check of a name that is nothing',
    text: plan("requirements: [{ id: r, says: x, check: { cel: 'rows.size() > 0' } }]"),
    path: 'requirements[0].check.cel',
    line: 4,
    says: 'Known here: data, ledger',
  },
  {
    what: 'a check with an upside-down count',
    text: plan('requirements: [{ id: r, says: x, check: { count: { min: 3, max: 1 }, in: $ } }]'),
    path: 'requirements[0].check.count',
    line: 4,
    says: '`min` 3 is above `max` 1',
  },
  {
    what: 'a check schema that is none',
    text: plan('requirements: [{ id: r, says: x, check: { schema: { required: x } } }]'),
    path: 'requirements[0].check.schema',
    line: 4,
    says: 'this is no JSON Schema',
  },
  {
    what: 'two requirements of one id',
    text: plan('requirements: [{ id: r, says: x }, { id: r, says: y }]'),
    path: 'requirements[1].id',
    line: 4,
    says: 'names two requirements',
  },
];

const asks = (http: string, more = '') => briefs(`  - id: a\n    http: ${http}\n${more}`);
const request = (keys: string) => briefs(`  - id: a\n    http:\n      url: https://x.test/\n${keys}`);

/** Requests that do not say whom they talk to, or would be taken for something else on the way. */
const requests: Bad[] = [
  ...(
    [
      ['no method', 'https://x.test/', 'write the method, then the address'],
      ['an unknown method', 'GRT https://x.test/', '`GRT` is no method. Did you mean `GET`?'],
      ['a method in small letters', 'get https://x.test/', 'Did you mean `GET`?'],
      ['a method that opens a tunnel', 'CONNECT https://x.test/', '`CONNECT` is no method'],
      ['no whole address', 'GET /v1/rows', 'is no whole address'],
      ['another scheme', 'GET ftp://x.test/', '`ftp:` is neither'],
      ['a file', 'GET file:///etc/passwd', '`file:` is neither'],
      ['no host', 'GET https:///x', 'is no host'],
      ['a template for an address', "'GET {{ params.url }}'", 'hold no template'],
      ['a template in the scheme', "'GET {{ params.s }}://x.test/'", 'hold no template'],
      ['a template in the host', "'GET https://{{ params.h }}.x.test/'", 'hold no template'],
      ['a template in the port', "'GET https://x.test:{{ params.p }}/'", 'hold no template'],
      ['a template right after the host', "'GET https://x.test{{ params.h }}'", 'hold no template'],
      ['a tag in the host', "'GET https://x.test{% if true %}.evil.test{% endif %}/'", 'hold no template'],
      ['a user name', 'GET https://x.test@evil.test/', 'an address with a user name'],
      ['a password', 'GET https://me:secret@x.test/', 'an address with a user name'],
      ['a backslash', 'GET https://x.test\\@evil.test/', 'an address has no `\\`'],
      ['a blank', 'GET https://x.test/a b', 'an address has no blanks'],
      ['a decimal host', 'GET http://2130706433/', '`2130706433` means `127.0.0.1`'],
      ['an octal host', 'GET http://0177.0.0.1/', '`0177.0.0.1` means `127.0.0.1`'],
      ['a host in full-width letters', 'GET http://ｅｘａｍｐｌｅ.test/', 'means `example.test`'],
      ['a percent-encoded host', 'GET http://%65xample.test/', 'means `example.test`'],
      ['a host in other letters', 'GET http://exаmple.test/', 'means `xn--exmple-4nf.test`'],
      ['a dot at the end of its host', 'GET http://x.test./', 'means `x.test`'],
      ['a fragment', "'GET https://x.test/#top'", 'is never sent'],
      ['a way upwards', 'GET https://x.test/a/../b', 'a path holds no'],
      ['a way upwards in disguise', 'GET https://x.test/a/.%2E/b', 'a path holds no'],
      ['an address encoded by hand', "'GET https://x.test/{{ params.q | url_encode }}'", 'by itself'],
      ['a raw value', "'GET https://x.test/{{ params.q | raw }}'", 'undefined filter: raw'],
      [
        'a captured value',
        "'GET https://x.test/{% capture q %}x{% endcapture %}'",
        'tag "capture" not found',
      ],
      ['a name that is nothing', "'GET https://x.test/{{ zork }}'", 'nothing here is called `zork`'],
    ] as const
  ).map(([what, http, says]) => ({ what, text: asks(http), path: 'briefs[0].http', line: 6, says })),
  {
    what: 'an address that is none in a map',
    text: asks('{ url: x.test }'),
    path: 'briefs[0].http.url',
    line: 6,
    says: 'is no whole address',
  },
  {
    what: 'a method that is none in a map',
    text: request('      method: POTS'),
    path: 'briefs[0].http.method',
    line: 8,
    says: 'Did you mean `POST`?',
  },
  {
    what: 'a body without a method for it',
    text: request('      body: { from: params }'),
    path: 'briefs[0].http.body.from',
    line: 8,
    says: '`GET` sends no body',
  },
  {
    what: 'a body that uses what it does not need',
    text: request('      method: POST\n      body: { from: b.output }\n  - id: b\n    run: [node]'),
    path: 'briefs[0].http.body.from',
    line: 9,
    says: 'Add it to `needs`',
  },
  ...(
    [
      ['an idempotency key of its own', 'idempotency-Key: x', 'idempotency-Key', 'Muster sends'],
      ['a header of the connection', 'Host: evil.test', 'Host', 'belongs to the connection'],
      ['a header that asks for an encoding', 'Accept-Encoding: gzip', 'Accept-Encoding', 'belongs to'],
      ['a header that is no name', '"a b": x', 'a b', 'is no name of a header'],
      ['a header with a line break in it', '"X-A": "a\\r\\nX-B: b"', 'X-A', 'would hold a line break'],
      ['a header that is not ASCII', 'X-A: grün', 'X-A', 'no plain ASCII'],
      ['a header whose template fails', "X-A: '{{ zork }}'", 'X-A', 'nothing here is called `zork`'],
      ['a template before a secret', "X-A: { env: T, prefix: '{{ key }}' }", 'X-A', 'no templates here'],
      ['a secret with an unknown key', 'X-A: { env: T, prefx: x }', 'X-A.prefx', 'Did you mean `prefix`?'],
    ] as const
  ).map(([what, header, name, says]) => ({
    what,
    text: request(`      headers:\n        ${header}`),
    path: `briefs[0].http.headers.${name}`,
    line: 9,
    says,
  })),
  {
    what: 'a header that stands twice',
    text: request('      headers: { X-A: a, x-a: b }'),
    path: 'briefs[0].http.headers.x-a',
    line: 8,
    says: 'stands twice',
  },
  {
    what: 'a status that is none',
    text: asks('GET https://x.test/', '    okStatus: [42]'),
    path: 'briefs[0].okStatus[0]',
    line: 7,
    says: 'below the minimum of 200',
  },
  {
    what: 'a key of a command',
    text: asks('GET https://x.test/', '    okExit: [0]'),
    path: 'briefs[0].okExit',
    line: 7,
    says: '`okExit` means nothing to `http`',
  },
];

const doubts: Bad[] = [
  {
    what: 'a secret that is written into it',
    text: request('      headers: { Authorization: Bearer abc }'),
    path: 'briefs[0].http.headers.Authorization',
    line: 8,
    says: 'Use `{ env: NAME }`',
    severity: 'warning',
  },
  {
    what: 'an `ask` without output',
    text: briefs('  - id: a\n    ask: x'),
    path: 'briefs[0]',
    line: 5,
    says: 'any text is accepted',
    severity: 'warning',
  },
  {
    what: 'a need that is never used',
    text: two('    needs: [a]'),
    path: 'briefs[1].needs[0]',
    line: 9,
    says: 'its output is never used there',
    severity: 'warning',
  },
  {
    what: 'a lock held through a long back-off',
    text: plan(
      'resources: { books: 1 }\nbriefs: [{ id: a, run: [node], uses: { books: 1 }, retry: { attempts: 8 } }]',
    ),
    path: 'briefs[0].uses',
    line: 5,
    says: 'may hold `books` for 123 s',
    severity: 'warning',
  },
  {
    what: 'instances that write one path',
    text: one('    forEach: { in: [1, 2] }\n    writes: [out/all.md]'),
    path: 'briefs[0].writes',
    line: 8,
    says: 'run one at a time',
    severity: 'warning',
  },
  {
    what: 'a glob that finds nothing',
    text: plan('inputs: { notes: { glob: nope/* } }\nbriefs: [{ id: a, run: [node] }]'),
    path: 'inputs.notes',
    line: 4,
    says: 'matches 0 files',
    severity: 'warning',
  },
];

const around = memoryFolder({ 'a.txt': 'a', 'b.txt': 'b' });
const table = (cases: readonly Bad[]) =>
  it.each(cases.map((bad) => [bad.what, bad] as const))(
    '%s',
    async (_, { text, path, line, says, severity, more }) => {
      const problems = await problemsOf(text, more, around);
      const told = problems.map(
        (problem) => `${problem.severity} ${problem.line} ${problem.path} ${problem.message}`,
      );
      const here = problems.filter(
        (problem) => problem.path === path && problem.severity === (severity ?? 'error'),
      );
      expect(here.map(({ message }) => message).join('\n'), told.join('\n')).toMatch(
        says instanceof RegExp ? says : new RegExp(says.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')),
      );
      if (line !== undefined) expect(here.map((problem) => problem.line)).toContain(line);
    },
  );

/** A brief with a workspace of its own, and what else it says. */
const own = (keys: string) => one(`    workspace: copy\n${keys}`);
const shared = ['reads', 'writes', 'mirrors'];
const workspaces: Bad[] = [
  {
    what: '`workspace` of another kind',
    text: one('    workspace: branch'),
    path: 'briefs[0].workspace',
    line: 7,
    says: 'wants one of shared, copy, worktree',
  },
  {
    what: '`workspace` where nothing runs in a folder',
    text: briefs('  - id: a\n    ask: x\n    workspace: copy'),
    path: 'briefs[0].workspace',
    line: 7,
    says: '`workspace` means nothing to `ask`; it belongs to `run` and `call`',
  },
  ...[
    'timeout: 1m',
    'stall: 1m',
    'effect: once',
    'fallback: { value: 1 }',
    'heartbeat: 1m',
    'parse: json',
    'okExit: [1]',
    'stdin: { from: params }',
    'files: [x]',
    'model: fast',
    'output: { type: object }',
    'accept: { cel: "true" }',
    'uses: { x: 1 }',
    'writes: [x]',
    'workspace: copy',
  ].map((key) => ({
    what: `of a gate, with ${key}`,
    text: briefs(`  - id: a\n    gate: Go?\n    ${key}\n`),
    path: `briefs[0].${key.split(':')[0]}`,
    says: `\`${key.split(':')[0]}\` means nothing to \`gate\``,
  })),
  ...['attempts: 2', 'backoff: 1s..2s', 'on: { TimedOut: { attempts: 2 } }'].map((key) => ({
    what: `of a gate, with ${key}`,
    text: briefs(`  - id: a\n    gate: Go?\n    retry: { ${key} }\n`),
    path: `briefs[0].retry.${key.split(':')[0]}`,
    says: 'means nothing to `gate`: a person is asked once',
  })),
  {
    what: 'of a gate that is as wide as only work may be',
    text: briefs('  - id: a\n    gate: Go?\n    forEach: { in: params.x, max: 1001 }\n'),
    path: 'briefs[0].forEach.max',
    says: 'people are asked 1,000 things by one `gate` at most',
  },
  {
    what: 'of a gate that shows what it does not need',
    text: two('    gate: Go?\n    context: [a]\n').replace('    run: [node]\n    gate', '    gate'),
    path: 'briefs[1].context[0]',
    says: '`a` is not among the needs of `b`',
  },
  {
    what: '`produces` in the shared folder',
    text: one('    produces: [a.txt]'),
    path: 'briefs[0].produces',
    line: 7,
    says: 'Say `workspace: copy`, or use `writes`',
  },
  {
    what: '`produces` of nothing',
    text: own('    produces: []'),
    path: 'briefs[0].produces',
    line: 8,
    says: 'is empty',
  },
  {
    what: '`produces` with a sign for everything else',
    text: own("    produces: ['!src/**']"),
    path: 'briefs[0].produces[0]',
    line: 8,
    says: 'would name everything but that',
  },
  ...['/tmp/x', '../x', 'a/../../x'].map((glob) => ({
    what: `\`produces: [${glob}]\``,
    text: own(`    produces: ['${glob}']`),
    path: 'briefs[0].produces[0]',
    line: 8,
    says: 'leads out of the plan',
  })),
  ...shared.map((key) => ({
    what: `\`${key}\` in a workspace of its own`,
    text: own(`    ${key}: [a.txt]`),
    path: `briefs[0].${key}`,
    line: 8,
    says: 'has a workspace of its own',
  })),
  {
    what: 'workspaces of two kinds',
    text: briefs(
      '  - { id: a, run: [node], workspace: copy }\n  - { id: b, run: [node], workspace: worktree }',
    ),
    path: 'briefs[1].workspace',
    line: 6,
    says: '`a` has a `copy`',
  },
  {
    what: 'a workspace of a plan without a folder',
    text: own(''),
    path: 'briefs[0].workspace',
    says: 'no folder to make workspaces from',
    more: { folder: undefined } as unknown as Omit<Source, 'text'>,
  },
  {
    what: 'rules for files where there are none',
    text: `${one('')}integrate: { files: { conflicts: [majority] } }`,
    path: 'integrate.files',
    says: 'no brief has a workspace of its own',
  },
  {
    what: 'a preferred brief without a workspace',
    text: `${own('  - id: b\n    run: [node]\n')}integrate: { files: { conflicts: [{ prefer: b }] } }`,
    path: 'integrate.files.conflicts[0].prefer',
    says: '`b` has no workspace of its own',
  },
  {
    what: 'a rule for files that there is not',
    text: `${own('')}integrate: { files: { conflicts: [last] } }`,
    path: 'integrate.files.conflicts[0]',
    says: 'wants one of majority, keep-both, fail',
  },
  {
    what: 'two that may produce the same, with no rule for it',
    text: briefs(
      '  - { id: a, run: [node], workspace: copy, produces: [src/*] }\n  - { id: b, run: [node], workspace: copy, produces: [src/index.js] }',
    ),
    path: 'briefs[1].produces[0]',
    line: 6,
    says: '`a` and `b` may both produce `src/index.js`',
    severity: 'warning',
  },
];

describe('a plan is refused where the document is', () => table(documents));
describe('a plan is refused where it is', () => table(formats));
describe('a trap of YAML says "quote this":', () => table(traps));
describe('a plan is refused for', () => table(meanings));
describe('a plan is refused for a request with', () => table(requests));
describe('a plan is refused or warned about for', () => table(workspaces));
describe('a plan is warned about for', () => table(doubts));

describe('problems', () => {
  it('are all told at once, in the order of the document, each with its line', async () => {
    const problems = await problemsOf(
      plan(
        [
          'waves: roling',
          'briefs:',
          '  - id: a',
          '    run: [nope]',
          '    timeout: 5',
          '    needs: [b]',
          '  - id: b',
          '    role: x',
          "    run: [node, '{{ params.zork }}']",
          '    needs: [a, c]',
          'integrate: { merge: { rows: { from: [d] } } }',
        ].join('\n'),
      ),
    );
    expect(
      problems.filter(({ severity }) => severity === 'error').map(({ line, path }) => [line, path]),
    ).toEqual([
      [4, 'waves'],
      [7, 'briefs[0].run[0]'],
      [8, 'briefs[0].timeout'],
      [9, 'briefs[0].needs'],
      [11, 'briefs[1].role'],
      [12, 'briefs[1].run[1]'],
      [13, 'briefs[1].needs[1]'],
      [14, 'integrate.merge.rows.from[0]'],
    ]);
  });

  it('do not follow from one another: unreadable needs make no use without a need', async () => {
    const problems = await problemsOf(two("    needs: a\n    stdin: { from: 'a.output' }"));
    expect(problems.map(({ path }) => path)).toEqual(['briefs[1].needs']);
  });

  it('do not follow from one another: an unreadable executor is not a missing one', async () => {
    const problems = await problemsOf(briefs('  - id: a\n    run: node\n  - id: b\n    plan: me'));
    expect(problems.map(({ path }) => path)).toEqual(['briefs[0].run', 'briefs[1].plan']);
  });

  it('in a file the plan takes in are told with that file and its line', async () => {
    const folder = memoryFolder({ 'schemas/x.json': '{\n  "type":\n' });
    const [problem] = await problemsOf(one('    output: { $ref: schemas/x.json }'), {}, folder);
    expect(problem).toMatchObject({ path: 'briefs[0].output', line: 7 });
    expect(problem?.message).toMatch(/^schemas\/x\.json line \d: this is not YAML/);
  });

  it('name every cycle once', async () => {
    const problems = await problemsOf(
      briefs(
        ['a', 'b', 'c', 'd']
          .map((id, i) => `  - { id: ${id}, run: [node], needs: [${'badc'[i]}] }\n`)
          .join(''),
      ),
    );
    const cycles = problems.flatMap(({ message }) => /cycle: (.*)\. Remove/.exec(message)?.[1] ?? []);
    expect(cycles).toEqual(['a → b → a', 'c → d → c']);
  });
});
