import { afterAll, beforeAll, expect, it } from 'vitest';
import { exampleAt, pageAt, reportOf } from '../support/examples.js';
import { endOf, type Place, place } from '../support/muster.js';
import { faultsOf, itInBrowser } from '../support/page.js';

let here: Place;
beforeAll(async () => {
  here = place();
  await here.worker();
});
afterAll(() => here.close());

it('`npm start` comes to what its page says: a file that two reviewers cannot read, conflicts decided, duplicates removed', async () => {
  const { code, stdout, stderr } = await endOf('npm', ['start', '--', '--id', 'review'], {
    cwd: exampleAt('..'),
    env: here.env,
  });
  expect(code, stderr).toBe(3);
  const { answer, run } = reportOf(here, 'review').report;
  expect([run.status, answer.ledger.length]).toEqual(['partial', 124]);
  expect(answer.missing.map(({ brief, key, status }) => [`${brief}[${key}]`, status])).toEqual([
    ['security[lib/minify.js]', 'failed'],
    ['style[lib/minify.js]', 'failed'],
  ]);
  const unmet = answer.requirements.filter(({ status }) => status !== 'covered');
  expect(unmet.map(({ id, status }) => [id, status])).toEqual([
    ['secured', 'missing'],
    ['styled', 'missing'],
  ]);
  const findings = answer.data.findings as readonly unknown[];
  expect(findings).toHaveLength(451);
  expect(answer.duplicates.filter((duplicate) => duplicate.in === 'findings')).toHaveLength(4);
  // A place has a conflict over the words and one over the severity.
  const byRule = (rule: string) => answer.conflicts.filter((conflict) => conflict.rule === rule).length;
  expect([byRule('prefer style'), byRule('majority')]).toEqual([2 * 24, 2 * 4]);
  expect(stdout).toContain('10 hotspots · 451 findings');
});

itInBrowser('shows its report on a page that keeps nobody out', async (browser) => {
  expect(await faultsOf(browser, pageAt(here, 'review'))).toEqual([]);
});
