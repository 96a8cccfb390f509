import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Place, place } from '../support/muster.js';

let here: Place;
beforeAll(async () => {
  here = place();
  await here.worker();
});
afterAll(() => here.close());

interface Row {
  readonly brief: string;
  readonly key?: string;
  readonly status: string;
  readonly because?: string;
  readonly reason?: { readonly message: string };
}
interface Report {
  readonly answer: { readonly data: { readonly [brief: string]: unknown }; readonly ledger: readonly Row[] };
  readonly run: { readonly id: string };
}

async function report(id: string, briefs: readonly object[]): Promise<Report> {
  const file = here.write('plan.json', { muster: 1, name: 'joins', brief: 'Who waits for whom?', briefs });
  const { stdout, stderr } = await here.muster('run', file, '--id', id, '--json');
  expect(stdout, stderr).not.toBe('');
  return JSON.parse(stdout) as Report;
}
const rowsOf = ({ answer }: Report) =>
  Object.fromEntries(
    answer.ledger.map((row) => [row.key === undefined ? row.brief : `${row.brief}[${row.key}]`, row]),
  );

/** Waits as many seconds as its item says, and prints it. */
const WAIT = ['node', '-e', 'setTimeout(() => console.log(process.argv[1]), 1000 * process.argv[1])'];
const dig = (seconds: readonly number[]) => ({
  id: 'dig',
  forEach: { in: seconds, as: 's' },
  run: [...WAIT, '{{ s }}'],
});
const verdict = (awaited: object) => ({
  id: 'verdict',
  needs: ['dig'],
  await: { dig: awaited },
  run: ['cat'],
  stdin: { from: 'dig.output' },
  parse: 'json',
});
const seen = (one: Report): readonly string[] =>
  (one.answer.data.verdict as { key: string; status: string }[]).map(({ key, status }) => `${key} ${status}`);

describe('a brief that waits for at least so many', () => {
  it('with `rest: cancel` starts with them, and the others are stopped and say why', async () => {
    const begun = Date.now();
    const one = await report('joins-rest', [
      dig([0, 0.1, 600, 601]),
      verdict({ atLeast: 0.5, rest: 'cancel' }),
    ]);
    expect(Date.now() - begun).toBeLessThan(60_000);
    expect(seen(one)).toEqual(['0 succeeded', '0.1 succeeded', '600 not-reached', '601 not-reached']);
    const rows = rowsOf(one);
    expect(rows.verdict!.status).toBe('succeeded');
    for (const key of [600, 601])
      expect(rows[`dig[${key}]`]).toMatchObject({
        status: 'cancelled',
        reason: { message: '`verdict` had what it waits for, and cancels the rest.' },
      });
  });

  it('is skipped where fewer deliver, by name of the first that did not', async () => {
    const failing = {
      ...dig([0, 1]),
      run: ['node', '-e', 'process.exit(+process.argv[1])', '{{ s }}'],
      retry: { attempts: 1 },
    };
    const rows = rowsOf(await report('joins-few', [failing, verdict({ atLeast: 2 })]));
    expect(rows.verdict).toMatchObject({ status: 'skipped', because: 'dig[1]' });
  });
});

describe('a fan-out over its maximum that lets the first begin', () => {
  it('names each of the others as refused, and says so to whoever waits for it', async () => {
    const wide = {
      ...dig([0, 0.1, 0.2, 0.3, 0.4]),
      forEach: { in: [0, 0.1, 0.2, 0.3, 0.4], as: 's', max: 3, overflow: 'first' },
    };
    const some = { ...verdict({ atLeast: 3 }), id: 'some' };
    const one = await report('joins-overflow', [wide, verdict({ rule: 'all_success' }), some, done]);
    const rows = rowsOf(one);
    const ends = [0, 0.1, 0.2, 0.3, 0.4].map((key) => rows[`dig[${key}]`]!.status);
    expect(ends).toEqual(['succeeded', 'succeeded', 'succeeded', 'refused', 'refused']);
    expect(rows['dig[0.4]']!.reason?.message).toBe(
      'It is item 5 of 5, and only the first 3 may begin. Raise `max`, or narrow the list.',
    );
    expect(rows.verdict).toMatchObject({ status: 'skipped', because: 'dig[0.3]' });
    expect(rows.some!.status).toBe('succeeded');
    expect((one.answer.data.done as { status: string }[]).map(({ status }) => status)).toEqual(ends);
    const shown = await here.muster('result', 'joins-overflow');
    expect(shown.stdout).toContain('2 refused');
  });
  const done = { id: 'done', needs: ['dig'], run: ['cat'], stdin: { from: 'dig.output' }, parse: 'json' };
});

describe('a brief that waits until a time', () => {
  it('goes by what has ended then; what ends later is in the report all the same', async () => {
    const one = await report('joins-by', [dig([0, 9]), verdict({ rule: 'all_done', by: '4s' })]);
    expect(seen(one)).toEqual(['0 succeeded', '9 not-reached']);
    expect(one.answer.data.dig).toEqual([
      { key: '0', output: '0\n' },
      { key: '9', output: '9\n' },
    ]);
    expect(rowsOf(one)['dig[9]']!.status).toBe('succeeded');
  });

  it('sees on its second try what it saw on its first, though more has ended since', async () => {
    const late = {
      ...verdict({ rule: 'all_done', by: '2s' }),
      run: ['node', 'twice.mjs'],
      retry: { attempts: 2, backoff: '6s..6s' },
    };
    here.write(
      'twice.mjs',
      "import { readFileSync, writeFileSync, existsSync } from 'node:fs';\nconst all = readFileSync(0, 'utf8');\nif (!existsSync('first')) { writeFileSync('first', all); process.exit(1); }\nconsole.log(all);\n",
    );
    const one = await report('joins-again', [dig([0, 5]), late]);
    expect(JSON.parse(here.read('first'))).toEqual(one.answer.data.verdict);
    expect(seen(one)).toEqual(['0 succeeded', '5 not-reached']);
  });
});

describe('rules', () => {
  it('start what cleans up and what raises the alarm, and leave out what was for another case', async () => {
    const failed = { id: 'work', run: ['node', '-e', 'process.exit(1)'], retry: { attempts: 1 } };
    const one = (id: string, more: object) => ({ id, needs: ['work'], run: ['node', '-p', '1'], ...more });
    const rows = rowsOf(
      await report('joins-rules', [
        failed,
        one('next', {}),
        one('clean', { join: 'all_done' }),
        one('alarm', { join: 'one_failed' }),
        { id: 'party', needs: ['clean'], join: 'all_failed', run: ['node', '-p', '1'] },
        { id: 'sum', optional: ['next'], run: ['cat'], stdin: { from: 'next.status' } },
      ]),
    );
    const ends = Object.entries(rows).map(([label, { status, because }]) => [label, status, because]);
    expect(ends).toEqual([
      ['work', 'failed', undefined],
      ['next', 'skipped', 'work'],
      ['clean', 'succeeded', undefined],
      ['alarm', 'succeeded', undefined],
      ['party', 'not-needed', 'clean'],
      ['sum', 'succeeded', undefined],
    ]);
  });
});
