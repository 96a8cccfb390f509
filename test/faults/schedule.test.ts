import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import type { ScheduleHistory } from '../../src/client.js';
import type { RunEntry } from '../../src/engine/runIndex.js';
import type { SupervisorRecord } from '../../src/temporal/record.js';
import { itEmbedded, LOOKING, type Place, place } from '../support/muster.js';

/** Notes what time it is for, when it began and when it ended. */
const TICK = `
import { appendFileSync } from 'node:fs';
const [schedule, at] = process.argv.slice(2);
const began = Date.now();
setTimeout(() => {
  appendFileSync('log', JSON.stringify({ schedule, at: Number(at), began, ended: Date.now() }) + '\\n');
}, 200);
`;
interface Tick {
  readonly schedule: string;
  readonly at: number;
  readonly began: number;
  readonly ended: number;
}
const EVERY_MS = 2_000;

let here: Place;

async function ok(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await here.muster(...args);
  expect(code, `muster ${args.join(' ')}: ${stderr}`).toBe(0);
  return stdout;
}
/** What the command shows. */
const shown = async (id: string, since = '1h'): Promise<ScheduleHistory> =>
  JSON.parse(await ok('schedule', 'show', id, '--since', since, '--json'));
/** The same by the library. */
const show = async (id: string): Promise<ScheduleHistory> =>
  (await here.library()).schedules.show(id, Date.now() - 3_600_000);
const runsIn = ({ record }: ScheduleHistory) => record.filter((due) => due.kind === 'started');
const supervisor = (): SupervisorRecord =>
  JSON.parse(readFileSync(join(here.env.MUSTER_HOME!, 'supervisor.json'), 'utf8'));

async function temporal<T>(
  work: (client: Client) => Promise<T>,
  { address, namespace }: { readonly address: string; readonly namespace?: string } = {
    address: inject('address'),
  },
): Promise<T> {
  const connection = await Connection.connect({ address });
  try {
    return await work(new Client({ connection, ...(namespace !== undefined && { namespace }) }));
  } finally {
    await connection.close();
  }
}

/** Kills a child of the supervisor, and keeps that from replacing it for so long. @returns when it was away, at least */
async function outage(child: 'workerPid' | 'serverPid', ms: number): Promise<{ from: number; to: number }> {
  const record = supervisor();
  process.kill(record.pid, 'SIGSTOP');
  process.kill(record[child]!, 'SIGKILL');
  const from = Date.now();
  await sleep(ms);
  const to = Date.now();
  process.kill(record.pid, 'SIGCONT');
  await expect
    .poll(() => supervisor()[child] !== record[child] && supervisor().state, { timeout: 60_000 })
    .toBe('ready');
  return { from, to };
}

const isReportOf = (schedule: string) => (name: string) =>
  name.startsWith(`${schedule}-`) && name.endsWith('.closed');

/** Every even second from one time to another. */
function evenSeconds(from: number, to: number): readonly number[] {
  const first = Math.ceil(from / EVERY_MS) * EVERY_MS;
  return Array.from(
    { length: Math.max(0, Math.floor((to - first) / EVERY_MS) + 1) },
    (_, n) => first + n * EVERY_MS,
  );
}

describe('a schedule every 2 s', () => {
  afterEach(() => here.close());

  itEmbedded('keeps what its policy promises through a worker outage and a server restart', async () => {
    here = place({ embedded: true });
    here.write('tick.mjs', TICK);
    here.write('log', '');
    const file = here.write('plan.json', {
      muster: 1,
      name: 'tick',
      brief: 'Note the time.',
      params: { type: 'object', properties: { schedule: { type: 'string' }, at: { type: 'integer' } } },
      briefs: [{ id: 'tick', run: ['node', 'tick.mjs', '{{ params.schedule }}', '{{ params.at }}'] }],
    });
    const policies = {
      all: ['allow-all', '10m'],
      one: ['skip', '10m'],
      short: ['allow-all', '10s'],
    } as const;
    const ids = Object.keys(policies) as (keyof typeof policies)[];
    const created = new Map<string, number>();
    for (const id of ids) {
      const [overlap, catchup] = policies[id];
      const options = ['--overlap', overlap, '--catchup', catchup, '--param', `schedule=${id}`];
      await ok(
        'schedule',
        'create',
        id,
        file,
        '--every',
        '2s',
        '--compute',
        'at={{ scheduled.ms }}',
        ...options,
      );
      created.set(id, (await show(id)).createdAt);
    }
    await sleep(5_000);
    const worker = await outage('workerPid', 9_000);
    await sleep(4_000);
    // Between the report of a run and the service's learning of its end, if at all possible.
    const reports = () =>
      readdirSync(join(here.env.MUSTER_HOME!, 'store', 'index')).filter(isReportOf('one'));
    const before = reports().length;
    await expect.poll(() => reports().length, { ...LOOKING, interval: 2 }).toBeGreaterThan(before);
    const server = await outage('serverPid', 17_000);
    await sleep(8_000);
    const paused = new Map<string, readonly [from: number, to: number]>();
    for (const id of ids) {
      const asked = Date.now();
      await ok('schedule', 'pause', id);
      paused.set(id, [asked, Date.now()]);
    }
    // Those that were started while nobody could carry them out are carried out by now, on every schedule:
    // a queued or replacing run may have begun just before the pause.
    for (const id of ids)
      await expect
        .poll(async () => runsIn(await show(id)).filter(({ status }) => !status), LOOKING)
        .toEqual([]);

    const ticks = here
      .read('log')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Tick);
    const { runs } = JSON.parse(await ok('list', '--json')) as { runs: readonly RunEntry[] };
    // To the service a run is over some time after its report, the more so where it was away itself.
    const overAt = (run: string) =>
      temporal(async ({ workflow }) => (await workflow.getHandle(run).describe()).closeTime, supervisor());
    for (const id of ids) {
      const [asked, done] = paused.get(id)!;
      const history = await shown(id);
      const { record, started, skippedOverlap, missedCatchup } = history;
      const upToPause = record.filter(({ at }) => at <= asked);

      // Each time it was due is there, once, whatever became of it.
      expect(
        upToPause.map(({ at }) => at),
        id,
      ).toEqual(evenSeconds(created.get(id)!, asked));
      const later = record.filter(({ at }) => at > done).map(({ at: _, ...due }) => due);
      expect(
        later.filter((due) => JSON.stringify(due) !== '{"kind":"skipped","why":"paused"}'),
        id,
      ).toEqual([]);

      // What it says of runs is what was carried out, each once, at the time it was meant for.
      const ran = runsIn(history);
      expect(new Set(ran.map(({ status, byHand }) => `${status} ${byHand}`)), id).toEqual(
        new Set(['complete undefined']),
      );
      const mine = ticks
        .filter(({ schedule }) => schedule === id)
        .sort((one, other) => one.at - other.at || one.began - other.began);
      // A worker that was killed may have carried out what it could not record.
      const again = mine.filter(({ at, began }, n) => at === mine[n - 1]?.at && began < worker.from);
      expect(again, id).toEqual([]);
      expect([...new Set(mine.map(({ at }) => at))], id).toEqual(ran.map(({ at }) => at));
      expect(ran.length, id).toBe(started);

      const left = upToPause.filter(({ kind }) => kind !== 'started');
      if (id === 'all') expect(left).toEqual([]);
      if (id === 'one') {
        expect(left.length).toBeGreaterThan(8);
        // Of a time at which it was just being paused either may be said.
        const overlapped = record.filter((due) => due.kind === 'skipped' && due.why === 'overlap');
        expect(overlapped.length, JSON.stringify(left)).toBeGreaterThanOrEqual(skippedOverlap);
        expect(overlapped.filter(({ at }) => at <= asked).length).toBeLessThanOrEqual(skippedOverlap);
        for (const due of left) {
          if (due.kind !== 'skipped' || due.why !== 'overlap')
            throw new Error(`unexplained: ${JSON.stringify(due)}`);
          const { scheduled } = runs.find((run) => run.id === due.run)!;
          expect(scheduled!.at, 'of the run that went on').toBeLessThan(due.at);
          const over = await overAt(due.run);
          expect(over?.getTime() ?? Date.now(), 'it went on still').toBeGreaterThan(due.at);
        }
        const inTurn = [...mine].sort((one, other) => one.began - other.began);
        for (const [n, { began }] of inTurn.entries())
          if (n > 0) expect(began).toBeGreaterThan(inTurn[n - 1]!.ended);
      }
      if (id === 'short') {
        // 17 s away and 10 s made up for: at least three of the times before were missed, and none outside the outage.
        expect(new Set(left.map(({ kind }) => kind))).toEqual(new Set(['missed']));
        expect(left.length).toBeGreaterThanOrEqual(3);
        expect(record.filter(({ kind }) => kind === 'missed').length).toBe(missedCatchup);
        for (const { at } of left) expect(at).toBeGreaterThan(server.from - EVERY_MS);
        const madeUpFor = ran.filter(({ at }) => at > server.from && at < server.to);
        expect(madeUpFor.length, 'of the last 10 s').toBeGreaterThan(0);
      }
    }
  });
});

describe('a schedule that is there', () => {
  afterEach(() => here.close());

  itEmbedded('keeps server and worker up, until it is paused', async () => {
    here = place({ embedded: true });
    here.env.MUSTER_IDLE_MINUTES = '0.05';
    const brief = { id: 'a', run: ['node', '-v'] };
    const file = here.write('plan.json', { muster: 1, name: 'p', brief: 'b', briefs: [brief] });
    await ok('schedule', 'create', 'rare', file, '--cron', '0 3 1 1 *');
    await sleep(9_000);
    expect(supervisor().state).toBe('ready');
    await ok('schedule', 'pause', 'rare');
    await expect.poll(() => supervisor().state, { timeout: 30_000 }).toBe('stopped');
  });
});

describe('muster schedule', () => {
  beforeAll(async () => {
    here = place();
    await here.worker();
  });
  afterAll(() => here.close());

  it('runs the plan as the file is when a run begins, with params of the time it is meant for', async () => {
    const plan = (word: string) =>
      here.write('plan.json', {
        muster: 1,
        name: 'daily',
        brief: 'Say which day it is.',
        params: {
          type: 'object',
          properties: { day: { type: 'string' }, n: { type: 'integer' } },
          required: ['day'],
        },
        briefs: [
          {
            id: 'say',
            run: ['node', '-p', `'${word} ' + process.argv[1]`, '{{ params.day }} {{ params.n }}'],
          },
        ],
      });
    const file = plan('before');
    const said = async (): Promise<string[]> => {
      const complete = runsIn(await show('daily')).filter(({ status }) => status === 'complete');
      const runs = complete.map(({ run }) => run);
      const muster = await here.library();
      const reports = await Promise.all(runs.map((run) => muster.result(run)));
      return reports.map((one) => String(one!.report.answer.data.say).trim());
    };
    const of = (ms: number) => new Intl.DateTimeFormat('sv', { timeZone: 'Pacific/Auckland' }).format(ms);
    const days = [of(Date.now()), of(Date.now() + 60_000)];
    await ok(
      ...['schedule', 'create', 'daily', file, '--cron', '0 3 1 1 *', '--timezone', 'Pacific/Auckland'],
      ...['--param', 'n=7', '--compute', 'day={{ scheduled.date }}'],
    );
    await ok('schedule', 'trigger', 'daily');
    await expect.poll(said, LOOKING).toHaveLength(1);
    plan('after');
    await ok('schedule', 'trigger', 'daily');
    await expect.poll(said, LOOKING).toHaveLength(2);
    const [first, second] = await said();
    expect(days.map((day) => `before ${day} 7`)).toContain(first);
    expect(days.map((day) => `after ${day} 7`)).toContain(second);
    expect(runsIn(await shown('daily')).every(({ byHand }) => byHand)).toBe(true);

    const told = await ok('schedule', 'show', 'daily');
    expect(told).toMatch(/0 3 1 1 \* +Pacific\/Auckland/);
    expect(told).toContain('n=7 · day={{ scheduled.date }}');
    expect(told).toMatch(/next +20\d\d-01-01 03:00:00/);
    expect(await ok('schedule', 'list')).toMatch(/daily .*Pacific\/Auckland/);

    // A plan that will not do any more: the run fails, and the record says why, also once Temporal has forgotten it.
    here.write('plan.json', { muster: 1, name: 'daily', brief: 'x', briefs: [] });
    await ok('schedule', 'trigger', 'daily');
    const last = async () => runsIn(await show('daily')).at(-1)!;
    await expect.poll(async () => (await last()).status, LOOKING).toBe('failed');
    const { run, problem } = await last();
    expect(problem).toMatch(/briefs/);
    await temporal(async (client) => {
      const workflowExecution = { workflowId: run };
      await client.workflowService.deleteWorkflowExecution({ namespace: 'default', workflowExecution });
      await expect
        .poll(
          () =>
            client.workflow
              .getHandle(run)
              .describe()
              .catch(({ name }: Error) => name),
          { timeout: 150_000 },
        )
        .toBe('WorkflowNotFoundError');
    });
    expect(await last()).toMatchObject({ run, status: 'failed', problem });
    expect(await ok('schedule', 'show', 'daily')).toMatch(/✖ failed .*never began: .*briefs/);

    await ok('schedule', 'delete', 'daily');
    expect(await ok('schedule', 'list')).toContain('No schedule yet');
    expect((await here.muster('schedule', 'show', 'daily')).code).toBe(2);
  });

  it('says of what falls into a run that goes on what its policy makes of it, whatever the span that is shown', async () => {
    const brief = { id: 'long', run: ['sleep', '7'] };
    const file = here.write('plan.json', {
      muster: 1,
      name: 'long',
      brief: 'Take your time.',
      briefs: [brief],
    });
    for (const overlap of ['skip', 'buffer-one'])
      await ok('schedule', 'create', overlap, file, '--every', '2s', '--overlap', overlap);
    await expect.poll(async () => (await show('buffer-one')).record.length, LOOKING).toBeGreaterThan(9);
    await ok('schedule', 'pause', 'buffer-one');
    const { record } = await show('buffer-one');
    const runs = runsIn({ record } as ScheduleHistory);
    // One after the other, each meant for a time at which the one before went on.
    expect(runs.length).toBeGreaterThan(1);
    for (const due of record) {
      if (due.kind !== 'skipped' || due.why !== 'overlap') continue;
      const entry = (await (await here.library()).list()).find(({ id }) => id === due.run);
      expect(entry!.openedAt - 1_000, 'it had begun').toBeLessThan(due.at);
    }
    for (const span of ['3s', '6s', '9s']) {
      const { record } = await shown('skip', span);
      for (const due of record) expect(['started', 'skipped', 'waiting']).toContain(due.kind);
      expect(record.filter((due) => 'byHand' in due || ('status' in due && due.status === 'failed'))).toEqual(
        [],
      );
    }
    for (const id of ['skip', 'buffer-one']) await ok('schedule', 'delete', id);
  });

  it('says of a run that was terminated that it was, and blames it for nothing later', async () => {
    const file = here.write('plan.json', {
      muster: 1,
      name: 'p',
      brief: 'b',
      briefs: [{ id: 'a', run: ['sleep', '60'] }],
    });
    await ok('schedule', 'create', 'cut', file, '--every', '5s');
    await expect.poll(async () => runsIn(await show('cut')).length, LOOKING).toBe(1);
    const [first] = runsIn(await show('cut'));
    const begun = async () => (await (await here.library()).list()).map(({ id }) => id);
    await expect.poll(begun, LOOKING).toContain(first!.run);
    await temporal((client) => client.workflow.getHandle(first!.run).terminate('by hand'));
    await expect.poll(async () => runsIn(await show('cut')).length, LOOKING).toBe(2);
    expect(runsIn(await shown('cut')).map(({ status }) => status)).toEqual(['terminated', undefined]);
    await ok('schedule', 'delete', 'cut');
  });

  it('knows only what is of its own store, and puts right what it believes of one that is gone', async () => {
    const file = here.write('plan.json', {
      muster: 1,
      name: 'p',
      brief: 'b',
      briefs: [{ id: 'a', run: ['node', '-v'] }],
    });
    await ok('schedule', 'create', 'mine', file, '--cron', '0 3 * * *');
    const other = place();
    try {
      for (const args of [['show'], ['pause'], ['resume'], ['trigger'], ['delete']]) {
        const { code, stderr } = await other.muster('schedule', ...args, 'mine');
        expect({ code, stderr }, args[0]).toMatchObject({
          code: 2,
          stderr: expect.stringMatching(/belongs to another store/),
        });
      }
      const taken = await other.muster('schedule', 'create', 'mine', file, '--cron', '0 3 * * *');
      expect(taken).toMatchObject({ code: 2, stderr: expect.stringMatching(/belongs to another store/) });
      expect((await other.muster('schedule', 'list')).stdout).toContain('No schedule yet');
    } finally {
      await other.close();
    }
    expect(await ok('schedule', 'list')).toContain('mine');
    const { schedules } = await here.library();
    for (const what of ['show', 'pause', 'resume', 'trigger', 'delete'] as const) {
      expect(await here.muster('schedule', what, '../x')).toMatchObject({
        code: 2,
        stderr: expect.stringMatching(/No schedule is called/),
      });
      for (const id of ['nope', 'a b'])
        await expect(schedules[what](id)).rejects.toThrow(/No schedule is called/);
    }
    expect(existsSync(join(here.env.MUSTER_HOME!, 'store', 'schedules', 'nope'))).toBe(false);
    await ok('schedule', 'delete', 'mine');
  });

  it('refuses at once what would fail at night, and names what, where and what to do', async () => {
    const params = { type: 'object', properties: { day: { type: 'string' } } };
    const file = here.write('plan.json', {
      muster: 1,
      name: 'p',
      brief: 'b',
      params,
      briefs: [{ id: 'a', run: ['node', '-v'] }],
    });
    const daily = ['--cron', '0 3 * * *'];
    const cases: readonly [args: readonly string[], says: RegExp][] = [
      [['n', file], /either by cron/],
      [['n', file, '--cron', '61 * * * *'], /`61 \* \* \* \*` is no timetable: Minute is not in range/],
      [['n', file, '--cron', 'nightly'], /`nightly` is no timetable/],
      [['n', file, '--every', '90'], /a number and a unit/],
      [['n', file, '--every', '100ms'], /at least 1s/],
      [['n', file, '--every', '1500ms'], /whole seconds/],
      [['n', file, '--cron', '@every 1500ms'], /every 30m/],
      [['n', file, '--cron', '0 0 31 2 *'], /never comes up/],
      [['n', file, ...daily, '--compute', 'day=1', '--compute', 'day=2'], /twice/],
      [['n', file, ...daily, '--every', '1h'], /cannot be used with/],
      [['n', file, ...daily, '--timezone', 'Europe/Berln'], /`Europe\/Berln` is no time zone/],
      [['n', file, ...daily, '--catchup', '5s'], /at least 10s/],
      [['n', file, ...daily, '--overlap', 'queue'], /buffer-one/],
      [['n n', file, ...daily], /no id of a schedule/],
      [['n', 'nope.yaml', ...daily], /no file nope\.yaml/],
      [['n', file, ...daily, '--compute', 'day'], /name=template/],
      [['n', file, ...daily, '--compute', 'day={{ scheduled.dat }}'], /`day`.*scheduled\.dat/],
      [['n', file, ...daily, '--compute', 'dy={{ scheduled.date }}'], /Did you mean `day`/],
    ];
    for (const [args, says] of cases) {
      const { code, stderr } = await here.muster('schedule', 'create', ...args);
      expect(stderr, args.join(' ')).toMatch(says);
      expect(stderr).not.toMatch(/\n +at /);
      expect(code, args.join(' ')).toBe(2);
    }
    expect(JSON.parse(await ok('schedule', 'list', '--json'))).toEqual({ schedules: [] });
    await ok('schedule', 'create', 'n', file, ...daily);
    const again = await here.muster('schedule', 'create', 'n', file, '--every', '1h');
    expect(again).toMatchObject({ code: 2, stderr: expect.stringMatching(/called n is there already/) });
    expect(await ok('schedule', 'show', 'n')).toContain('0 3 * * *');
    await ok('schedule', 'delete', 'n');
    // The worker's settings at night count: what these would refuse is only said.
    const asking = here.write('asking.json', {
      ...{ muster: 1, name: 'p', brief: 'b' },
      briefs: [{ id: 'a', ask: 'Which?', output: { type: 'object' } }],
    });
    const doubted = await here.muster('schedule', 'create', 'm', asking, ...daily);
    expect(doubted.stderr).toMatch(/would refuse it:\s+briefs\[0\]\.ask: no model provider is set up/);
    expect(doubted.code).toBe(0);
    await ok('schedule', 'delete', 'm');
  });
});
