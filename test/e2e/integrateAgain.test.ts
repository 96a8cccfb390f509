import { Client, Connection } from '@temporalio/client';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { executions, type Place, place } from '../support/muster.js';
import { readReport } from '../support/report.js';
import { twoWaves } from '../support/waves.js';

let here: Place;
beforeEach(async () => {
  here = place();
  await here.worker('--functions', here.write('functions.mjs', FUNCTIONS));
});
afterEach(() => here.close());

/** Work that is noted, and of which one item fails and another takes its time. */
const FUNCTIONS = `
import { appendFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
const LOG = new URL('did', import.meta.url);
export const list = () => ['a', 'b', 'bad', 'late'];
export const work = async ({ input }) => {
  appendFileSync(LOG, input + '\\n');
  if (input === 'bad') throw new Error('no');
  if (input === 'late') await setTimeout(60_000);
  return { rows: [{ name: input, by: 'work' }] };
};
export const plan = () => ({ muster: 1, name: 'within', brief: 'A part.', briefs: [{ id: 'x', call: 'work', stdin: { from: '"within"' } }] });
`;
/** Items found at run time, one missing, one cut off by a join; a run within it; and briefs that never begin. */
const PLAN = {
  muster: 1,
  name: 'mixed',
  brief: 'What is there?',
  requirements: [{ id: 'some', says: 'Some.', check: { count: { min: 2 }, in: '$.rows[*]' } }],
  briefs: [
    { id: 'list', call: 'list' },
    {
      id: 'dig',
      needs: ['list'],
      forEach: { in: 'list.output' },
      call: 'work',
      stdin: { from: 'item' },
      retry: { attempts: 1, then: 'missing' },
    },
    {
      id: 'early',
      needs: ['dig'],
      await: { dig: { atLeast: 2, rest: 'cancel' } },
      call: 'work',
      stdin: { from: '"early"' },
    },
    { id: 'planned', call: 'plan' },
    { id: 'part', needs: ['planned'], plan: { from: 'planned.output' } },
    { id: 'fails', call: 'work', stdin: { from: '"bad"' }, retry: { attempts: 1 } },
    { id: 'after', needs: ['fails'], call: 'work', stdin: { from: 'fails.output' } },
    { id: 'never', when: 'false', call: 'work', stdin: { from: '"never"' } },
  ],
  integrate: {
    merge: { rows: { from: ['dig', 'early'], at: '$.rows', key: 'name' }, part: { from: ['part'], at: '$' } },
  },
};
const OTHER = 'integrate:\n  merge:\n    all: { from: [dig, early, part], at: $, deep: true }\n';

describe('a run that is over, with Temporal gone', () => {
  it('is integrated again from what it left: by its own rules to the same answer, by others to another, nothing carried out', async () => {
    const plan = here.write('plan.json', PLAN);
    const ran = await here.muster('run', plan, '--id', 'again-mixed', '--json');
    expect(ran.code, ran.stderr).toBe(3);
    const own = readReport(ran.stdout);
    expect(new Set(own.answer.ledger.map(({ status }) => status))).toEqual(
      new Set(['succeeded', 'missing', 'cancelled', 'failed', 'skipped', 'not-needed']),
    );
    const did = here.read('did');
    here.env.TEMPORAL_ADDRESS = '127.0.0.1:1';

    const same = await here.muster('result', 'again-mixed', '--integrate', plan, '--json');
    expect(same.code, same.stderr).toBe(3);
    expect(readReport(same.stdout).run).toMatchObject({ answer: own.run.answer, integrated: { file: plan } });
    expect(JSON.stringify(readReport(same.stdout).answer)).toBe(JSON.stringify(own.answer));

    const other = here.write('other.yaml', OTHER);
    const out = await here.muster('result', 'again-mixed', '--integrate', other, '--json');
    expect(Object.keys(readReport(out.stdout).answer.data)).toEqual(['all']);
    expect(readReport((await here.muster('result', 'again-mixed', '--json')).stdout)).toEqual(own);
    const within = await here.muster(
      'result',
      'again-mixed/4/1',
      '--integrate',
      here.write('no.yaml', OTHER),
    );
    expect(within.code).toBe(2);
    expect(within.stderr).toContain('line 3');
    expect(within.stderr).toContain('no brief is called `dig`');
    expect(here.read('did')).toBe(did);
  });

  it('may have been cancelled, or terminated and salvaged; one that goes on has to end first', async () => {
    const plan = twoWaves(here, 3_000);
    const begun = async (id: string, executed: number) => {
      expect((await here.muster('start', plan, '--id', id)).code).toBe(0);
      await expect
        .poll(() => executions(here.read('log')).length, { timeout: 60_000 })
        .toBeGreaterThan(executed);
    };
    await begun('again-cancelled', 5);
    const open = await here.muster('result', 'again-cancelled', '--integrate', plan);
    expect(open.code).toBe(2);
    expect(open.stderr.replace(/\s+/g, ' ')).toContain(
      'has no report yet. Wait for it (muster watch again-cancelled) or cancel it (muster cancel again-cancelled)',
    );
    await here.muster('cancel', 'again-cancelled');
    expect((await here.muster('watch', 'again-cancelled')).code).toBe(4);
    await begun('again-cut', executions(here.read('log')).length + 5);
    const connection = await Connection.connect({ address: inject('address') });
    await new Client({ connection }).workflow.getHandle('again-cut').terminate('by hand');
    await connection.close();
    const cut = await here.muster('result', 'again-cut', '--integrate', plan);
    expect(cut.stderr.replace(/\s+/g, ' ')).toContain('muster result again-cut --salvage --integrate FILE');
    expect((await here.muster('result', 'again-cut', '--salvage', '--integrate', plan)).code).toBe(3);

    here.env.TEMPORAL_ADDRESS = '127.0.0.1:1';
    for (const [id, code] of [
      ['again-cancelled', 4],
      ['again-cut', 3],
    ] as const) {
      const own = readReport((await here.muster('result', id, '--json')).stdout);
      const again = await here.muster('result', id, '--integrate', plan, '--json');
      expect(again.code).toBe(code);
      expect(readReport(again.stdout).run.answer).toBe(own.run.answer);
      expect(own.answer.ledger.some(({ status }) => status === 'not-reached')).toBe(true);
    }
  });
});
