import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { endOfRun, LOOKING, type Place, place } from '../support/muster.js';

let here: Place;
beforeAll(async () => {
  here = place();
  here.write('until.mjs', UNTIL);
  await here.worker();
});
// What one run was told to wait for is not there for the next.
beforeEach(() => ['go', 'ready'].forEach((file) => void rmSync(join(here.folder, file), { force: true })));
afterAll(() => here.close());

async function start(id: string, briefs: readonly object[], more: object = {}): Promise<void> {
  const file = here.write('plan.json', { muster: 1, name: 'steered', brief: 'Who steers?', briefs, ...more });
  const { code, stderr } = await here.muster('start', file, '--id', id);
  expect(code, stderr).toBe(0);
}
async function ok(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await here.muster(...args);
  expect(code, stderr).toBe(0);
  return stdout;
}
const view = async (id: string) => (await here.library()).status(id);
const active = async (id: string) => (await view(id))?.progress?.active.map(({ label }) => label).sort();

async function ledger(id: string) {
  const { answer } = await endOfRun(here, id);
  type Rows = { readonly [label: string]: (typeof answer.ledger)[number] };
  return Object.fromEntries(answer.ledger.map((row) => [row.key ?? row.brief, row])) as Rows;
}

/** Goes on until there is a file of that name. */
const UNTIL = `
import { existsSync } from 'node:fs';
const [file] = process.argv.slice(2);
const look = () => (existsSync(file) ? console.log('there') : setTimeout(look, 50));
look();
`;
const until = (id: string, file: string, more: object = {}) => ({
  id,
  run: ['node', 'until.mjs', file],
  ...more,
});
const quick = (id: string, more: object = {}) => ({ id, run: ['node', '-p', '1'], ...more });

describe('a run that goes on', () => {
  it('is paused and resumed: what runs goes on, nothing new starts meanwhile', async () => {
    await start('steer-pause', [until('first', 'go'), quick('next', { needs: ['first'], join: 'all_done' })]);
    await expect.poll(() => active('steer-pause'), LOOKING).toEqual(['first']);
    expect(await ok('pause', 'steer-pause')).toContain('is paused');
    expect(await ok('pause', 'steer-pause')).toContain('is paused already');
    here.write('go', '');
    await expect.poll(() => active('steer-pause'), LOOKING).toEqual([]);
    expect((await here.muster('status', 'steer-pause')).stdout).toContain('‖ paused');
    expect(JSON.parse((await here.muster('status', 'steer-pause', '--json')).stdout).phase).toBe('paused');
    await ok('resume', 'steer-pause');
    expect((await ledger('steer-pause')).next).toMatchObject({ status: 'succeeded' });
  });

  it('takes more at once when it is told, and fewer', async () => {
    const briefs = [until('dig', 'go', { forEach: { in: [1, 2, 3, 4, 5, 6] } })];
    await start('steer-many', briefs, { limits: { concurrency: 2 } });
    await expect.poll(async () => (await active('steer-many'))?.length, LOOKING).toBe(2);
    await ok('concurrency', 'steer-many', '5');
    await expect.poll(async () => (await active('steer-many'))?.length, LOOKING).toBe(5);
    await ok('concurrency', 'steer-many', '1');
    here.write('go', '');
    const rows = Object.values(await ledger('steer-many'));
    expect(rows.map(({ status }) => status)).toEqual(Array(6).fill('succeeded'));
    expect((await here.muster('concurrency', 'steer-many', '0')).code).toBe(2);
  });

  it('leaves out what somebody skips: it stops, and the report says why', async () => {
    const dig = until('dig', 'never', { forEach: { in: ['a', 'b'] } });
    await start('steer-skip', [
      dig,
      quick('sum', { needs: ['dig'], join: 'all_done' }),
      until('long', 'go'),
      quick('after', { needs: ['long'], join: 'all_done' }),
    ]);
    await expect.poll(() => active('steer-skip'), LOOKING).toEqual(['dig[a]', 'dig[b]', 'long']);
    await ok('skip', 'steer-skip', 'after');
    await ok('skip', 'steer-skip', 'dig[a]');
    await expect.poll(() => active('steer-skip'), LOOKING).toEqual(['dig[b]', 'long']);
    await ok('skip', 'steer-skip', 'dig');
    await expect.poll(() => active('steer-skip'), LOOKING).toEqual(['long']);
    expect(await ok('skip', 'steer-skip', 'dig')).toContain('has ended already');
    here.write('go', '');
    const rows = await ledger('steer-skip');
    const message = 'Somebody skipped it while the run went on.';
    for (const key of ['a', 'b'])
      expect(rows[key]).toMatchObject({ status: 'cancelled', reason: { message } });
    expect(rows.after).toMatchObject({ status: 'skipped', reason: { message } });
    expect([rows.sum!.status, rows.long!.status]).toEqual(['succeeded', 'succeeded']);
  });

  it('does once more what failed, and what never began because of it', async () => {
    here.write(
      'ready.mjs',
      "import { existsSync } from 'node:fs';\nif (!existsSync('ready')) throw new Error('not ready');\nconsole.log('ready');\n",
    );
    await start('steer-retry', [
      { id: 'flaky', run: ['node', 'ready.mjs'], retry: { attempts: 2, backoff: '1ms..1ms' } },
      { id: 'next', needs: ['flaky'], run: ['cat'], stdin: { from: 'flaky.output' } },
      until('long', 'go'),
    ]);
    const skipped = async () => (await view('steer-retry'))?.progress?.counts.skipped ?? 0;
    await expect.poll(skipped, LOOKING).toBe(1);
    expect((await here.muster('retry', 'steer-retry', 'next')).stdout).toContain(
      'has not ended, or delivered',
    );
    here.write('ready', '');
    await ok('retry', 'steer-retry', 'flaky');
    await expect.poll(skipped, LOOKING).toBe(0);
    here.write('go', '');
    const rows = await ledger('steer-retry');
    expect(rows.flaky).toMatchObject({ status: 'succeeded' });
    expect(rows.next).toMatchObject({ status: 'succeeded' });
  });

  it('refuses what makes no sense, and a run that is over', async () => {
    await start('steer-not', [until('long', 'go')]);
    const wrong = await here.muster('skip', 'steer-not', 'lung');
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('has no brief `lung`')]);
    here.write('go', '');
    await ledger('steer-not');
    for (const args of [
      ['pause', 'steer-not'],
      ['retry', 'steer-not', 'long'],
      ['resume', 'nobody'],
    ]) {
      const { code, stderr } = await here.muster(...args);
      expect([args, code]).toEqual([args, 2]);
      expect(stderr).toMatch(/No run called|No such run/);
    }
  });
});
