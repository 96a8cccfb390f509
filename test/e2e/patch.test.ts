import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Place, place } from '../support/muster.js';

let here: Place;
beforeEach(() => {
  here = place();
});
afterEach(() => here.close());

const WITHIN = { timeout: 60_000 };

/** Waits until there is a file of that name. */
const UNTIL = `
const { existsSync } = require('node:fs');
const timer = setInterval(() => {
  if (!existsSync(process.argv[1])) return;
  clearInterval(timer);
  console.log('there');
}, 50);
`;
const waits = (id: string, more: object = {}) => ({ id, run: ['node', '-e', UNTIL, `go-${id}`], ...more });
const says = (id: string, word: string, more: object = {}) => ({
  id,
  run: ['node', '-e', `process.stdout.write('${word}')`],
  ...more,
});

const planOf = (briefs: readonly object[], more: object = {}) => ({
  ...{ muster: 1, name: 'patched', brief: 'What is it?', briefs },
  ...more,
});
async function begin(id: string, briefs: readonly object[], more: object = {}): Promise<void> {
  const file = here.write('plan.json', planOf(briefs, more));
  const { code, stderr } = await here.muster('start', file, '--id', id);
  expect(code, stderr).toBe(0);
  const [first] = briefs as { id: string }[];
  await expect.poll(async () => (await active(id)).includes(first!.id), WITHIN).toBe(true);
}
const patch = (id: string, briefs: readonly object[], more: object = {}, ...options: string[]) =>
  here.muster('patch', id, here.write('plan.json', planOf(briefs, more)), ...options);
async function active(id: string): Promise<readonly string[]> {
  const { stdout } = await here.muster('status', id, '--json');
  const { progress } = JSON.parse(stdout) as { progress?: { active: readonly { label: string }[] } };
  return progress?.active.map(({ label }) => label) ?? [];
}
interface Report {
  readonly answer: {
    readonly data: { readonly [brief: string]: unknown };
    readonly ledger: readonly { brief: string; status: string; reason?: { message: string } }[];
    readonly missing: readonly object[];
  };
  readonly run: {
    readonly status: string;
    readonly patches?: readonly { readonly added: readonly string[] }[];
  };
}
async function reportOf(id: string): Promise<Report> {
  const { code, stdout, stderr } = await here.muster('watch', id);
  expect([0, 1, 3, 4], `${stdout}${stderr}`).toContain(code);
  return JSON.parse((await here.muster('result', id, '--json')).stdout) as Report;
}
const rows = ({ answer }: Report) =>
  Object.fromEntries(answer.ledger.map(({ brief, status }) => [brief, status]));

describe('muster patch', () => {
  beforeEach(async () => {
    await here.worker();
  });

  it('lets a run go on by the edited plan: changed, added, taken out; what runs goes on', async () => {
    await begin('patched-whole', [
      waits('look'),
      says('write', 'old', { needs: ['look'] }),
      says('proof', 'proof', { needs: ['look'] }),
    ]);
    const told = await patch('patched-whole', [
      waits('look'),
      says('check', 'checked', { needs: ['write'] }),
      says('write', 'new', { needs: ['look'] }),
    ]);
    expect(told.code, told.stderr).toBe(0);
    expect(told.stdout).toMatch(/changed\s+write\s+run/);
    expect(told.stdout).toMatch(/added\s+check/);
    expect(told.stdout).toMatch(/taken out\s+proof/);
    for (const command of ['status', 'list'])
      expect((await here.muster(command)).stdout).toMatch(/patched-whole .*patched$/m);
    here.write('go-look', '');
    const report = await reportOf('patched-whole');
    expect(rows(report)).toEqual({
      look: 'succeeded',
      write: 'succeeded',
      proof: 'not-needed',
      check: 'succeeded',
    });
    expect(report.answer.data).toMatchObject({ write: 'new', check: 'checked' });
    expect(report.run.status).toBe('complete');
    expect(report.answer.ledger.find(({ brief }) => brief === 'proof')?.reason?.message).toMatch(
      /took it out/,
    );
    expect(report.run.patches).toMatchObject([{ added: ['check'], removed: ['proof'] }]);
    // A run that repeats it repeats what it was in the end.
    const again = await here.muster('rerun', 'patched-whole', '--failed', '--id', 'patched-again');
    expect(again.code, again.stderr).toBe(0);
    expect(rows(await reportOf('patched-again'))).toEqual(rows(report));
  });

  it('is refused whole where it would touch what has begun, and says what', async () => {
    await begin('patched-begun', [waits('look'), says('write', 'old', { needs: ['look'] })]);
    const edited = [waits('look', { timeout: '3m' }), says('write', 'new', { needs: ['look'] })];
    const asked = await patch('patched-begun', edited, {}, '--dry-run');
    expect([asked.code, asked.stdout]).toEqual([
      2,
      expect.stringMatching(/refused: look of patched-begun has begun/),
    ]);
    const json = await patch('patched-begun', edited, {}, '--dry-run', '--json');
    expect([json.code, JSON.parse(json.stdout)]).toEqual([
      2,
      expect.objectContaining({ begun: ['look'], error: expect.objectContaining({ type: 'InvalidInput' }) }),
    ]);
    const told = await patch('patched-begun', edited);
    expect(told.code).toBe(2);
    expect(told.stderr).toMatch(/Nothing is patched.*look/);
    here.write('go-look', '');
    expect((await reportOf('patched-begun')).answer.data).toMatchObject({ write: 'old' });
  });

  it('is refused whole where it would make a cycle, be another question, or change nothing', async () => {
    await begin('patched-refused', [waits('look'), says('write', 'old', { needs: ['look'] })]);
    const cycle = await patch('patched-refused', [
      waits('look'),
      says('write', 'new', { needs: ['look', 'check'] }),
      says('check', 'checked', { needs: ['write'] }),
    ]);
    expect([cycle.code, cycle.stderr]).toEqual([
      2,
      expect.stringMatching(/nothing was patched.*(cycle|circle)/s),
    ]);
    const briefs = [waits('look'), says('write', 'new', { needs: ['look'] })];
    const other = await patch('patched-refused', briefs, { brief: 'What else is it?' });
    expect([other.code, other.stderr]).toEqual([2, expect.stringMatching(/`brief` differs/)]);
    const same = await patch('patched-refused', [waits('look'), says('write', 'old', { needs: ['look'] })]);
    expect([same.code, same.stdout]).toEqual([0, expect.stringMatching(/goes by that plan already/)]);
    here.write('go-look', '');
    expect((await reportOf('patched-refused')).answer.data).toMatchObject({ write: 'old' });
  });

  it('gives another way to what was skipped because its need had failed', async () => {
    await begin('patched-way', [
      waits('look'),
      { id: 'bad', run: ['node', '-e', 'process.exit(1)'], retry: { attempts: 1 } },
      says('write', 'written', { needs: ['bad'] }),
      says('send', 'sent', { needs: ['write'] }),
    ]);
    const skipped = async () =>
      (
        JSON.parse((await here.muster('status', 'patched-way', '--json')).stdout) as {
          progress: { counts: { skipped?: number } };
        }
      ).progress.counts.skipped;
    await expect.poll(skipped, WITHIN).toBe(2);
    const told = await patch('patched-way', [
      waits('look'),
      { id: 'bad', run: ['node', '-e', 'process.exit(1)'], retry: { attempts: 1 } },
      says('good', 'good'),
      says('write', 'written', { needs: ['good'] }),
      says('send', 'sent', { needs: ['write'] }),
    ]);
    expect(told.code, told.stderr).toBe(0);
    here.write('go-look', '');
    expect(rows(await reportOf('patched-way'))).toEqual({
      ...{ look: 'succeeded', bad: 'failed', good: 'succeeded', write: 'succeeded', send: 'succeeded' },
    });
  });

  it('may change how many run at once, and by when it ends', async () => {
    await begin('patched-limits', [waits('look'), says('more', 'more')], { limits: { concurrency: 1 } });
    const told = await patch('patched-limits', [waits('look'), says('more', 'more')], {
      limits: { concurrency: 2, deadline: '30s' },
    });
    expect(told.code, told.stderr).toBe(0);
    const report = await reportOf('patched-limits');
    expect(rows(report)).toEqual({ look: 'cancelled', more: 'succeeded' });
  });

  it('may be another file, elsewhere: that is read again from then on; what its start said still goes before', async () => {
    const id = 'patched-from';
    const old = here.write('plan.json', planOf([waits('look'), says('write', 'old', { needs: ['look'] })]));
    const started = await here.muster('start', old, '--id', id, '--concurrency', '1');
    expect(started.code, started.stderr).toBe(0);
    await expect.poll(() => active(id), WITHIN).toEqual(['look']);
    mkdirSync(join(here.folder, 'elsewhere'));
    const edited = [waits('look'), says('more', 'more'), says('write', 'new', { needs: ['look'] })];
    const file = here.write('elsewhere/edited.json', planOf(edited, { limits: { concurrency: 8 } }));
    const told = await here.muster('patch', id, file);
    expect(told.code, told.stderr).toBe(0);
    expect(told.stdout).not.toContain('limits');
    const again = await here.muster('patch', id);
    expect([again.code, again.stdout]).toEqual([0, expect.stringMatching(/goes by that plan already/)]);
    expect(await active(id)).toEqual(['look']);
    here.write('go-look', '');
    expect((await reportOf(id)).answer.data).toMatchObject({ write: 'new', more: 'more' });
    const rerun = await here.muster('rerun', id, '--id', 'patched-from-again');
    expect(rerun.code, rerun.stderr).toBe(0);
    expect(rerun.stdout).toContain('used again');
  });

  it('is refused of a run that is over', async () => {
    const file = here.write('plan.json', planOf([says('write', 'old')]));
    await here.muster('run', file, '--id', 'patched-over');
    for (const options of [[], ['--dry-run']]) {
      const told = await patch('patched-over', [says('write', 'old'), says('more', 'more')], {}, ...options);
      expect([told.code, told.stderr]).toEqual([
        2,
        expect.stringMatching(/No run called patched-over is open/),
      ]);
    }
  });
});

describe('a patched run', () => {
  it('goes on by its patch after its worker was killed', async () => {
    const worker = await here.worker();
    await begin('patched-crash', [waits('look'), says('write', 'old', { needs: ['look'] })]);
    const told = await patch('patched-crash', [
      waits('look'),
      says('write', 'new', { needs: ['look'] }),
      says('check', 'checked', { needs: ['write'] }),
    ]);
    expect(told.code, told.stderr).toBe(0);
    worker.kill('SIGKILL');
    await here.worker();
    here.write('go-look', '');
    const report = await reportOf('patched-crash');
    expect(report.answer.data).toMatchObject({ write: 'new', check: 'checked' });
    expect(existsSync(here.write('go-look', ''))).toBe(true);
  });
});
