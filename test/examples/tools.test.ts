import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { exampleAt, pageAt, placeWithoutModels, reportOf, runOwn } from '../support/examples.js';
import type { Place } from '../support/muster.js';
import { faultsOf, itInBrowser } from '../support/page.js';
import { type Asked, toolModel } from '../support/toolModel.js';

interface Row {
  readonly trip: string;
  readonly receipt: string;
  readonly amount: number | null;
  readonly why: string | null;
}

let here: Place;
beforeEach(() => {
  here = placeWithoutModels();
});
afterEach(() => here.close());

const bills = (...args: readonly string[]) => runOwn(here, 'tools', args);
const billed = (id: string) => reportOf(here, id, 'home-simulated-tools');
const amountOf = (trip: string, receipt: string) =>
  Number(/^Amount: (\S+)/m.exec(readFileSync(exampleAt(`tools/receipts/${trip}/${receipt}`), 'utf8'))![1]);

it('adds up every receipt that its tools gave; what one cannot convert is named with what the tool said', async () => {
  const { code, stdout, stderr } = await bills('--id', 'trips');
  expect(code, stderr).toBe(0);
  const { report } = billed('trips');
  const { totals, receipts } = report.answer.data as unknown as { totals: object[]; receipts: Row[] };
  // In the currency that was asked for they are as they stand there.
  for (const { trip, receipt, amount } of receipts.filter((row) => row.trip === 'lisbon'))
    expect(amount).toBe(amountOf(trip, receipt));
  expect(totals).toEqual([
    { trip: 'lisbon', total: 604.95, currency: 'EUR' },
    { trip: 'oslo', total: 416.27, currency: 'EUR' },
  ]);
  expect(receipts.filter(({ amount }) => amount === null)).toEqual([
    {
      ...{ trip: 'oslo', receipt: 'stopover.receipt', amount: null },
      why: 'the function `convert` failed: there is no rate for ISK; there are EUR, GBP, NOK, USD',
    },
  ]);
  // Of each trip: what is there, each receipt, each amount, the sum.
  expect(report.run.briefs.map(({ usage }) => [usage!.turns, usage!.calls])).toEqual([
    [5, 8],
    [5, 10],
  ]);
  expect(stdout).toContain('simulated-bookkeeper (2 briefs), simulated');
  expect(stdout).toContain('18 tool calls');
});

it('names a trip whose bill does not hold, after three tries, beside the one that does', async () => {
  const { code, stdout } = await bills('--id', 'paris', '--param', 'trips=["oslo","paris"]');
  expect(code).toBe(3);
  expect(stdout).toContain(
    'bill[paris]   The output is not accepted: There is no trip paris; there are lisbon, oslo.\n',
  );
  expect(billed('paris').report.answer.data.totals).toMatchObject([{ trip: 'oslo' }]);
});

itInBrowser('shows its report on a page that keeps nobody out', async (browser) => {
  expect((await bills('--id', 'seen')).code).toBe(0);
  expect(await faultsOf(browser, pageAt(here, 'seen', 'home-simulated-tools'))).toEqual([]);
});

it('offers a model what the policy, the role and the brief allow, and takes no bill that was made up', async () => {
  const { url, asked, close } = await toolModel(({ turn }: Asked) =>
    turn === 1
      ? { calls: [['shelf_read', { trip: 'oslo', receipt: '../../plan.yaml' }]] }
      : { text: JSON.stringify({ sum: { trip: 'oslo', total: 1, currency: 'EUR' }, receipts: [] }) },
  );
  Object.assign(here.env, { OPENAI_BASE_URL: url, OPENAI_API_KEY: 'sk-x' });
  const { code } = await bills('--id', 'made-up', '--param', 'trips=["oslo"]');
  await close();
  expect(code).toBe(1);
  expect(asked).toHaveLength(6);
  expect([...asked[0]!.tools].sort()).toEqual(['add', 'convert', 'shelf_list', 'shelf_read']);
  expect(asked[1]!.messages.at(-1)!.content).toContain('There is no receipt ../../plan.yaml; there are');
  expect(JSON.stringify(asked[2]!.messages)).toContain('the amounts come to 0, not to 1');
});
