import { describe, expect, it } from 'vitest';
import { STYLE, STYLE_HASH } from '../../../../src/core/integrate/html/style.js';
import { htmlOf } from '../../../../src/core/integrate/html.js';
import { markdownOf } from '../../../../src/core/integrate/markdown.js';
import type { Json } from '../../../../src/core/outcome/canonical.js';
import type { Reported } from './anyReport.js';
import { attribute, type Element, elements, nodesOf, read, within } from './dom.js';
import { market } from './market.js';
import { clean, hostile, wide } from './reports.js';
import { survey } from './survey.js';

const pageOf = ({ report, plan }: Reported) => nodesOf(htmlOf(report, plan));
const section = (nodes: ReturnType<typeof nodesOf>, id: string): Element =>
  elements(nodes, 'section').find((one) => attribute(one, 'id') === id)!;
/** What stands in a row, cell by cell. */
const cells = (row: Element): string =>
  within(row)
    .filter((node) => node.nodeName === 'th' || node.nodeName === 'td')
    .map((cell) => read(cell as Element))
    .join(' | ');

describe('report.html', () => {
  it('is the same to the byte for the same report', async () => {
    const [one, other] = [await survey(), await survey()];
    expect(htmlOf(one.report, one.plan)).toBe(htmlOf(other.report, other.plan));
  });

  it('has no script, and lets in no style but its own', async () => {
    const { report, plan } = await survey();
    const page = htmlOf(report, plan);
    expect(page).not.toMatch(/<script|<link|<iframe|<object|\sstyle=|\son\w+=|url\(|@import/);
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(STYLE.text));
    expect(STYLE_HASH).toBe(`sha256-${Buffer.from(digest).toString('base64')}`);
    expect(page).toContain(
      `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '${STYLE_HASH}'; base-uri 'none'; form-action 'none'">`,
    );
  });

  it.each(Object.entries({ survey, market, clean, hostile }))(
    'has the sections of report.md, in their order (%s)',
    async (_, made) => {
      const { report, plan } = await made();
      const said = [...markdownOf(report, plan).matchAll(/^## (.*)$/gm)].map(([, title]) => title);
      expect(elements(pageOf({ report, plan }), 'h2').map(read)).toEqual(['The answer', ...said]);
    },
  );

  it('begins with the verdict, and why it is that', async () => {
    const [verdict] = elements(pageOf(await survey()), 'p', 'verdict');
    expect(read(verdict!)).toBe(
      '◐ Partial: there is an answer, and something of it is missing or not as asked (2 of 4 requirements not met: “Every engine has a row.”, “At least five prices are given.”; 3 holes among 22 briefs: dig[cloud], charts, embed; verification does not hold).',
    );
  });

  it('says of the cost what was told, and that nothing was, as report.md does', async () => {
    const { report, plan } = await clean();
    const models = [{ model: 'thinker-2', briefs: 3 }];
    for (const [run, said] of [
      [report.run, 'neither tokens nor processor time were told of'],
      [{ ...report.run, models }, 'tokens: not told by who answered'],
    ] as const) {
      expect(read(section(pageOf({ report: { ...report, run }, plan }), 'course'))).toContain(`Cost${said}`);
      expect(markdownOf({ ...report, run }, plan)).toContain(`| Cost | ${said} |`);
    }
  });

  it('says where sources disagreed that files did, and where that stands', async () => {
    const { report, plan } = await survey();
    const collisions = [{ path: 'src/a.ts', values: [], kept: 'deleted' as const, lost: [] }];
    const files = { tree: '1'.repeat(40), changes: [], collisions, strays: [] };
    const answer = { ...report.answer, files };
    const said = '1 file was changed in ways that do not merge: what became of it stands under Files.';
    const page = pageOf({ report: { ...report, answer }, plan });
    expect(read(section(page, 'differences'))).toContain(said);
    const [tile] = elements(page, 'a').filter((one) => attribute(one, 'href') === '#differences');
    expect(read(tile!)).toBe(`${report.answer.conflicts.length + 1} conflicts`);
    expect(markdownOf({ ...report, answer }, plan)).toContain(said);
  });

  it('says of a value that is cut that it is, and that no model answered where none did, as report.md does', async () => {
    const { report, plan } = await clean();
    const [, ...rest] = report.answer.data.sizes as readonly Json[];
    const data = { ...report.answer.data, sizes: [{ file: 'x'.repeat(500), bytes: 3 }, ...rest] };
    const shown = { report: { ...report, answer: { ...report.answer, data } }, plan };
    const cut = `${'x'.repeat(399)}… (cut here, of 500 characters)`;
    expect(read(section(pageOf(shown), 'answer'))).toContain(cut);
    expect(markdownOf(shown.report, plan)).toContain(cut);
    expect(read(section(pageOf(shown), 'course'))).toContain('Answered byno model: the plan asks none');
  });

  it('tells of votes who dissented, who said nothing, and why one was taken, as report.md does', async () => {
    const { report, plan } = await clean();
    const voted = {
      samples: 9,
      candidates: [
        { value: 'Temporal', by: [1, 2, 4, 5, 7, 8] },
        { value: 'Restate', by: [3, 6] },
      ],
      abstained: [9],
      because: 'all asked',
      decided: true,
    };
    const open = { ...voted, because: 'no quorum', decided: false };
    const status = ['succeeded', 'failed', 'succeeded'] as const;
    const ledger = report.answer.ledger.map((row, n) => ({
      ...{ ...row, voted: [voted, { ...voted, because: 'uncatchable' }, open][n]! },
      status: status[n]!,
    }));
    const shown = { report: { ...report, answer: { ...report.answer, ledger } }, plan };
    const page = read(section(pageOf(shown), 'differences'));
    for (const said of [
      '3 briefs were voted on by several samples: not all samples said the same in 3, and 1 was not decided.',
      'The first won, and was not accepted: no other could catch up.',
      '6 of 9 samples say Temporal; 2 say Restate; 1 votes for nothing. The first is taken: all were asked.',
      'Nothing is decided: fewer than the plan wants.',
    ]) {
      expect(page).toContain(said);
      expect(markdownOf(shown.report, plan)).toContain(said);
    }
  });

  it('says at its top what was answered by a stand-in', async () => {
    const [, simulated] = elements(pageOf(await market()), 'p', 'verdict');
    expect(read(simulated!)).toBe(
      'Simulated: what the integrator asked got the answer of a stand-in: simulated-judge.',
    );
  });

  it('shows every value of a conflict, who said it, what lost and which rule decided', async () => {
    const [first, second] = elements(
      within(section(pageOf(await survey()), 'differences')),
      'ul',
      'values',
    ).map((list) => read(list.parentNode as Element));
    expect(first).toMatch(
      /^engine Restate: sources differ on licence\. ✖ lost MIT said by 10 briefs ?dig\[durability\], .* ✔ kept BSL-1\.1 said by licences Rule prefer licences decided: that source goes before the others\.$/,
    );
    expect(second).toBe(
      'engine DBOS: sources differ on stable. = kept 2020 said by dig[versioning] = kept 2021 said by dig[community] No rule of the plan decided, so every value is kept.',
    );
  });

  it.each([
    ['answer', 'moods is as it was said, item by item: The function moodsOf is not there.'],
    ['answer', 'Alder asks 100. web press Birch is said to ask less. calls'],
    ['answer', 'It does not speak of Dogwood.'],
    ['answer', 'Elm asks 950. Not found: figure 950 (not in the cited result).'],
    ['answer', 'There is no text: The model refused.'],
    ['answer', '4 items in 2 groups'],
    ['answer', '30 days (web) or 60 days (press)'],
    ['asked', '1 of 3 statements at $.claims found in the cited results, 66.7 % unsupported'],
    ['asked', '2 statements of which something is not found'],
    ['asked', "figure 45 (in another brief's result); date 3 May 2025 (in another brief's result)"],
    ['asked', 'citation rumour (unknown id)'],
    [
      'asked',
      'accounted for are 10: 4 at $.offers[*].items[*], 5 joined with others of the same key, 1 dropped.',
    ],
    [
      'differences',
      '5 differences decided (consensus 2 2, newest asOf 2, judge capable 1), 1 difference kept both ways',
    ],
    ['differences', '1 difference that nobody may decide.'],
    ['differences', 'Sources agree on 5 of the 12 fields that two or more of them spoke of.'],
    ['differences', 'vendor Alder: sources differ on price.'],
    ['differences', 'Rule consensus 2 decided: 2 of 3 said so.'],
    ['differences', 'none has a later asOf. The plan wants 2 to say the same, and at most 1 did.'],
    ['differences', 'terms: sources differ on notice.'],
    ['differences', 'nothing may decide this, so every value is kept and the answer is not complete.'],
    [
      'differences',
      'a model chose it, in whichever order the values stood. The judge: The press names the number to call.',
    ],
    [
      'differences',
      'is not complete. The judge: The judge chose another value when they stood in another order.',
    ],
    ['twice', '2 items said more than once in the same words or nearly; each is in the answer once.'],
    ['twice', 'in the year 2025, it says. (press, 75 % alike)'],
    ['twice', '3 items left out, because the plan wants only so many or its function made nothing of them:'],
    ['twice', 'vendor Elm'],
    ['course', 'web; then press, with what was found wrong'],
    ['course', '4 questions in 5 tries, answered by simulated-judge'],
    ['course', 'tokens: 1,200 in, 80 out'],
  ])('tells of what was merged and checked what report.md tells (%s: %s)', async (id, said) => {
    const { report, plan } = await market();
    const shown = section(pageOf({ report, plan }), id);
    const title = id === 'answer' ? 'Answer' : read(elements(within(shown), 'h2')[0]!);
    const part = markdownOf(report, plan)
      .split(/^##? /m)
      .find((text) => text.startsWith(`${title}\n`))!;
    expect(part.replace(/\*\*|(?<!\[)\*(?!\])|[`\\]/g, '')).toContain(said);
    expect(read(shown)).toContain(said);
  });

  it('numbers the items of groups through, and says of each who said it', async () => {
    const answer = section(pageOf(await market()), 'answer');
    const rows = elements(within(answer), 'tr').map(cells);
    expect(rows.filter((row) => /^[1-4] \| (Birch|Dogwood|Cedar|Alder) \|/.test(row))).toEqual([
      '1 | Birch | 40 (web) or 55 (press) or 70 (calls) | US | 2026-01-01 | 3 briefsweb, press, calls',
      '2 | Dogwood | 300 | US | 2026-01-01 | web',
      '3 | Cedar | 75 | EU | 2026-02-01 | web, press',
      '4 | Alder | 100 | EU | 2026-01-01 | 3 briefsweb, press, calls',
    ]);
    expect(elements(within(answer), 'h4').map(read)).toEqual(['region US 2 items', 'region EU 2 items']);
    expect(elements(within(answer), 'div', 'by').map(read).slice(3, 5)).toEqual([
      'said by web, press',
      'said by calls',
    ]);
  });

  it('marks the statements that are not found in what they rest on, where they stand', async () => {
    const rows = elements(within(section(pageOf(await market()), 'answer')), 'tr').map(cells);
    expect(rows.filter((row) => row.includes('not found'))).toEqual([
      '2 | Birch asks 45 since 3 May 2025. | web, press | calls○ not found: 45, 3 May 2025',
      '3 | Elm asks 900. | rumour | calls○ not found: rumour',
    ]);
  });

  it('says of each item who said it, and of each brief what it was given and how it ended', async () => {
    const nodes = pageOf(await survey());
    const quote = elements(within(section(nodes, 'answer')), 'tr').find((row) =>
      read(row).includes('version 2.1'),
    )!;
    const [brief] = elements(within(quote), 'button');
    expect(read(brief!)).toBe('dig[pricing]');
    const card = elements(nodes, 'div', 'card').find(
      (one) => attribute(one, 'id') === attribute(brief!, 'popovertarget'),
    );
    expect(read(card!)).toMatch(
      /^dig\[pricing\] One topic, over all engines Ended ✔ succeeded Was given notes\/engines\.md, notes\/prices\.md Answered by thinker-2 Took 16\.0 s Output [0-9a-f]{12}$/,
    );
  });

  it('draws each brief where it was at work, and says it in figures', async () => {
    const rows = elements(within(section(pageOf(await clean()), 'course')), 'tr').slice(1);
    expect(
      rows.map((row) => {
        const [bar] = elements(within(row), 'rect');
        const [said] = elements(within(row), 'span', 'unseen');
        return [attribute(bar!, 'x'), attribute(bar!, 'width'), read(said!)];
      }),
    ).toEqual([
      ['0.00%', '29.41%', 'from 0 ms to 1.0 s'],
      ['2.94%', '55.88%', 'from 100 ms to 2.0 s'],
      ['5.88%', '82.35%', 'from 200 ms to 3.0 s'],
    ]);
  });

  it('marks in each wave every brief that delivered and every one that did not', async () => {
    const waves = elements(within(section(pageOf(await survey()), 'course')), 'p', 'dots').map((dots) => {
      const count = (kind: string) => elements(within(dots), 'i', kind).length;
      return { good: count('good'), wary: count('wary') };
    });
    expect(waves).toEqual([
      { good: 2, wary: 0 },
      { good: 1, wary: 0 },
      { good: 16, wary: 2 },
      { good: 0, wary: 1 },
    ]);
  });

  it('of more than a page can show says how many more there are, and where', async () => {
    const { report, plan } = await wide();
    const page = htmlOf(report, plan);
    const nodes = nodesOf(page);
    const answer = section(nodes, 'answer');
    expect(elements(within(answer), 'tr')).toHaveLength(1 + 50);
    expect(read(answer)).toContain('… and 9,950 more in report.json, under answer.data.rows.');
    expect(read(answer)).toContain('Not shown, but in report.json: field5,');
    expect(page.length).toBeLessThan(200_000);

    const course = section(nodes, 'course');
    expect(elements(within(course), 'rect')).toHaveLength(40);
    expect(read(course)).toContain('360 more are in report.json, under run.briefs.');
    const spans = report.run.briefs.map(({ started, ended }) => [started!, ended!] as const);
    const atOnce = spans.map(([at]) => spans.filter(([from, to]) => from <= at && at < to).length);
    expect(read(course)).toContain(`Briefs at work at once, at most ${Math.max(...atOnce)}`);
  });

  it('keeps the lines of a text, and cuts one that is too long to read, saying where the rest is', async () => {
    const { report, plan } = await survey();
    const told = (verdict: string) => {
      const data = { ...report.answer.data, verdict: [verdict] };
      const page = htmlOf({ ...report, answer: { ...report.answer, data } }, plan);
      return elements(within(section(nodesOf(page), 'answer')), 'div', 'said')[0]!;
    };
    const whole = told('one\ntwo <b>\n');
    expect(within(whole).map((node) => ('value' in node ? node.value : ''))).toEqual(['', 'one\ntwo <b>\n']);
    const long = told('x'.repeat(1_000_000));
    expect(read(long).length).toBe(12_000);
    expect(read(long.parentNode as Element)).toContain(
      'Cut here; the whole text is in report.json, under answer.data.verdict[0].',
    );
  });
});
