import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { createMuster } from '../../src/index.js';
import { random } from '../core/schedule/support/scenario.js';
import { type Place, place } from '../support/muster.js';
import { processesWith } from '../support/processes.js';

const MOMENTS = 50;
const AT_ONCE = 10;
const WITHIN_MS = 10_000;
const SEED = Number(process.env.MUSTER_SEED ?? Math.floor(Math.random() * 2 ** 31));

let here: Place;
afterEach(() => here.close());

/** What each command does, between the lines it leaves in a file outside Muster. `$0` is the run, which its children inherit. */
const told = (brief: string, does: string): readonly string[] => [
  'sh',
  '-c',
  `export RUN_MARK="$0"; echo "begin ${brief} $(date +%s%3N)" >> "$0.log"; ${does}; echo "end ${brief} $(date +%s%3N)" >> "$0.log"`,
];

/** Takes some 8 s: children, writers, one that does not heed TERM and has a child that does not hear it, a fan-out, tries with back-off, and a lock. */
function planOf(run: string) {
  const command = (id: string, does: string, more: object = {}) => ({
    id,
    run: [...told(id, does), run],
    ...more,
  });
  return {
    muster: 1 as const,
    name: 'cancelled',
    brief: 'Be cancelled at any moment.',
    resources: { door: 1 },
    defaults: { heartbeat: '15s' },
    briefs: [
      command('first', 'sleep 0.4'),
      command('stubborn', `(trap '' TERM; exec sleep 4) & trap 'sleep 60' TERM; wait`, {
        needs: ['first'],
        join: 'all_done',
      }),
      command('chatty', 'for n in 1 2 3 4 5 6 7 8 9 10; do echo "line $n"; sleep 0.3; done', {
        needs: ['first'],
        join: 'all_done',
      }),
      {
        id: 'dig',
        forEach: { in: [1, 2, 3, 4, 5, 6], as: 'n' },
        run: [...told('dig[{{ n }}]', 'sleep 2 & sleep 1; wait'), run],
      },
      command('flaky', 'test "$MUSTER_TRY" = 3 || exit 1', {
        retry: { attempts: 3, backoff: '1500ms..1500ms' },
      }),
      command('one', 'sleep 1.5', { uses: { door: 1 } }),
      command('two', 'sleep 1.5', { uses: { door: 1 } }),
      command('last', 'sleep 1', { needs: ['stubborn', 'dig', 'flaky', 'one', 'two'], join: 'all_done' }),
    ],
    integrate: { verify: ['sh', '-c', 'export RUN_MARK="$0"; sleep 1; exit 0', run] },
  };
}
const LABELS = [
  ...['first', 'stubborn', 'chatty'],
  ...[1, 2, 3, 4, 5, 6].map((n) => `dig[${n}]`),
  ...['flaky', 'one', 'two', 'last'],
];

/** When the last try of each began, and when it ended by itself, ms since the epoch. */
function witnessed(run: string): ReadonlyMap<string, { began: number; ended?: number }> {
  const seen = new Map<string, { began: number; ended?: number }>();
  const lines = here.read(`${run}.log`).split('\n').filter(Boolean);
  for (const [what, brief, at] of lines.map((one) => one.split(' ')))
    seen.set(brief!, what === 'begin' ? { began: Number(at) } : { ...seen.get(brief!)!, ended: Number(at) });
  return seen;
}

it(`a run that is cancelled at any of ${MOMENTS} moments leaves no process after 10 s, and a row for every brief that says what it came to`, async () => {
  console.log(`MUSTER_SEED=${SEED}`);
  here = place();
  await Promise.all([here.worker(), here.worker()]);
  const { MUSTER_HOME = '', TEMPORAL_ADDRESS = '' } = here.env;
  const muster = await createMuster({ settings: { MUSTER_HOME, TEMPORAL_ADDRESS } });
  const draw = random(SEED);

  async function started(run: string) {
    here.write(`${run}.log`, '');
    await muster.start(planOf(run), { id: run, folder: here.folder });
  }
  async function over(run: string) {
    for await (const _ of muster.watch(run));
  }

  /** Cancels a run so long after its start. @returns how long after that the last of its processes was seen, ms */
  async function cancelled(run: string, afterMs: number) {
    await started(run);
    await sleep(afterMs);
    const began = Date.now();
    const wasOpen = await muster.cancel(run);
    const asked = Date.now();
    let closed = false;
    const ending = over(run).then(() => {
      closed = true;
    });
    let last = asked;
    for (let quiet = 0; quiet < 10; quiet = closed ? quiet + 1 : 0) {
      if (processesWith(`RUN_MARK=${run}`).length > 0) {
        last = Date.now();
        quiet = 0;
      }
      await sleep(100);
    }
    await ending;
    return { run, afterMs, wasOpen, began, goneMs: last - asked };
  }

  try {
    const undisturbed = `whole-${SEED}`;
    const from = Date.now();
    await started(undisturbed);
    await over(undisturbed);
    const wholeMs = Date.now() - from;
    expect((await muster.result(undisturbed))?.report.run.status).toBe('complete');

    const moments = Array.from({ length: MOMENTS }, () => draw() * wholeMs);
    const todo = [...moments.entries()];
    const done: Awaited<ReturnType<typeof cancelled>>[] = [];
    const lane = async () => {
      for (let next = todo.shift(); next; next = todo.shift())
        done.push(await cancelled(`cancel-${SEED}-${next[0]}`, next[1]));
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lane));

    const endings: { [ending: string]: number } = {};
    for (const { run, afterMs, began, goneMs } of done) {
      const { answer, run: facts } = (await muster.result(run))!.report;
      const told = { seed: SEED, run, afterMs, status: facts.status, ending: facts.ending, goneMs };
      endings[`${facts.ending}, ${facts.status}`] = (endings[`${facts.ending}, ${facts.status}`] ?? 0) + 1;

      expect(goneMs, JSON.stringify(told)).toBeLessThan(WITHIN_MS);
      expect(processesWith(`RUN_MARK=${run}`), JSON.stringify(told)).toEqual([]);
      // Where nothing was left to cancel but the integrator, the run is what it would have been.
      expect(
        [
          ['cancelled', 'cancelled'],
          ['completed', 'complete'],
        ],
        JSON.stringify(told),
      ).toContainEqual([facts.ending, facts.status]);
      const rows = answer.ledger.map(({ brief, key, ...row }) => ({
        label: key === undefined ? brief : `${brief}[${key}]`,
        ...row,
      }));
      const opened = rows.some(({ label }) => label.startsWith('dig['));
      const expected = opened ? LABELS : [...new Set(LABELS.map((label) => label.replace(/\[.*/, '')))];
      expect(
        rows.map(({ label }) => label),
        JSON.stringify(told),
      ).toEqual(expected);
      const seen = witnessed(run);
      for (const { label, status, reason } of rows) {
        const { began: begun, ended } = seen.get(label) ?? {};
        const where = JSON.stringify({ ...told, label, status, reason, begun, ended, began });
        // Ended before anybody asked; the failed tries of `flaky` end without a word.
        if (ended !== undefined && ended < began - 1_000) expect(status, where).toBe('succeeded');
        else if (ended !== undefined) expect(['succeeded', 'cancelled'], where).toContain(status);
        else if (begun !== undefined) expect(status, where).toBe('cancelled');
        else expect(['not-reached', 'cancelled'], where).toContain(status);
        if (status === 'cancelled' || status === 'not-reached')
          expect(reason, where).toMatchObject({
            type: 'Cancelled',
            message: expect.stringMatching(/cancelled/),
          });
      }
    }
    const gone = done.map(({ goneMs }) => goneMs).sort((a, b) => a - b);
    console.log(
      `an undisturbed run took ${wholeMs} ms; all gone after ${gone[0]} ms at least, ${gone[MOMENTS / 2]} in the middle, ${gone.at(-1)} at most; ${JSON.stringify(endings)}`,
    );
  } finally {
    await muster.close();
  }
});
