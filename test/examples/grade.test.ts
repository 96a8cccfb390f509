import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { exampleAt, pageAt, placeWithoutModels, reportOf, runOwn } from '../support/examples.js';
import type { Place } from '../support/muster.js';
import { faultsOf, itInBrowser } from '../support/page.js';

const DECISIONS = fileURLToPath(new URL('../../docs/decisions', import.meta.url));

interface Grade {
  readonly document: string;
  readonly grade: number;
  readonly quote: string;
}

let here: Place;
beforeEach(() => {
  here = placeWithoutModels();
});
afterEach(() => here.close());

const grade = (...args: readonly string[]) => runOwn(here, 'grade', args);
const graded = (id: string) => reportOf(here, id, 'home-simulated-grades');

it('grades every decision by a vote, shows why word for word, and names each on which graders differ', async () => {
  const { code, stdout, stderr } = await grade('--id', 'grades');
  expect(code, stderr).toBe(0);
  const { report, markdown } = graded('grades');
  const grades = report.answer.data.grades as unknown as readonly Grade[];
  expect(grades.map(({ document }) => document.split('/').at(-1)).sort()).toEqual(
    readdirSync(DECISIONS).sort(),
  );
  expect(grades.map((one) => one.grade)).toEqual(grades.map((one) => one.grade).sort());
  for (const { document, quote } of grades) {
    const text = readFileSync(join(exampleAt('grade'), document), 'utf8').replace(/\s+/g, ' ');
    expect(text, document).toContain(quote);
  }
  // What a vote came to is the grade that it delivered; who differed is named.
  for (const { key, voted } of report.answer.ledger) {
    const [first, ...others] = voted!.candidates;
    expect(first!.value).toBe(grades.find(({ document }) => document === key)!.grade);
    expect(first!.by.length).toBeGreaterThanOrEqual(2);
    if (others.length > 0) expect(markdown).toContain(`\`grade[${key}]\`: ${first!.by.length} of`);
  }
  expect(report.answer.ledger.some(({ voted }) => voted!.candidates.length > 1)).toBe(true);
  expect(stdout).toContain('answered by    simulated-grader');
});

it('of documents on which no two graders agree asks the next tier, and says which grade that gave', async () => {
  const folder = join(here.folder, 'texts');
  const at = (n: number) => join(folder, `${n}.md`);
  mkdirSync(folder);
  // So many that three small graders are of three minds on some.
  for (let n = 0; n < 150; n++)
    writeFileSync(at(n), `# Text ${n}\n\nIt is not short: ${'on and on '.repeat(8)}it goes to ${n}.\n`);
  const { code, stderr } = await grade('--id', 'many', '--param', `folder=${folder}`);
  expect(code, stderr).toBe(0);
  const { report } = graded('many');
  const raised = report.run.briefs.filter(({ tries }) => tries > 1);
  expect(raised.length).toBeGreaterThan(0);
  for (const { label } of raised) {
    const row = report.answer.ledger.find(({ key }) => `grade[${key}]` === label)!;
    // The next tier does not slip.
    expect(row.voted!.candidates).toEqual([{ value: 3, by: [1, 2] }]);
  }
});

itInBrowser('shows its report on a page that keeps nobody out', async (browser) => {
  expect((await grade('--id', 'seen')).code).toBe(0);
  expect(await faultsOf(browser, pageAt(here, 'seen', 'home-simulated-grades'))).toEqual([]);
});
