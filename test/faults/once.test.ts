import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { executions, type Place, place } from '../support/muster.js';

let here: Place;
beforeEach(() => {
  here = place();
});
afterEach(() => here.close());

/** Notes that it ran, then goes on for so long. */
const PAYING = `
import { appendFileSync } from 'node:fs';
const [log, ms] = process.argv.slice(2);
const { MUSTER_IDEMPOTENCY_KEY: key, MUSTER_TRY } = process.env;
appendFileSync(log, JSON.stringify({ brief: 'pay', key, try: MUSTER_TRY }) + '\\n');
setTimeout(() => console.log('paid'), Number(ms));
`;
const paid = () => executions(here.read('log'));
interface Row {
  readonly brief: string;
  readonly status: string;
  readonly reason?: { readonly message: string };
}
async function rows(id: string): Promise<{ readonly [brief: string]: Row }> {
  const { answer } = JSON.parse((await here.muster('result', id, '--json')).stdout);
  return Object.fromEntries(answer.ledger.map((row: Row) => [row.brief, row]));
}

describe('what must not run twice, its worker killed with -9 in the middle of it', () => {
  it('ran exactly once, which the report says; a re-run repeats it only once a person has said so', async () => {
    here.write('log', '');
    here.write('pay.mjs', PAYING);
    const pay = (ms: number) => ({
      muster: 1,
      name: 'pay',
      brief: 'Pay once.',
      briefs: [
        { id: 'pay', run: ['node', 'pay.mjs', 'log', `${ms}`], effect: 'once', heartbeat: '2s' },
        { id: 'thank', needs: ['pay'], run: ['cat'], stdin: { from: 'pay.output' } },
      ],
    });
    const worker = await here.worker();
    const file = here.write('pay.json', pay(120_000));
    expect((await here.muster('start', file, '--id', 'once-pay')).code).toBe(0);
    await expect.poll(() => paid().length, { timeout: 60_000 }).toBe(1);
    worker.kill('SIGKILL');
    await here.worker();
    expect((await here.muster('watch', 'once-pay')).code).not.toBe(0);
    expect(paid()).toHaveLength(1);
    const { pay: row, thank } = await rows('once-pay');
    expect(row).toMatchObject({ status: 'failed' });
    expect(row!.reason!.message).toMatch(/Whether it took place is not known.*`muster retry once-pay pay`/);
    expect(thank).toMatchObject({ status: 'skipped' });
    expect((await here.muster('result', 'once-pay', '--markdown')).stdout).toContain(
      'Whether it took place is not known',
    );

    const again = async (id: string, of: string) => {
      const { code, stderr } = await here.muster('rerun', of, '--failed', '--id', id);
      return { code, stderr, rows: await rows(id) };
    };
    const refused = await again('once-second', 'once-pay');
    expect(refused.rows.pay).toMatchObject({ status: 'failed' });
    expect(refused.rows.pay!.reason!.message).toContain('`muster mark once-second pay bad`');
    expect(paid()).toHaveLength(1);

    // The same plan as it was would take two minutes: it is edited, and done anew since that was said.
    here.write('pay.json', pay(10));
    expect((await here.muster('mark', 'once-second', 'pay', 'bad')).code).toBe(0);
    expect((await here.muster('rerun', 'once-second', '--id', 'once-third')).code).toBe(0);
    expect((await rows('once-third')).pay).toMatchObject({ status: 'succeeded' });
    expect(paid()).toHaveLength(2);
  });
});
