import type { ChildProcess } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { executions, NOTING, type Place, place } from '../support/muster.js';

let here: Place;
let worker: ChildProcess;
beforeEach(async () => {
  here = place();
  worker = await here.worker('--functions', here.write('functions.mjs', FUNCTIONS));
});
afterEach(() => here.close());

/** Functions that write plans, and one that does the work in them. */
const FUNCTIONS = `
const plan = (briefs, more) => ({ muster: 1, name: 'within', brief: 'A part of it.', briefs, ...more });
/** With the two briefs above and the one that fans out, one too many. */
export const numbers = () => Array.from({ length: 19_998 }, (_, n) => n);
export const work = ({ input }) => ({ did: input });
export const fail = () => { throw new Error('no'); };
export const planner = ({ input }) =>
  plan(input.map((word, i) => ({ id: 'w' + i, call: 'work', stdin: { from: 'params.word + "' + word + '"' } })), {
    params: { type: 'object', properties: { word: { type: 'string' } }, required: ['word'] },
  });
export const partly = () => plan([{ id: 'good', call: 'work', stdin: { from: '1' } }, { id: 'bad', call: 'fail', retry: { attempts: 1 } }]);
export const wrong = () => 'muster: 1\\nname: x\\nbrief: y\\nbriefs:\\n  - id: a\\n    call: work\\n    needs: [b]\\n  - id: b\\n    call: work\\n    needs: [a]\\n  - id: c\\n    cal: work\\n';
export const command = () => plan([{ id: 'a', run: ['node', '-p', '1'] }]);
/** A plan whose only brief makes the same plan again, and runs it. */
export const itself = () =>
  plan([{ id: 'again', call: 'itself' }, { id: 'deeper', needs: ['again'], plan: { from: 'again.output' } }]);
`;

interface Row {
  readonly brief: string;
  readonly key?: string;
  readonly status: string;
  readonly reason?: { readonly type: string; readonly message: string };
}
interface Report {
  readonly answer: {
    readonly data: { readonly [brief: string]: unknown };
    readonly ledger: readonly Row[];
  };
  readonly run: { readonly status: string };
}
async function reportOf(id: string): Promise<Report> {
  return JSON.parse((await here.muster('result', id, '--json')).stdout) as Report;
}
async function run(id: string, briefs: readonly object[], more: object = {}): Promise<Report> {
  const file = here.write('plan.json', { muster: 1, name: 'above', brief: 'All of it.', briefs, ...more });
  const ended = await here.muster('run', file, '--id', id);
  expect([0, 1, 3], ended.stderr + ended.stdout).toContain(ended.code);
  return reportOf(id);
}
const rowOf = ({ answer }: Report, label: string): Row => {
  const row = answer.ledger.find(
    ({ brief, key }) => (key === undefined ? brief : `${brief}[${key}]`) === label,
  );
  expect(row, label).toBeDefined();
  return row!;
};
const planned = (by: string, more: object = {}) => [
  { id: 'plan_it', call: by, ...more },
  { id: 'do_it', needs: ['plan_it'], plan: { from: 'plan_it.output' } },
];

describe('a brief that runs a plan', () => {
  it('gives the answer of that plan to whoever needs it', async () => {
    const report = await run('within-simple', [
      { id: 'plan_it', call: 'planner', stdin: { from: '["x", "y"]' } },
      { id: 'do_it', needs: ['plan_it'], plan: { from: 'plan_it.output', params: { word: '"to-"' } } },
      { id: 'after', needs: ['do_it'], call: 'work', stdin: { from: 'do_it.output.w1.did' } },
    ]);
    expect(report.run.status).toBe('complete');
    expect(report.answer.data.after).toEqual({ did: 'to-y' });
    expect(report.answer.data.do_it).toEqual({ w0: { did: 'to-x' }, w1: { did: 'to-y' } });
    expect((await reportOf('within-simple/1/1')).run.status).toBe('complete');
  });

  it('may be a file beside the plan, once for each item of a fan-out', async () => {
    here.write(
      'sub.yaml',
      `muster: 1
name: one
brief: One of them.
params: { type: object, properties: { vendor: { type: string } }, required: [vendor] }
briefs:
  - { id: look, call: work, stdin: { from: params.vendor } }
  - { id: twice, call: work, needs: [look], forEach: { in: '[1, 2]' }, stdin: { from: 'look.output.did + string(item)' } }
`,
    );
    const report = await run('within-fan', [
      {
        id: 'each',
        forEach: { in: ['a', 'b', 'c'], as: 'vendor' },
        plan: { file: 'sub.yaml', params: { vendor: 'vendor' } },
      },
    ]);
    expect(report.run.status).toBe('complete');
    const { each } = report.answer.data as { each: readonly { output: { look: object } }[] };
    expect(JSON.stringify(each)).toContain('{"did":"b2"}');
  });

  it('is a part where a part of it is missing, and says what', async () => {
    const report = await run('within-part', planned('partly'));
    expect(rowOf(report, 'do_it')).toMatchObject({
      status: 'partial',
      reason: { type: 'SubRunFailed', message: expect.stringContaining('bad (failed)') },
    });
    expect(report.answer.data.do_it).toEqual({ good: { did: 1 } });
  });

  it('fails with everything that is wrong with a plan that does not compile, and begins nothing of it', async () => {
    const report = await run('within-wrong', planned('wrong'));
    const row = rowOf(report, 'do_it');
    expect(row).toMatchObject({ status: 'failed', reason: { type: 'InvalidPlan' } });
    expect(row.reason?.message).toMatch(/line 11.*`cal`/s);
    expect((await here.muster('status', 'within-wrong/1/1')).code).toBe(2);
  });

  it('runs no commands that a model made up, unless the worker allows them', async () => {
    const report = await run('within-command', planned('command'));
    expect(rowOf(report, 'do_it')).toMatchObject({ status: 'failed', reason: { type: 'CommandNotAllowed' } });
  });

  it('goes no deeper than three', async () => {
    await run('within-deep', planned('itself'));
    const deepest = await reportOf('within-deep/1/1/1/1/1/1');
    expect(rowOf(deepest, 'deeper')).toMatchObject({
      status: 'refused',
      reason: { message: expect.stringContaining('3 deep') },
    });
  });

  it('brings a run, with what is within it, over no more than 20,000 briefs', async () => {
    here.write(
      'wide.yaml',
      `muster: 1
name: wide
brief: Much.
params: { type: object, properties: { items: { type: array } }, required: [items] }
briefs:
  - { id: many, call: work, forEach: { in: params.items, max: 20000 } }
`,
    );
    const report = await run('within-many', [
      { id: 'numbers', call: 'numbers', output: { type: 'array' } },
      { id: 'do_it', needs: ['numbers'], plan: { file: 'wide.yaml', params: { items: 'numbers.output' } } },
    ]);
    expect(rowOf(report, 'do_it')).toMatchObject({
      status: 'failed',
      reason: { message: expect.stringContaining('many (refused)') },
    });
    expect(rowOf(await reportOf('within-many/1/1'), 'many').status).toBe('refused');
  });

  it('is listed with the runs within others only when asked, and found by the beginning of its id', async () => {
    await run('within-listed', planned('partly'));
    const ids = async (...how: readonly string[]) =>
      JSON.parse((await here.muster('list', '--json', ...how)).stdout).runs.map(
        ({ id }: { id: string }) => id,
      );
    expect(await ids()).toEqual(['within-listed']);
    expect((await ids('--parts')).sort()).toEqual(['within-listed', 'within-listed/1/1']);
    expect((await here.muster('result', 'within-li', '--json')).stdout).toContain('All of it.');
  });
});

describe('while it goes on', () => {
  /** Each notes that it began, and takes its time. */
  const slow = (ids: readonly string[], ms: number) =>
    `muster: 1\nname: slow\nbrief: Slowly.\nlimits: { concurrency: 8 }\nbriefs:\n${ids
      .map((id) => `  - { id: ${id}, run: [node, noting.mjs, log, ${id}, '${ms}'], parse: json }\n`)
      .join('')}`;
  const began = () => {
    try {
      return executions(here.read('log'));
    } catch {
      return [];
    }
  };
  const start = async (id: string, briefs: readonly object[], more: object = {}) => {
    here.write('noting.mjs', NOTING);
    const file = here.write('plan.json', { muster: 1, name: 'above', brief: 'All.', briefs, ...more });
    const { code, stderr } = await here.muster('start', file, '--id', id);
    expect(code, stderr).toBe(0);
  };
  const WITHIN = { timeout: 60_000 };
  const watch = async (id: string) => {
    await here.muster('watch', id);
    return reportOf(id);
  };

  it('a worker that is killed leaves nothing to be done twice that was recorded', async () => {
    here.write('slow.yaml', slow(['a', 'b', 'c', 'd', 'e', 'f'], 1_000));
    await start('within-killed', [{ id: 'do_it', plan: { file: 'slow.yaml' } }], {
      limits: { concurrency: 2 },
    });
    await expect.poll(() => began().length, WITHIN).toBeGreaterThanOrEqual(3);
    worker.kill('SIGKILL');
    await here.worker('--functions', here.write('functions.mjs', FUNCTIONS));
    const report = await watch('within-killed');
    expect(report.run.status).toBe('complete');
    // Two may have run when it died: those are done again, under the same key.
    expect(began().length).toBeLessThanOrEqual(8);
    const keys = new Map(began().map(({ brief, key }) => [brief, key]));
    expect(keys.size).toBe(6);
    for (const { brief, key } of began()) expect(keys.get(brief)).toBe(key);
  });

  it('it is lent the slots that its parent has no use for, and no more', async () => {
    here.write('slow.yaml', slow(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'], 3_000));
    await start('within-lent', [{ id: 'do_it', plan: { file: 'slow.yaml' } }], {
      limits: { concurrency: 4 },
    });
    const active = async () =>
      JSON.parse((await here.muster('status', 'within-lent/0/1', '--json')).stdout || '{}').progress?.active
        ?.length;
    let most = 0;
    await expect
      .poll(async () => {
        most = Math.max(most, (await active()) ?? 0);
        return most;
      }, WITHIN)
      .toBe(4);
    expect((await watch('within-lent')).run.status).toBe('complete');
    expect(most).toBe(4);
  });

  it('cancelled, everything within it ends, and its report says so', async () => {
    here.write('slow.yaml', slow(['a', 'b'], 60_000));
    await start('within-cancelled', [{ id: 'do_it', plan: { file: 'slow.yaml' } }]);
    await expect.poll(() => began().length, WITHIN).toBe(2);
    await here.muster('cancel', 'within-cancelled');
    const report = await watch('within-cancelled');
    expect(report.run.status).toBe('cancelled');
    expect(rowOf(report, 'do_it').status).toBe('cancelled');
    expect((await reportOf('within-cancelled/0/1')).run.status).toBe('cancelled');
  });

  /** Goes on until there is a file of that name. */
  const UNTIL = `
import { existsSync } from 'node:fs';
const look = () => (existsSync('go') ? console.log('there') : setTimeout(look, 50));
look();`;

  it('paused, nothing starts within it either', async () => {
    here.write('until.mjs', UNTIL);
    here.write(
      'sub.yaml',
      `muster: 1
name: waiting
brief: Wait.
briefs:
  - { id: a, run: [node, until.mjs] }
  - { id: b, needs: [a], run: [node, noting.mjs, log, b, '0'], stdin: { from: a.output } }
`,
    );
    await start('within-paused', [{ id: 'do_it', plan: { file: 'sub.yaml' } }]);
    const within = async () =>
      JSON.parse((await here.muster('status', 'within-paused/0/1', '--json')).stdout || '{}');
    await expect.poll(async () => (await within()).progress?.active?.length, WITHIN).toBe(1);
    await here.muster('pause', 'within-paused');
    here.write('go', '');
    await expect.poll(async () => (await within()).phase, WITHIN).toBe('paused');
    expect(began()).toEqual([]);
    await here.muster('resume', 'within-paused');
    expect((await watch('within-paused')).run.status).toBe('complete');
    expect(began()).toHaveLength(1);
  });

  it('retried, it repeats what failed within it and nothing else', async () => {
    here.write(
      'try.mjs',
      `${NOTING}
import { existsSync } from 'node:fs';
if (brief === 'b' && !existsSync('mended')) process.exit(1);
`,
    );
    here.write(
      'sub.yaml',
      `muster: 1
name: mended
brief: Mend it.
briefs:
  - { id: a, run: [node, try.mjs, log, a, '0'], parse: json }
  - { id: b, run: [node, try.mjs, log, b, '0'], parse: json, retry: { attempts: 1 } }
`,
    );
    here.write('until.mjs', UNTIL);
    await start('within-retried', [
      { id: 'do_it', plan: { file: 'sub.yaml' } },
      { id: 'long', run: ['node', 'until.mjs'] },
    ]);
    const counts = async () =>
      JSON.parse((await here.muster('status', 'within-retried', '--json')).stdout).progress?.counts;
    await expect.poll(counts, WITHIN).toMatchObject({ partial: 1 });
    here.write('mended', '');
    await here.muster('retry', 'within-retried', 'do_it');
    await expect.poll(counts, WITHIN).toMatchObject({ succeeded: 1 });
    here.write('go', '');
    const report = await watch('within-retried');
    expect(report.answer.data.do_it).toEqual({ a: { brief: 'a' }, b: { brief: 'b' } });
    expect(began().filter(({ brief }) => brief === 'a')).toHaveLength(1);
    expect(began().filter(({ brief }) => brief === 'b')).toHaveLength(2);
  });
});
