import { appendFileSync, cpSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { carriedOut, exampleAt, pageAt, reportOf, runExample } from '../support/examples.js';
import { type Place, place } from '../support/muster.js';
import { faultsOf, itInBrowser } from '../support/page.js';

let here: Place;
beforeAll(async () => {
  here = place();
  await here.worker();
  cpSync(exampleAt('code-review/tools'), join(here.folder, 'scripts'), { recursive: true });
});
afterAll(() => here.close());

let nights = 0;
async function night(...args: readonly string[]) {
  const folder = ['--param', `folder=${here.folder}/scripts`];
  const ran = await runExample(here, 'nightly', `scripts-${nights++}`, ...folder, ...args);
  return { ...ran, carriedOut: carriedOut(ran.report), data: ran.report.answer.data };
}
const SCRIPTS = ['biome.mjs', 'command.mjs', 'eslint.mjs', 'oxlint.mjs'];
const at = (script: string) => join(here.folder, 'scripts', script);

describe('nightly', () => {
  it('carries out everything in the first night, and nothing in a second one of the same', async () => {
    const first = await night();
    expect(first.code, first.stderr).toBe(0);
    expect(first.carriedOut).toEqual([...SCRIPTS.map((script) => `inspect[${script}]`), 'summary']);
    expect(first.data.packages).toMatchObject([
      { package: 'eslint', scripts: ['eslint.mjs'] },
      { package: 'globals', scripts: ['eslint.mjs'] },
    ]);
    const second = await night();
    expect(second.carriedOut).toEqual([]);
    expect(second.stdout).toContain('used again     5 results');
    expect(second.report.run.answer).toBe(first.report.run.answer);
  });

  itInBrowser('shows its report on a page that keeps nobody out', async (browser) => {
    expect(await faultsOf(browser, pageAt(here, 'scripts-1'))).toEqual([]);
  });

  it('does not mind a file that was only touched, or another day, of which the summary alone knows', async () => {
    utimesSync(at('eslint.mjs'), new Date(), new Date());
    expect((await night()).carriedOut).toEqual([]);
    const other = await night('--param', 'day=2026-03-01');
    expect(other.carriedOut).toEqual(['summary']);
    expect(other.data.night).toMatchObject([{ day: '2026-03-01', scripts: 4 }]);
  });

  it('carries out what has changed and what is new, and what they are summed up by', async () => {
    appendFileSync(at('eslint.mjs'), '// TODO: say why\n');
    here.write('scripts/new.mjs', "import { z } from 'zod';\nimport fs from 'node:fs';\nz.log(fs;\n");
    const { code, carriedOut, data, report } = await night();
    expect(carriedOut).toEqual(['inspect[eslint.mjs]', 'inspect[new.mjs]', 'summary']);
    expect(data.notes).toMatchObject([
      { script: 'eslint.mjs', kind: 'open', says: 'TODO: say why' },
      { script: 'new.mjs', line: 3, kind: 'syntax', says: expect.stringContaining('SyntaxError') },
    ]);
    expect([code, report.run.status]).toEqual([3, 'partial']);
    expect(report.answer.requirements).toMatchObject([
      { status: 'covered' },
      { id: 'parse', status: 'contradicted' },
    ]);
  });

  it('runs by the clock as it runs by hand, with the day it is scheduled for', async () => {
    const plan = exampleAt('nightly/plan.yaml');
    const when = ['--cron', '0 3 * * *', '--timezone', 'UTC'];
    const given = ['--param', `folder=${here.folder}/scripts`, '--compute', 'day={{ scheduled.date }}'];
    const id = `nightly-${process.pid}`;
    const created = await here.muster('schedule', 'create', id, plan, ...when, ...given);
    expect(created.code, created.stderr).toBe(0);
    await here.muster('schedule', 'trigger', id);
    const runs = async () =>
      JSON.parse((await here.muster('list', '--json')).stdout).runs as { id: string }[];
    await expect.poll(async () => (await runs()).length, { timeout: 60_000 }).toBe(nights + 1);
    const run = (await runs()).find((one) => !one.id.startsWith('scripts-'))!.id;
    await here.muster('watch', run);
    const { report } = reportOf(here, run);
    expect(carriedOut(report)).toEqual(['summary']);
    const [day] = /\d{4}-\d\d-\d\d/.exec(run)!;
    expect(report.answer.data.night).toMatchObject([{ day }]);
    expect((await here.muster('schedule', 'delete', id)).code).toBe(0);
  });
});
