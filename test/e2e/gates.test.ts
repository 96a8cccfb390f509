import type { ChildProcess } from 'node:child_process';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Gate } from '../../src/client.js';
import { UPDATES } from '../../src/contracts/messages.js';
import { endOfRun, LOOKING, type Place, place } from '../support/muster.js';

let here: Place;
let worker: ChildProcess;
beforeAll(async () => {
  here = place();
  here.write('until.mjs', UNTIL);
  worker = await here.worker();
});
afterAll(() => here.close());

/** Goes on until there is a file of that name. */
const UNTIL = `
import { existsSync } from 'node:fs';
const [file] = process.argv.slice(2);
const look = () => (existsSync(file) ? console.log('there') : setTimeout(look, 50));
look();
`;

interface Answer {
  readonly approved: boolean;
  readonly by: string;
}
interface Data {
  readonly release: Answer;
  readonly trusted: Answer;
  readonly deploy: string;
  readonly sum: readonly { readonly status: string }[];
}

async function start(id: string, briefs: readonly object[], more: object = {}): Promise<void> {
  const file = here.write('plan.json', { muster: 1, name: 'gated', brief: 'May it?', briefs, ...more });
  const { code, stderr } = await here.muster('start', file, '--id', id);
  expect(code, stderr).toBe(0);
}
async function ok(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await here.muster(...args);
  expect(code, stderr).toBe(0);
  return stdout;
}
const gates = async (id: string) => (await here.library()).gates(id);
/** Waits until so many ask. */
async function asking(id: string, n = 1): Promise<readonly Gate[]> {
  await expect.poll(async () => (await gates(id)).length, LOOKING).toBe(n);
  return gates(id);
}
async function ended(id: string) {
  const { answer, run } = await endOfRun(here, id);
  const rows = answer.ledger.map((row) => [
    row.key === undefined ? row.brief : `${row.brief}[${row.key}]`,
    row,
  ]);
  const ledger = Object.fromEntries(rows) as { readonly [label: string]: (typeof answer.ledger)[number] };
  return { run, data: answer.data as unknown as Data, ledger };
}

const verdict = { id: 'verdict', run: ['node', '-p', '"fastify"'] };
const release = {
  id: 'release',
  needs: ['verdict'],
  gate: 'Release {{ verdict.output | strip }}?',
  context: ['verdict'],
};
const deploy = {
  id: 'deploy',
  needs: ['release'],
  run: ['node', '-p', 'process.argv[1]', 'for {{ release.output.by }}: {{ release.output.note }}'],
};

describe('a gate', () => {
  it('shows what is asked and, approved, lets go on what needs it, which is given the answer', async () => {
    await start('gate-yes', [verdict, release, deploy]);
    const [gate] = await asking('gate-yes');
    expect(gate).toMatchObject({
      brief: 'release',
      question: 'Release fastify?',
      context: [{ need: 'verdict', status: 'succeeded', output: 'fastify\n' }],
    });
    expect(JSON.parse(await ok('gates', 'gate-yes', '--json')).gates).toEqual([gate]);
    const shown = await ok('gates', 'gate-yes');
    expect(shown).toContain(`muster approve gate-yes release --digest ${gate!.digest.slice(0, 12)}`);
    const { stdout } = await here.muster('status', 'gate-yes');
    expect(stdout).toContain('? release  waits for an answer: muster gates gate-yes');
    await ok(
      'approve',
      'gate-yes',
      'release',
      '--digest',
      gate!.digest.slice(0, 8),
      '--by',
      'Ann',
      '--note',
      'go',
    );
    const { ledger, data } = await ended('gate-yes');
    expect(ledger.release).toMatchObject({ status: 'succeeded' });
    expect(data.release).toMatchObject({ approved: true, by: 'Ann', note: 'go', digest: gate!.digest });
    expect(data.deploy).toBe('for Ann: go\n');
    const other = await here.muster('reject', 'gate-yes', 'release', '--digest', gate!.digest);
    expect([other.code, other.stderr]).toEqual([2, expect.stringContaining('was approved by Ann')]);
    expect(await ok('approve', 'gate-yes', 'release', '--digest', gate!.digest)).toContain(
      'was approved already',
    );
  });

  it('of a run within the run is shown with it, and answered there', async () => {
    here.write('part.json', { muster: 1, name: 'part', brief: 'A part of it.', briefs: [verdict, release] });
    await start('gate-within', [{ id: 'part', plan: { file: 'part.json' } }]);
    const [gate] = await asking('gate-within');
    expect(gate).toMatchObject({ run: 'gate-within/0/1', brief: 'release', question: 'Release fastify?' });
    const digest = gate!.digest.slice(0, 12);
    expect(await ok('gates', 'gate-within')).toContain(`approve gate-within/0/1 release --digest ${digest}`);
    await ok('approve', 'gate-within/0/1', 'release', '--digest', digest, '--by', 'Ann');
    const { data } = await ended('gate-within');
    expect(data).toMatchObject({ part: { release: { approved: true, by: 'Ann' } } });
    expect(await gates('gate-within')).toEqual([]);
  });
  it('that is rejected skips what needs it, by its name, and the report says why', async () => {
    await start('gate-no', [verdict, release, deploy, { id: 'other', run: ['node', '-p', '1'] }]);
    const [gate] = await asking('gate-no');
    await ok(
      'reject',
      'gate-no',
      'release',
      '--digest',
      gate!.digest,
      '--by',
      'Ben',
      '--note',
      'not on a Friday',
    );
    const { ledger, run } = await ended('gate-no');
    expect(ledger.release).toMatchObject({
      status: 'failed',
      reason: { type: 'Rejected', message: 'Rejected by Ben: not on a Friday' },
    });
    expect(ledger.deploy).toMatchObject({ status: 'skipped', because: 'release' });
    expect([ledger.other!.status, run.status]).toEqual(['succeeded', 'partial']);
  });

  it('refuses an answer to anything but what it shows, and one that nobody can stand by', async () => {
    await start('gate-digest', [verdict, release, deploy]);
    const [gate] = await asking('gate-digest');
    const refused = async (says: string, ...args: readonly string[]) => {
      const { code, stderr } = await here.muster(...args);
      expect([args, code, stderr]).toEqual([args, 2, expect.stringContaining(says)]);
    };
    const approve = ['approve', 'gate-digest', 'release'];
    await refused(
      'is not the digest of what release of gate-digest asks now',
      ...approve,
      '--digest',
      'deadbeef00',
    );
    await refused('first 8 hexadecimal digits', ...approve, '--digest', gate!.digest.slice(0, 7));
    await refused(`--digest ${gate!.digest.slice(0, 12)}`, ...approve);
    const note = 'x'.repeat(401);
    await refused(
      'has 401 bytes, over the maximum of 400',
      ...approve,
      '--digest',
      gate!.digest,
      '--note',
      note,
    );
    await refused('is no gate', 'approve', 'gate-digest', 'verdict', '--digest', gate!.digest);
    await refused('asks nothing now', 'gates', 'gate-digest', 'deploy');

    const connection = await Connection.connect({ address: inject('address') });
    try {
      const handle = new Client({ connection }).workflow.getHandle('gate-digest');
      const update = (name: keyof typeof UPDATES, digest: string, more: object = {}) =>
        handle.executeUpdate(UPDATES[name], { args: [{ u: 1, digest, ...more }] }).then(
          (answer) => answer,
          (error: Error) => (error.cause as Error).message,
        );
      expect(await update('approve', 'f'.repeat(64))).toContain('Something else is asked there by now');
      expect(await update('approve', gate!.digest, { note })).toContain('at most 400');
      expect(await update('approve', gate!.digest, { u: 0 })).toContain('Nothing is asked there now');
      expect((await gates('gate-digest'))[0]).toEqual(gate);
      // Whoever is late is told the first answer, also while that is being taken up.
      await ok('pause', 'gate-digest');
      expect(await update('approve', gate!.digest, { by: 'Ann' })).toEqual({ changed: true });
      expect(await update('approve', gate!.digest, { by: 'Eve' })).toEqual({ changed: false });
      expect(await update('reject', gate!.digest)).toContain('It is approved already by Ann');
      await ok('resume', 'gate-digest');
    } finally {
      await connection.close();
    }
    expect((await ended('gate-digest')).data.release).toMatchObject({ approved: true, by: 'Ann' });
  });

  it('in a fan-out asks for each instance, and answers are told apart', async () => {
    await start('gate-fan', [
      { id: 'good', forEach: { in: ['a', 'b c', 'd'] }, gate: 'Is {{ item }} good?' },
      { id: 'sum', needs: ['good'], run: ['cat'], stdin: { from: 'good.output' }, parse: 'json' },
    ]);
    const all = await asking('gate-fan', 3);
    expect(all.map(({ brief, question }) => [brief, question])).toEqual([
      ['good[a]', 'Is a good?'],
      ['good[b c]', 'Is b c good?'],
      ['good[d]', 'Is d good?'],
    ]);
    expect(await ok('gates', 'gate-fan')).toContain("muster approve gate-fan 'good[b c]' --digest");
    await ok('reject', 'gate-fan', 'good[b c]', '--digest', all[1]!.digest);
    expect((await here.muster('approve', 'gate-fan', 'good[a]', '--digest', all[2]!.digest)).code).toBe(2);
    await ok('approve', 'gate-fan', 'good[a]', '--digest', all[0]!.digest);
    await ok('skip', 'gate-fan', 'good[d]');
    const { ledger, data } = await ended('gate-fan');
    expect(Object.values(ledger).map(({ status }) => status)).toEqual([
      ...['succeeded', 'failed', 'skipped', 'succeeded'],
    ]);
    expect(data.sum.map((one) => one.status)).toEqual(['succeeded', 'failed', 'skipped']);
  });

  it('that nobody answers ends when its time is over; and one that waits is no work', async () => {
    await start('gate-late', [
      { ...release, id: 'late', within: '1s', retry: { then: 'missing' } },
      verdict,
      { ...release, id: 'later', within: '2s' },
    ]);
    const { ledger, run } = await ended('gate-late');
    expect(ledger.late).toMatchObject({ status: 'missing', reason: { type: 'TimedOut' } });
    expect(ledger.later).toMatchObject({ status: 'failed', reason: { type: 'TimedOut' } });
    expect(run.wallMs).toBeGreaterThan(2_000);
    expect(run.sumMs).toBeLessThan(run.wallMs - 500);
  });

  it('that is retried after a no asks anew, about what there is by then', async () => {
    here.write(
      'ready.mjs',
      "import { existsSync } from 'node:fs';\nif (!existsSync('ready')) throw new Error('not ready');\nconsole.log('ready');\n",
    );
    await start('gate-again', [
      { id: 'check', run: ['node', 'ready.mjs'], retry: { attempts: 1 } },
      {
        id: 'go',
        needs: ['check'],
        join: 'all_done',
        gate: 'Go, though it is {{ check.status }}?',
        context: ['check'],
      },
      { id: 'next', needs: ['go'], run: ['node', '-p', '1'] },
      { id: 'long', run: ['node', 'until.mjs', 'end'] },
    ]);
    const [first] = await asking('gate-again');
    expect(first!.question).toBe('Go, though it is failed?');
    await ok('reject', 'gate-again', 'go', '--digest', first!.digest);
    here.write('ready', '');
    expect(await ok('retry', 'gate-again', 'check')).toContain('once more');
    const muster = await here.library();
    await expect.poll(() => muster.retry('gate-again', 'go'), LOOKING).toBe(true);
    const [second] = await asking('gate-again');
    expect(second).toMatchObject({
      question: 'Go, though it is succeeded?',
      context: [{ need: 'check', output: 'ready\n' }],
    });
    expect((await here.muster('approve', 'gate-again', 'go', '--digest', first!.digest)).code).toBe(2);
    await ok('approve', 'gate-again', 'go', '--digest', second!.digest);
    here.write('end', '');
    const { ledger } = await ended('gate-again');
    expect([ledger.go!.status, ledger.next!.status]).toEqual(['succeeded', 'succeeded']);
  });

  it('that still waits when the run is cancelled, or its deadline passes, has its row', async () => {
    await start('gate-cancel', [release, verdict, deploy]);
    await asking('gate-cancel');
    await ok('cancel', 'gate-cancel');
    const cancelled = await ended('gate-cancel');
    expect(cancelled.ledger.release).toMatchObject({
      status: 'cancelled',
      reason: { message: 'It was waiting for an answer: the run was cancelled before an answer came.' },
    });
    expect(cancelled.ledger.deploy).toMatchObject({ status: 'not-reached' });
    await start('gate-deadline', [release, verdict, deploy], { limits: { deadline: '2s' } });
    const { ledger } = await ended('gate-deadline');
    expect(ledger.release).toMatchObject({ status: 'cancelled', reason: { type: 'TimedOut' } });
    expect(ledger.release!.reason!.message).toContain('It was waiting for an answer');
  });

  it('asks again in a re-run, unless its `cache` says that an approval of the very same counts for a time', async () => {
    const cached = { ...release, id: 'trusted', cache: { for: '1h' } };
    await start('gate-first', [verdict, release, cached]);
    for (const { brief, digest } of await asking('gate-first', 2))
      await ok('approve', 'gate-first', brief, '--digest', digest, '--by', 'Ann');
    await ended('gate-first');
    const { stdout } = await here.muster('rerun', 'gate-first', '--detach', '--id', 'gate-second');
    expect(stdout).toContain('gate-second');
    const all = await asking('gate-second');
    expect(all.map(({ brief }) => brief)).toEqual(['release']);
    await ok('approve', 'gate-second', 'release', '--digest', all[0]!.digest, '--by', 'Ben');
    const { data, run } = await ended('gate-second');
    expect([data.release.by, data.trusted.by]).toEqual(['Ben', 'Ann']);
    expect(run.briefs.filter((one) => one.reused)).toHaveLength(2);
  });
});

describe('a gate that waits while everything falls over', () => {
  it('is there when its worker was killed with -9, and goes on with the next', async () => {
    await start('gate-killed', [verdict, release, deploy]);
    const [gate] = await asking('gate-killed');
    worker.kill('SIGKILL');
    await here.worker();
    expect(await asking('gate-killed')).toEqual([gate]);
    await ok('approve', 'gate-killed', 'release', '--digest', gate!.digest, '--by', 'Ann');
    const { ledger, data, run } = await ended('gate-killed');
    expect(ledger.deploy).toMatchObject({ status: 'succeeded' });
    expect([data.release.by, run.takenUpAgain]).toEqual(['Ann', 0]);
  });
});
