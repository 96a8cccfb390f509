import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { ScheduleHistory } from '../../src/client.js';
import type { RunEntry } from '../../src/engine/runIndex.js';
import type { SupervisorRecord } from '../../src/temporal/record.js';
import { itEmbedded, type Place, place } from '../support/muster.js';

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
afterEach(() => here.close());

async function ok(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await here.muster(...args);
  expect(code, `muster ${args.join(' ')}: ${stderr}`).toBe(0);
  return stdout;
}
const show = async (id: string): Promise<ScheduleHistory> =>
  JSON.parse(await ok('schedule', 'show', id, '--since', '1h', '--json'));
const supervisor = (): SupervisorRecord =>
  JSON.parse(readFileSync(join(here.env.MUSTER_HOME!, 'supervisor.json'), 'utf8'));

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

/** Every even second from one time to another. */
function evenSeconds(from: number, to: number): readonly number[] {
  const first = Math.ceil(from / EVERY_MS) * EVERY_MS;
  return Array.from(
    { length: Math.max(0, Math.floor((to - first) / EVERY_MS) + 1) },
    (_, n) => first + n * EVERY_MS,
  );
}

describe('a schedule every 2 s', () => {
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
    await outage('workerPid', 9_000);
    await sleep(4_000);
    const server = await outage('serverPid', 17_000);
    await sleep(8_000);
    const paused = new Map<string, readonly [from: number, to: number]>();
    for (const id of ids) {
      const asked = Date.now();
      await ok('schedule', 'pause', id);
      paused.set(id, [asked, Date.now()]);
    }
    // Those that were started while nobody could carry them out are carried out by now.
    await expect
      .poll(async () => (await show('all')).record.filter(({ run, status }) => run && !status), {
        timeout: 60_000,
      })
      .toEqual([]);

    const ticks = readFileSync(join(here.folder, 'log'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Tick);
    const { runs } = JSON.parse(await ok('list', '--json')) as { runs: readonly RunEntry[] };
    for (const id of ids) {
      const [asked, done] = paused.get(id)!;
      const { record, started, skippedOverlap, missedCatchup } = await show(id);
      const upToPause = record.filter(({ at }) => at <= asked);

      // Each time it was due is there, once, whatever became of it.
      expect(
        upToPause.map(({ at }) => at),
        id,
      ).toEqual(evenSeconds(created.get(id)!, asked));
      expect(
        record.filter(({ at, skipped }) => at > done && skipped !== 'paused'),
        id,
      ).toEqual([]);

      // What it says of runs is what was carried out, each exactly once, at the time it was meant for.
      const ran = record.filter(({ run }) => run);
      expect(
        ran.map(({ status }) => status).filter((status) => status !== 'complete'),
        id,
      ).toEqual([]);
      expect(
        ticks
          .filter(({ schedule }) => schedule === id)
          .map(({ at }) => at)
          .sort(),
        id,
      ).toEqual(ran.map(({ at }) => at));
      expect(ran.length, id).toBe(started);

      const skipped = upToPause.filter((due) => due.skipped);
      const of = (why: string) => skipped.filter((due) => due.skipped === why);
      if (id === 'all') expect(skipped).toEqual([]);
      if (id === 'one') {
        expect(skipped.length).toBeGreaterThan(8);
        expect(of('overlap')).toEqual(skipped);
        expect(skipped.length).toBe(skippedOverlap);
        const mine = ticks.filter(({ schedule }) => schedule === 'one').sort((a, b) => a.began - b.began);
        for (const [n, { began }] of mine.entries())
          if (n > 0) expect(began).toBeGreaterThan(mine[n - 1]!.ended);
        for (const { at, because } of skipped) {
          const { scheduled, closed } = runs.find((run) => run.id === because)!;
          expect(scheduled!.at, 'of the run that went on').toBeLessThan(at);
          // The run is over a moment after its report.
          expect(closed!.closedAt + 2_000, 'it went on still').toBeGreaterThan(at);
        }
      }
      if (id === 'short') {
        // 17 s away and 10 s made up for: at least three of the times before were missed, and none outside the outage.
        expect(of('away')).toEqual(skipped);
        expect(skipped.length).toBeGreaterThanOrEqual(3);
        expect(skipped.length).toBe(missedCatchup);
        for (const { at } of skipped) expect(at).toBeGreaterThan(server.from - EVERY_MS);
        const madeUpFor = ran.filter(({ at }) => at > server.from && at < server.to);
        expect(madeUpFor.length, 'of the last 10 s').toBeGreaterThan(0);
      }
    }
  });
});

describe('muster schedule', () => {
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

  it('runs the plan as the file is when a run begins, with params of the time it is meant for', async () => {
    here = place();
    await here.worker();
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
      const { record } = await show('daily');
      const runs = record.filter(({ status }) => status === 'complete').map(({ run }) => run!);
      const reports = await Promise.all(runs.map((run) => ok('result', run, '--json')));
      return reports.map((json) => JSON.parse(json).answer.data.say.trim());
    };
    const of = (ms: number) => new Intl.DateTimeFormat('sv', { timeZone: 'Pacific/Auckland' }).format(ms);
    const days = [of(Date.now()), of(Date.now() + 60_000)];
    await ok(
      ...['schedule', 'create', 'daily', file, '--cron', '0 3 1 1 *', '--timezone', 'Pacific/Auckland'],
      ...['--param', 'n=7', '--compute', 'day={{ scheduled.date }}'],
    );
    await ok('schedule', 'trigger', 'daily');
    await expect.poll(said, { timeout: 30_000 }).toHaveLength(1);
    plan('after');
    await ok('schedule', 'trigger', 'daily');
    await expect.poll(said, { timeout: 30_000 }).toHaveLength(2);
    const [first, second] = await said();
    expect(days.map((day) => `before ${day} 7`)).toContain(first);
    expect(days.map((day) => `after ${day} 7`)).toContain(second);
    expect((await show('daily')).record.every(({ byHand }) => byHand)).toBe(true);

    const told = await ok('schedule', 'show', 'daily');
    expect(told).toMatch(/0 3 1 1 \* +Pacific\/Auckland/);
    expect(told).toContain('n=7 · day={{ scheduled.date }}');
    expect(told).toMatch(/next +20\d\d-01-01 03:00:00/);
    expect(await ok('schedule', 'list')).toMatch(/daily .*Pacific\/Auckland/);

    // A plan that will not do any more: the run fails, and says why.
    here.write('plan.json', { muster: 1, name: 'daily', brief: 'x', briefs: [] });
    await ok('schedule', 'trigger', 'daily');
    await expect
      .poll(async () => (await show('daily')).record.at(-1)?.status, { timeout: 30_000 })
      .toBe('failed');
    const { run } = (await show('daily')).record.at(-1)!;
    expect((await here.muster('result', run!)).stderr).toMatch(/briefs/);

    await ok('schedule', 'delete', 'daily');
    expect(await ok('schedule', 'list')).toContain('No schedule yet');
    expect((await here.muster('schedule', 'show', 'daily')).code).toBe(2);
  });

  it('refuses at once what would fail at night, and names what, where and what to do', async () => {
    here = place();
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
  });
});
