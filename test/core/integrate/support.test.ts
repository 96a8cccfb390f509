import { describe, expect, it } from 'vitest';
import { sha256 } from '../../../src/adapters/digest.js';
import { coverageOf } from '../../../src/core/integrate/coverage.js';
import type { Output } from '../../../src/core/integrate/merge/merged.js';
import { merge } from '../../../src/core/integrate/merge.js';
import { provenanceOf } from '../../../src/core/integrate/provenance.js';
import { compiled, memoryFolder } from '../plan/support.js';
import { output } from './support.js';

const PLAN = `muster: 1
name: pages
brief: What do the pages say?
inputs: { pages: { glob: 'pages/*.md' } }
briefs:
  - { id: read, ask: 'Read {{ page.path }}.', forEach: { in: inputs.pages, as: page }, files: [pages], output: { type: object } }
  - { id: sum, needs: [read], context: [read], ask: Sum it up., output: { type: object } }
`;
const MERGED = `integrate:
  merge:
    findings: { from: [read], at: '$.findings[*]' }
    summary: { from: [sum], at: '$.points[*]' }
`;
const FILES = {
  'pages/oslo.md': 'Oslo has 12 parks. “Every park is open at night,” says Kari Berg.',
  'pages/porto.md': 'Porto has 31 parks.',
};
const finding = (text: string, quote?: string) => ({ text, ...(quote !== undefined && { quote }) });
const OUTPUTS = [
  output('read', { findings: [finding('Oslo has 12 parks.', 'every park is  open')] }, 'pages/oslo.md'),
  output('read', { findings: [finding('Porto has 31 parks.')] }, 'pages/porto.md'),
  output('sum', { points: [{ text: 'Porto has 31 parks.', from: 'read[pages/porto.md]' }] }),
];

async function judged(
  check: string,
  outputs: readonly Output[] = OUTPUTS,
  { collections = MERGED, texts = true } = {},
) {
  const text = `${PLAN}requirements: [{ id: r, says: It is so., check: { ${check} } }]\n${collections}`;
  const { plan } = await compiled(text, {}, { ...memoryFolder(FILES), digest: sha256 });
  const ledger = ['read[pages/oslo.md]', 'read[pages/porto.md]', 'sum'].map((label) => {
    const [brief = '', key] = label.split(/[[\]]/);
    const ref = { digest: '0', size: 0, type: 'application/json' } as const;
    return { brief, ...(key !== undefined && { key }), status: 'succeeded' as const, tries: 1, ref };
  });
  const merged = merge(plan, outputs);
  const provenance = provenanceOf(plan, ledger, merged);
  const contents = new Map(Object.values(FILES).map((file) => [sha256(file), file]));
  return coverageOf({
    plan,
    merged,
    ledger,
    holes: [],
    outputs,
    provenance,
    ...(texts && { texts: contents }),
  })[0]!;
}

const changed = (text: string): readonly Output[] => [
  output('read', { findings: [finding(text)] }, 'pages/oslo.md'),
  ...OUTPUTS.slice(1),
];

describe('provenance against inputs', () => {
  const STRICT = "provenance: strict, against: inputs, in: '$.findings[*]'";

  it('is covered where all that was said is found in the files that its briefs were given', async () => {
    expect(await judged(STRICT)).toMatchObject({
      status: 'covered',
      evidence: '2 of 2 statements at `$.findings[*]` found in what their briefs were given.',
    });
  });

  it('is contradicted by a figure that the file has about something else, and says where it stands and what was cited', async () => {
    const found = await judged(STRICT, changed('Oslo has 31 parks.'));
    expect(found).toMatchObject({
      status: 'contradicted',
      unsupported: [
        {
          at: '$.findings[0]',
          cites: ['read[pages/oslo.md]'],
          findings: [{ token: '31', kind: 'figure', why: "in another brief's result" }],
        },
      ],
    });
    expect(found.evidence).toBe(
      '1 of 2 statements at `$.findings[*]` found in what their briefs were given, 50.0 % unsupported: figure "31" at $.findings[0] (in another brief\'s result).',
    );
  });

  it('with `report` stays covered, and tells the share', async () => {
    const found = await judged(STRICT.replace('strict', 'report'), changed('Oslo has 13 parks.'));
    expect(found.status).toBe('covered');
    expect(found.evidence).toContain('50.0 % unsupported');
    expect(found.unsupported).toHaveLength(1);
  });

  it('holds what a brief makes of others against what these delivered', async () => {
    const summed = "provenance: strict, against: inputs, in: '$.summary[*].text'";
    expect((await judged(summed)).status).toBe('covered');
    const wrong = [...OUTPUTS.slice(0, 2), output('sum', { points: [{ text: 'Porto has 12 parks.' }] })];
    expect((await judged(summed, wrong)).unsupported).toMatchObject([
      { findings: [{ token: '12', why: 'about another subject' }] },
    ]);
  });

  it('with `verbatim` wants every text to stand there word for word', async () => {
    const quoted = "provenance: strict, against: inputs, verbatim: true, in: '$.findings[*].quote'";
    expect(await judged(quoted)).toMatchObject({
      status: 'covered',
      evidence: expect.stringMatching(/^1 of 1 statement /),
    });
    const other = [output('read', { findings: [finding('x', 'Every park is closed')] }, 'pages/oslo.md')];
    expect(await judged(quoted, other)).toMatchObject({ status: 'contradicted' });
  });

  it('knows whose output is whose where nothing is merged', async () => {
    const plain = "provenance: strict, against: inputs, in: '$.read[*].output.findings[*]'";
    expect((await judged(plain, OUTPUTS, { collections: '' })).status).toBe('covered');
    expect(
      (await judged(plain, changed('Oslo has 31 parks.'), { collections: '' })).unsupported,
    ).toMatchObject([{ at: '$.read[0].output.findings[0]', cites: ['read[pages/oslo.md]'] }]);
  });

  it('knows who said what of items that stand in groups, and of a field that is kept as several said it', async () => {
    const collections = `integrate:
  merge:
    parks: { from: [read], at: '$.parks[*]', key: city, group: country, conflicts: [keep-both] }
`;
    const parks = (country: string, city: string, parks: number) => ({ parks: [{ country, city, parks }] });
    const outputs = [
      output('read', parks('Norway', 'Oslo', 12), 'pages/oslo.md'),
      output(
        'read',
        { parks: [{ country: 'Portugal', city: 'Porto', parks: 31 }, ...parks('Norway', 'Oslo', 13).parks] },
        'pages/porto.md',
      ),
    ];
    const strict = (place: string) =>
      judged(`provenance: strict, against: inputs, in: '${place}'`, outputs, { collections });
    const found = await strict('$.parks[*].items[*].parks');
    expect(found.evidence).toMatch(/^1 of 2 statements /);
    expect(found.unsupported).toMatchObject([
      {
        at: '$.parks[0].items[0].parks',
        cites: ['read[pages/oslo.md]', 'read[pages/porto.md]'],
        findings: [{ token: '13' }],
      },
    ]);
    expect((await strict('$.parks[1].items[0].parks')).status).toBe('covered');
  });

  it('is missing, and says why, where it selects nothing or a file is gone', async () => {
    const nothing = await judged("provenance: strict, against: inputs, in: '$.nothing[*]'");
    expect(nothing).toMatchObject({ status: 'missing', evidence: '`$.nothing[*]` selects nothing.' });
    const gone = await judged(STRICT, OUTPUTS, { texts: false });
    expect(gone).toMatchObject({ status: 'missing' });
    expect(gone.evidence).toContain('the input file `pages/oslo.md` is no longer in the store');
  });
});

describe('provenance against the results that are cited', () => {
  const CITED = "provenance: strict, cites: from, in: '$.summary'";
  const summed = (text: string, from?: string | readonly string[]) => [
    ...OUTPUTS.slice(0, 2),
    output('sum', { points: [{ text, ...(from !== undefined && { from }) }] }),
  ];

  it('is covered where they have it, one of them or several; the id of a fan-out is all of its instances', async () => {
    expect((await judged(CITED)).status).toBe('covered');
    const both = ['read[pages/oslo.md]', 'read[pages/porto.md]'];
    for (const from of [both, 'read'])
      expect((await judged(CITED, summed('Oslo has 12 and Porto has 31 parks.', from))).status).toBe(
        'covered',
      );
  });

  it.each([
    ['nobody', undefined, 'no brief cited'],
    ['a brief that is none', 'digs', 'unknown id'],
    ['the wrong brief', 'read[pages/oslo.md]', "in another brief's result"],
  ])('is contradicted where %s is cited', async (_, from, why) => {
    const found = await judged(CITED, summed('Porto has 31 parks.', from));
    expect(found.status).toBe('contradicted');
    expect(found.unsupported?.[0]?.findings.map((one) => one.why)).toContain(why);
  });
});
