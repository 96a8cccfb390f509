import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Report } from '../../src/core/integrate/report.js';
import { endOfRun, executions, LOOKING, NOTING, type Place, place } from '../support/muster.js';

let here: Place;
beforeAll(async () => {
  here = place();
  here.write('fragile.mjs', FRAGILE);
  await here.worker();
});
beforeEach(() => void here.write('log', ''));
afterAll(() => here.close());

/** Briefs carried out since the last look. */
function since(): string[] {
  const all = executions(here.read('log')).map(({ brief }) => brief);
  here.write('log', '');
  return all.sort();
}
const reportOf = (id: string): Promise<Report> => endOfRun(here, id);

/** Notes its execution, fails where a file of its name says so, else prints its first argument. */
const FRAGILE = `
import { appendFileSync, existsSync } from 'node:fs';
const [brief, word = brief] = process.argv.slice(2);
appendFileSync('log', JSON.stringify({ brief }) + '\\n');
if (existsSync('broken-' + brief)) process.exit(1);
console.log(word);
`;

describe('muster rerun', () => {
  it('of 300 briefs with 12 failures, with --failed carries out those 12 and what depends on them', async () => {
    const parts = Array.from({ length: 280 }, (_, n) => `p${n}`);
    const broken = parts.filter((_, n) => n % 25 === 3);
    expect(broken).toHaveLength(12);
    for (const id of broken) here.write(`broken-${id}`, '');
    // Each sum depends on 14 parts; the last brief on all sums.
    const sums = Array.from({ length: 19 }, (_, n) => ({
      id: `s${n}`,
      of: parts.slice(14 * n, 14 * n + 14),
    }));
    const run = (id: string) => ['node', 'fragile.mjs', id];
    const file = here.write('plan.json', {
      muster: 1,
      name: 'many',
      brief: 'Do three hundred things.',
      limits: { concurrency: 20 },
      defaults: { retry: { attempts: 1 } },
      briefs: [
        ...parts.map((id) => ({ id, run: run(id) })),
        ...sums.map(({ id, of }) => ({ id, needs: of, run: run(id) })),
        { id: 'all', needs: sums.map(({ id }) => id), run: run('all') },
      ],
    });
    expect((await here.muster('run', file, '--id', 'before')).code).toBe(3);
    const first = await reportOf('before');
    const holes = first.answer.missing.map(({ brief }) => brief).sort();
    const dependants = [
      ...sums.filter(({ of }) => of.some((id) => broken.includes(id))).map(({ id }) => id),
      'all',
    ];
    expect(holes).toEqual([...broken, ...dependants].sort());
    since();

    for (const id of broken) rmSync(join(here.folder, `broken-${id}`));
    const again = await here.muster('rerun', 'before', '--failed', '--id', 'after');
    expect(again.code, again.stderr).toBe(0);
    expect(since()).toEqual(holes);
    const { run: facts } = await reportOf('after');
    expect(facts).toMatchObject({ rerunOf: 'before', reused: 300 - holes.length, tries: holes.length });
    const why = (label: string) => facts.briefs.find((brief) => brief.label === label)?.anew;
    expect(why('p3')).toEqual({ because: 'not-done', status: 'failed' });
    expect(why('all')).toEqual({ because: 'not-done' });
    expect(again.stdout).toMatch(
      /used again +\d+ results of before · carried out: 12 failed there, \d+ not carried out there/,
    );

    // Nothing is left to do: the same answer, and nobody is carried out.
    expect((await here.muster('rerun', 'after', '--id', 'idle')).code).toBe(0);
    expect(since()).toEqual([]);
    expect((await reportOf('idle')).run.answer).toBe(facts.answer);
  });

  it('of an edited plan and changed files carries out what they affect, and stops where an output came out the same', async () => {
    here.write('noting.mjs', NOTING);
    for (const name of ['a', 'b', 'c']) here.write(`${name}.txt`, `${name}\n`);
    const plan = (word: string, last = 'end') => ({
      muster: 1,
      name: 'edited',
      brief: 'Look at files.',
      inputs: { files: { glob: '*.txt' } },
      briefs: [
        {
          id: 'look',
          forEach: { in: 'inputs.files', as: 'file' },
          run: ['node', 'fragile.mjs', '{{ file.path }}', 'seen'],
        },
        {
          id: 'count',
          needs: ['look'],
          run: ['node', 'fragile.mjs', 'count'],
          stdin: { from: 'look.output' },
        },
        { id: 'say', run: ['node', 'fragile.mjs', 'say', word] },
        { id: 'upper', needs: ['say'], run: ['node', 'fragile.mjs', 'upper', '{{ say.output }}'] },
        { id: last, needs: ['count'], run: ['node', 'fragile.mjs', last, 'x'] },
      ],
    });
    const file = here.write('plan.json', plan('one'));
    expect((await here.muster('run', file, '--id', 'one')).code).toBe(0);
    expect(since()).toEqual(['a.txt', 'b.txt', 'c.txt', 'count', 'end', 'say', 'upper']);

    // One file changed, one is new: what is said of them is the same list but for the new one.
    here.write('b.txt', 'changed\n');
    expect((await here.muster('rerun', 'one', '--id', 'two')).code).toBe(0);
    expect(since()).toEqual(['b.txt']);
    here.write('d.txt', 'd\n');
    expect((await here.muster('rerun', 'two', '--id', 'three')).code).toBe(0);
    expect(since()).toEqual(['count', 'd.txt']);

    const edited = here.write('edited.json', plan('two', 'finish'));
    expect((await here.muster('rerun', 'three', '--plan', edited, '--id', 'four')).code).toBe(0);
    expect(since()).toEqual(['finish', 'say', 'upper']);
    const { run } = await reportOf('four');
    const why = Object.fromEntries(run.briefs.flatMap(({ label, anew }) => (anew ? [[label, anew]] : [])));
    expect(why).toEqual({
      say: { because: 'changed', fields: ['argv'] },
      upper: { because: 'changed', fields: ['argv'] },
      finish: { because: 'new' },
    });
  });

  it('never uses a result that was marked bad, of an instance too, and what depends on it only where it comes out different', async () => {
    const file = here.write('plan.json', {
      muster: 1,
      name: 'marked',
      brief: 'Look at two.',
      briefs: [
        { id: 'look', forEach: { in: ['x', 'y'], as: 'it' }, run: ['node', 'fragile.mjs', '{{ it }}'] },
        { id: 'sum', needs: ['look'], run: ['node', 'fragile.mjs', 'sum'], stdin: { from: 'look.output' } },
      ],
    });
    expect((await here.muster('run', file, '--id', 'marked-1')).code).toBe(0);
    since();
    expect((await here.muster('mark', 'marked-1', 'look[y]', 'bad')).stdout).toContain('marked bad');
    expect((await here.muster('rerun', 'marked-1', '--id', 'marked-2')).code).toBe(0);
    expect(since()).toEqual(['y']);

    const wrong = await here.muster('mark', 'marked-1', 'look', 'bad');
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('`look` has instances')]);
    expect((await here.muster('mark', 'marked-1', 'nobody', 'bad')).stderr).toContain('no brief `nobody`');
    expect((await here.muster('rerun', 'nothing')).code).toBe(2);
  });

  it('is refused of a run that has not ended', async () => {
    const file = here.write('slow.json', {
      muster: 1,
      name: 'slow',
      brief: 'Take long.',
      briefs: [{ id: 'a', run: ['sleep', '60'] }],
    });
    expect((await here.muster('start', file, '--id', 'slow')).code).toBe(0);
    const begun = async () => (await (await here.library()).list()).map(({ id }) => id);
    await expect.poll(begun, LOOKING).toContain('slow');
    const { code, stderr } = await here.muster('rerun', 'slow');
    expect([code, stderr]).toEqual([2, expect.stringContaining('slow has not ended')]);
    await here.muster('cancel', 'slow');
  });
});
