import { afterEach, describe, expect, it } from 'vitest';
import { type Execution, executions, NOTING, type Place, place } from '../support/muster.js';

/** Two waves of eight, each brief a command that notes its execution outside Muster. */
function plan(here: Place, ms = 400): string {
  here.write('noting.mjs', NOTING);
  here.write('log', '');
  const run = (id: string) => ['node', 'noting.mjs', 'log', id, `${ms}`];
  const ids = Array.from({ length: 8 }, (_, n) => n);
  return here.write('plan.json', {
    muster: 1,
    name: 'two-waves',
    brief: 'Note sixteen executions.',
    requirements: [{ id: 'all', says: 'All are there.', check: { count: { min: 16 }, in: '$.notes[*]' } }],
    limits: { concurrency: 4 },
    defaults: { heartbeat: '2s', timeout: '1m', parse: 'json' },
    briefs: [
      ...ids.map((n) => ({ id: `a${n}`, run: run(`a${n}`) })),
      ...ids.map((n) => ({ id: `b${n}`, needs: [`a${n}`, `a${(n + 1) % 8}`], run: run(`b${n}`) })),
    ],
    integrate: {
      merge: {
        notes: { from: [...ids.map((n) => `a${n}`), ...ids.map((n) => `b${n}`)], at: '$', key: ['brief'] },
      },
    },
  });
}

interface Answered {
  readonly digest: string;
  readonly ledger: readonly { readonly brief: string; readonly status: string }[];
}
async function answerOf(here: Place, id: string): Promise<Answered> {
  const { stdout } = await here.muster('result', id, '--json');
  const report = JSON.parse(stdout);
  return { digest: report.digest ?? report.run?.answer, ledger: report.answer.ledger };
}

const timesRun = (all: readonly Execution[]) => {
  const times = new Map<string, Execution[]>();
  for (const one of all) times.set(one.brief, [...(times.get(one.brief) ?? []), one]);
  return times;
};

describe('kill -9 of the worker, mid-wave', () => {
  const places: Place[] = [];
  const here = () => {
    const one = place();
    places.push(one);
    return one;
  };
  afterEach(async () => {
    for (const one of places.splice(0)) await one.close();
  });

  it('gives the same answer as an undisturbed run; nothing recorded runs again, and repeats keep their key', async () => {
    const [calm, stormy] = [here(), here()];
    await calm.worker();
    const undisturbed = await calm.muster('run', plan(calm), '--id', 'calm');
    expect(undisturbed.code, undisturbed.stderr).toBe(0);

    const file = plan(stormy);
    const first = await stormy.worker();
    expect((await stormy.muster('start', file, '--id', 'stormy')).code).toBe(0);
    await expect
      .poll(() => executions(stormy.read('log')).length, { timeout: 30_000, interval: 50 })
      .toBeGreaterThan(6);
    first.kill('SIGKILL');
    const begun = new Set(executions(stormy.read('log')).map(({ brief }) => brief));
    await stormy.worker();
    expect((await stormy.muster('watch', 'stormy')).code).toBe(0);

    const [expected, got] = [await answerOf(calm, 'calm'), await answerOf(stormy, 'stormy')];
    expect(got.digest).toBe(expected.digest);
    expect(got.ledger.map(({ brief }) => brief).sort()).toEqual(
      [...new Set(got.ledger.map(({ brief }) => brief))].sort(),
    );
    expect(got.ledger).toHaveLength(16);

    const times = timesRun(executions(stormy.read('log')));
    const repeated = [...times].filter(([, runs]) => runs.length > 1);
    for (const [brief, runs] of repeated) {
      expect(begun, `${brief} was in flight`).toContain(brief);
      expect(new Set(runs.map(({ key }) => key)).size, `${brief} kept its key`).toBe(1);
      expect(new Set(runs.map((run) => run.try)), `a killed worker costs no try`).toEqual(new Set(['1']));
    }
    expect(repeated.length).toBeGreaterThan(0);
    expect(repeated.length).toBeLessThanOrEqual(4);
  });
});
