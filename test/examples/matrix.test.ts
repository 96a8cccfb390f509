import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Example, exampleAt, pageAt, runExample } from '../support/examples.js';
import { type Place, place } from '../support/muster.js';
import { faultsOf, itInBrowser } from '../support/page.js';

const FLAGS = [
  '--no-warnings',
  '--disable-proto=delete',
  '--frozen-intrinsics',
  '--disallow-code-generation-from-strings',
];
const SUITES = [
  ['8', '2020-12'],
  ['8', '2019-09'],
  ['8', 'draft-07'],
  ['6', 'draft-07'],
] as const;

let here: Place;
let ran: Example;
beforeAll(async () => {
  here = place();
  await here.worker();
  ran = await runExample(here, 'matrix', 'matrix');
});
afterAll(() => here.close());

/** The suite run by hand, and read from another of Node's reporters: names of tests, and of those that fail. */
function byHand(flag: string, suite: readonly string[]) {
  const args = [flag, '--test-reporter=tap', exampleAt('matrix/suite.mjs'), ...suite];
  const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  const lines = [...stdout.matchAll(/^(ok|not ok) \d+ - (.*)$/gm)];
  return { all: lines.length, failing: lines.flatMap(([, how, name]) => (how === 'ok' ? [] : [name])) };
}

it('the grid and the failing cells are what the suite says when it is run by hand, cell by cell', () => {
  expect(ran.code, ran.stderr).toBe(3);
  const grid = SUITES.map(
    (suite) => [suite, FLAGS.map((flag) => [flag, byHand(flag, suite)] as const)] as const,
  );
  const passed = ({ all, failing }: ReturnType<typeof byHand>) => `${all - failing.length} of ${all}`;
  expect(ran.report.answer.data.grid).toEqual(
    grid.map(([[ajv, draft], cells]) => ({
      suite: `Ajv ${ajv}, ${draft}`,
      ...Object.fromEntries(cells.map(([flag, cell]) => [flag, passed(cell)])),
    })),
  );
  const failing = grid.flatMap(([suite, cells]) =>
    cells.map(([flag, cell]) => ({ cell: [...suite, flag].join(','), tests: [...cell.failing].sort() })),
  );
  const told = ran.report.answer.data.failing as unknown as readonly { cell: string; tests: string[] }[];
  expect(told.map(({ cell, tests }) => ({ cell, tests: [...tests].sort() }))).toEqual(
    failing.filter(({ tests }) => tests.length > 0),
  );
});

it('says what its page says: 16 cells, none of what is left out; only one column all fails, one row passes in one', () => {
  const { ledger, data, requirements } = ran.report.answer;
  expect(data.answer).toEqual(['No: in 13 of the 16 cells that ran at least one test fails.']);
  const cells = ledger.flatMap(({ brief, key, status }) => (brief === 'cell' ? [[key!, status]] : []));
  expect(cells).toHaveLength(16);
  expect(cells.every(([key, status]) => status === 'succeeded' && !/^6,20/.test(key!))).toBe(true);
  const grid = data.grid as unknown as readonly { readonly [flag: string]: string }[];
  expect(grid.map((row) => row['--disallow-code-generation-from-strings'])).toEqual(Array(4).fill('0 of 8'));
  expect(grid.map((row) => row['--disable-proto=delete'])).toEqual(['8 of 8', '8 of 8', '8 of 8', '6 of 8']);
  expect(requirements.map(({ id, status }) => [id, status])).toEqual([
    ['whole', 'covered'],
    ['passes', 'contradicted'],
  ]);
  expect(ran.markdown).toContain('| 8,2020-12,--no-warnings |');
});

it('a suite that cannot run is no failed test: it exits with 2 and says why', () => {
  const { status, stderr } = spawnSync(process.execPath, [exampleAt('matrix/suite.mjs'), '5', 'draft-07'], {
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([2, expect.stringMatching(/^There is no Ajv 5 for draft-07 here: .*8\./)]);
});

itInBrowser('shows its report on a page that keeps nobody out', async (browser) => {
  expect(await faultsOf(browser, pageAt(here, 'matrix'))).toEqual([]);
});
