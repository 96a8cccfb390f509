import { expect, it } from 'vitest';
import { endView } from '../../../src/cli/views/end.js';
import { PLAIN } from '../../../src/cli/views/look.js';
import type { Answer, Report } from '../../../src/core/integrate/report.js';

const ended = (n: number): Answer['ledger'] =>
  Array.from({ length: n }, (_, i) => ({ brief: 'dig', key: `${i}`, status: 'succeeded' }));
const said = (value: string) => ({ value, by: ['dig[a]'] });
const conflict = (rule: string, kept?: string) => ({
  in: 'rows',
  item: { vendor: 'a' },
  field: 'f',
  values: [said('x'), said('y')],
  rule,
  lost: [],
  ...(kept === undefined ? {} : { kept }),
});

const answer: Answer = {
  name: 'framework-survey',
  brief: 'Compare the frameworks and recommend one.',
  data: { rows: Array.from({ length: 41 }, () => ({})), verdict: 'temporal' },
  requirements: [
    {
      id: 'all_vendors',
      says: 'Every vendor has a row.',
      status: 'missing',
      evidence: '3 of 4 of `params.vendors` found at `$.rows[*].vendor`; not found: restate.',
    },
    { id: 'sourced', says: 'Every figure names its source.', status: 'covered', evidence: '…' },
    { id: 'ranked', says: 'Best first.', status: 'covered', evidence: '…' },
    { id: 'recommends', says: 'One recommendation.', status: 'unchecked', evidence: '…' },
  ],
  missing: [
    {
      brief: 'dig',
      key: 'restate',
      status: 'missing',
      why: 'dig[restate]: HTTP 451 from the licence server.',
      wouldHaveGiven: 'a row',
    },
  ],
  conflicts: [
    conflict('prefer licences', 'x'),
    conflict('majority', 'x'),
    conflict('prefer licences', 'y'),
    conflict('keep-both'),
  ],
  duplicates: [{ in: 'rows', item: 1, by: ['dig[a]', 'dig[b]', 'dig[c]'] }],
  provenance: { items: {}, files: {}, inputs: {} },
  ledger: ended(203),
};
const run: Report['run'] = {
  id: 'f3a1',
  first: 'first',
  plan: 'digest',
  status: 'partial',
  ending: 'completed',
  answer: `9c41${'0'.repeat(58)}e2`,
  started: 0,
  ended: 1_360_000,
  wallMs: 1_360_000,
  sumMs: 21_060_000,
  ratio: 15.49,
  agents: 201,
  tries: 212,
  reused: 0,
  takenUpAgain: 0,
  counts: { succeeded: 199, repaired: 2, missing: 1, skipped: 1 },
  usage: { inputTokens: 1_200_000, outputTokens: 80_000 },
  boundedBy: {
    by: 'needs',
    chain: ['explore', 'dig[durability]', 'verdict'].map((label) => ({ label, ms: 1, waitedMs: 0 })),
  },
  waves: [],
  briefs: [],
};
const show = (changes: { answer?: Partial<Answer>; run?: Partial<Report['run']> } = {}) =>
  endView(
    {
      report: { v: 1, answer: { ...answer, ...changes.answer }, run: { ...run, ...changes.run } },
      folder: 'reports/f3a1',
      page: true,
    },
    PLAIN,
  );

it('says how a run ended: the answer, what is missing and why, how it went, what to read', () => {
  expect(show().join('\n')).toBe(
    [
      'framework-survey  f3a1  ◐ partial  22m 40s  (sum of briefs 5h 51m, 15 × faster)',
      '',
      ' answer         41 rows · verdict · digest 9c41…e2',
      ' requirements   2 covered · 1 missing · 1 unchecked',
      '   missing   all_vendors   3 of 4 of `params.vendors` found at',
      '                           `$.rows[*].vendor`; not found: restate.',
      ' briefs         203: 199 succeeded · 2 repaired · 1 missing · 1 skipped',
      '   missing   dig[restate]   HTTP 451 from the licence server.',
      ' conflicts      3 decided (prefer licences 2, majority 1) · 1 kept both',
      ' duplicates     2 removed',
      ' carried out by 201 agents · 212 tries · 1,280,000 tokens',
      ' bounded by     the longest path, explore → dig[durability] → verdict',
      '',
      ' report   reports/f3a1/report.html   report.md   report.json',
      ' read     muster result f3a1 --markdown',
      ' again    muster rerun f3a1 --failed',
    ].join('\n'),
  );
});

it('says of a re-run what was used again, and why the rest was not', () => {
  const briefs = [
    { anew: { because: 'not-done', status: 'failed' } },
    { anew: { because: 'changed', fields: ['argv'] } },
    { anew: { because: 'not-done', status: 'failed' } },
    {},
  ] as unknown as Report['run']['briefs'];
  expect(show({ run: { reused: 199, rerunOf: 'e2b0', briefs } }).join('\n')).toContain(
    ' used again     199 results of e2b0 · carried out: 2 failed there, 1 changed:\n                argv\n',
  );
});

it('says what answered, and of a stand-in that it is one, cleaned of what would move the cursor', () => {
  const models = [
    { model: 'simulated-x', briefs: 3, simulated: true },
    { model: 'gpt-x\u001b[2J', briefs: 1 },
  ] as const;
  expect(show({ run: { models } }).join('\n')).toContain(
    [
      ' answer         41 rows · verdict · digest 9c41…e2',
      ' answered by    simulated-x (3 briefs), simulated: a stand-in, no model · gpt-x',
      '                [2J (1 brief)',
    ].join('\n'),
  );
});

it('says nothing of what a run did not have', () => {
  const lines = show({
    answer: { requirements: [], missing: [], conflicts: [], duplicates: [], ledger: ended(2), data: {} },
    run: {
      status: 'complete',
      counts: { succeeded: 2 },
      agents: 2,
      tries: 2,
      ratio: 1,
      wallMs: 3_000,
      sumMs: 3_000,
      usage: {},
      boundedBy: { by: 'needs', chain: [{ label: 'a', ms: 1, waitedMs: 0 }] },
    },
  });
  expect(lines).toEqual([
    'framework-survey  f3a1  ✔ complete  3 s  (sum of briefs 3 s)',
    '',
    ' answer         digest 9c41…e2',
    ' briefs         2: 2 succeeded',
    ' carried out by 2 agents · 2 tries',
    ' bounded by     its longest brief, a',
    '',
    ' report   reports/f3a1/report.html   report.md   report.json',
    ' read     muster result f3a1 --markdown',
  ]);
});

it('puts a reason under a long name, where it would have no room beside it', () => {
  const why =
    'dig[lib/compress/tighten-body.js]: `node dig.mjs lib/compress/tighten-body.js` ended with exit code 1, saying: no. Run it to see why.';
  const missing = [
    {
      brief: 'dig',
      key: 'lib/compress/tighten-body.js',
      status: 'failed' as const,
      why,
      wouldHaveGiven: 'a row',
    },
  ];
  const lines = show({ answer: { missing } });
  const at = lines.findIndex((line) => line.includes('tighten-body'));
  expect(lines.slice(at, at + 2)).toEqual([
    '   failed   dig[lib/compress/tighten-body.js]',
    '              ended with exit code 1, saying: no. Run it to see why.',
  ]);
});

it('names five holes and counts the others', () => {
  const missing = Array.from({ length: 8 }, (_, i) => ({
    ...{ ...answer.missing[0]!, key: `v${i}` },
    why: `It lacks ${i}.`,
  }));
  expect(show({ answer: { missing } }).join('\n')).toContain('… 3 more, in the report');
});

it('says once what is to be said of several holes, and of which', () => {
  const missing = Array.from({ length: 9 }, (_, i) => ({
    ...{ brief: 'dig', key: `v${i}`, status: 'failed' as const, wouldHaveGiven: 'a row' },
    why: i === 3 ? 'It was away.' : `dig[v${i}] has no more time.`,
  }));
  const said = show({ answer: { missing } }).join('\n').replace(/\s+/g, ' ');
  expect(said).toContain(
    'failed dig[v0] has no more time. The same: dig[v1], dig[v2], dig[v4], dig[v5], dig[v6], dig[v7], dig[v8]',
  );
  expect(said).toContain('failed dig[v3] It was away.');
});

it('says when the check of the plan does not hold, and when work was taken up again', () => {
  const lines = show({
    answer: { verified: { holds: false, finding: 'two rows contradict each other' } },
    run: { takenUpAgain: 3 },
  });
  expect(lines).toContain(' verified       does not hold: two rows contradict each other');
  expect(lines.join('\n').replace(/\n */g, ' ')).toContain('3 taken up again after a worker fell silent');
});

it('counts in what lies apart, and says how to get all of it', () => {
  const apart = [
    { at: '$.data.rows', from: 41, count: 9_959, parts: [] },
    { at: '$.conflicts', from: 4, count: 7, parts: [] },
    { at: '$.duplicates', from: 1, count: 2, parts: [] },
  ];
  const lines = endView(
    { report: { v: 1, answer: { ...answer, apart }, run }, folder: 'reports/f3a1', page: true },
    PLAIN,
  );
  const text = lines.join(' ').replace(/\s+/g, ' ');
  expect(text).toContain('10,000 rows');
  expect(text).toMatch(/conflicts .*7 more apart/);
  expect(text).toContain('2 removed · of 2 more items apart');
  expect(text).toMatch(/apart +9,959 of answer\.data\.rows, 7 of answer\.conflicts/);
  expect(text).toContain('muster result f3a1 --apart FOLDER');
});
