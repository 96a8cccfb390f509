import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Report } from '../../src/core/integrate/report.js';
import { pageAt, placeWithoutModels, reportOf, runOwn } from '../support/examples.js';
import { modelServer } from '../support/model.js';
import type { Place } from '../support/muster.js';
import { faultsOf, itInBrowser } from '../support/page.js';

interface Finding {
  readonly file: string;
  readonly line: number;
  readonly rule: string;
  readonly source: string;
  readonly quote?: string;
}

let here: Place;
beforeEach(() => {
  here = placeWithoutModels();
  mkdirSync(join(here.folder, 'code'));
  here.write(
    'code/shop.mjs',
    'export function price(item) {\n' +
      '  console.log(item);\n' +
      '  if (item == null) return 0; // TODO: say so\n' +
      '  console.log(item);\n' +
      '  return eval(item);\n' +
      '}\n',
  );
});
afterEach(() => here.close());

const review = (...args: readonly string[]) =>
  runOwn(here, 'code-review', [...args, '--param', `path=${join(here.folder, 'code')}`]);
const findingsOf = ({ answer }: Report) => answer.data.findings as unknown as readonly Finding[];
const readIn = (report: Report) =>
  findingsOf(report)
    .filter(({ source }) => source === 'a model')
    .map(({ file, line, rule }) => `${file}:${line} ${rule}`)
    .sort();

it('has every file read beside the tools, and says on which lines that is what the reader quotes', async () => {
  const { code, stdout, stderr } = await review('--id', 'read');
  expect(code, stderr).toBe(0);
  const { report, markdown } = reportOf(here, 'read', 'home-simulated-reviews');
  expect(readIn(report)).toEqual([
    'shop.mjs:2 debugging-output',
    'shop.mjs:3 left-open',
    'shop.mjs:3 loose-null',
    'shop.mjs:4 debugging-output',
  ]);
  expect(findingsOf(report)).toContainEqual(
    expect.objectContaining({ file: 'shop.mjs', line: 5, source: 'eslint-plugin-security' }),
  );
  const reviewers = (report.answer.data.reviewed as readonly { reviewer: string }[]).map(
    (one) => one.reviewer,
  );
  expect(reviewers.sort()).toEqual(['performance', 'reader', 'second_opinion', 'security', 'style']);
  expect(stdout).toContain('answered by    simulated-reader (1 brief), simulated');
  expect(markdown).toContain('**Simulated**: 1 of the 1 brief');
});

it('takes no line from a model that does not stand in the file, and tells it so', async () => {
  const model = await modelServer(({ text }) => {
    const path = /: file (.*)/.exec(text)![1]!;
    const finding = { rule: 'unsafe-eval', severity: 'error', message: 'It runs what it is given.' };
    const mended = text.includes('has no line that says');
    return { path, findings: [{ quote: mended ? 'return eval(item);' : 'return run(item);', ...finding }] };
  });
  Object.assign(here.env, { OPENAI_BASE_URL: model.url });
  try {
    const { code, stdout, stderr } = await review('--id', 'asked');
    expect(code, stderr).toBe(0);
    const { report, markdown } = reportOf(here, 'asked');
    expect(readIn(report)).toEqual(['shop.mjs:5 unsafe-eval']);
    expect(model.asked).toHaveLength(2);
    expect(model.asked[1]!.text).toContain('word for word, so often: return run(item);');
    expect(stdout + markdown).not.toMatch(/simulated/i);
  } finally {
    await model.close();
  }
});

itInBrowser('shows its report on a page that keeps nobody out', async (browser) => {
  expect((await review('--id', 'seen')).code).toBe(0);
  expect(await faultsOf(browser, pageAt(here, 'seen', 'home-simulated-reviews'))).toEqual([]);
});
