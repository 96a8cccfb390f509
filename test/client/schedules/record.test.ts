import { describe, expect, it } from 'vitest';
import { recordOf, type Started } from '../../../src/client/schedules/record.js';
import type { Timetable } from '../../../src/temporal/schedules.js';

const S = 1_000;
const timetable: Timetable = { everyMs: 10 * S, timezone: 'UTC', overlap: 'skip', catchupMs: 60 * S };
const due = (...seconds: number[]) => seconds.map((at) => at * S);
/** A run due at `at` that began at once, or at `from`. */
const ran = (at: number, endedAt?: number, from = at): Started => ({
  ...{ id: `r${at}`, scheduledAt: at * S, startedAt: from * S },
  ...(endedAt !== undefined && { endedAt: endedAt * S, status: 'complete' as const }),
});
const record = (given: Partial<Parameters<typeof recordOf>[0]>) =>
  recordOf({ times: [], runs: [], log: [], timetable, now: 100 * S, ...given });
const under = (overlap: Timetable['overlap']) => ({ timetable: { ...timetable, overlap } });
/** `r10`, `skipped`, `skipped for r10`, `waiting for r10`, … */
const words = (given: Partial<Parameters<typeof recordOf>[0]>) =>
  record(given).map((one) =>
    one.kind === 'started'
      ? one.run
      : [one.kind, ...('run' in one && one.run ? ['for', one.run] : [])].join(' '),
  );

describe('the record of a schedule', () => {
  it('has every time it was due once, in order, with the run it started', () => {
    expect(record({ times: due(10, 20, 30), runs: [ran(20, 22), ran(10, 11), ran(30)] })).toEqual([
      { at: 10 * S, kind: 'started', run: 'r10', status: 'complete' },
      { at: 20 * S, kind: 'started', run: 'r20', status: 'complete' },
      { at: 30 * S, kind: 'started', run: 'r30' },
    ]);
  });

  it('names the run that went on where one was skipped for it', () => {
    expect(words({ times: due(10, 20, 30), runs: [ran(10, 25), ran(30, 31)] })).toEqual([
      'r10',
      'skipped for r10',
      'r30',
    ]);
  });

  it('blames the run that was going on, not one that had yet to begin, nor one started by hand', () => {
    const buffered = [ran(10, 40), ran(20, 60, 40)];
    expect(words({ times: due(10, 20, 30), runs: buffered, ...under('buffer-one') })[2]).toBe(
      'skipped for r10',
    );
    const log = [{ kind: 'triggered', run: 'r15', at: 15 * S }] as const;
    expect(words({ times: due(10, 20), runs: [ran(10, 30), ran(15, 50)], log })).toEqual([
      'r10',
      'r15',
      'skipped for r10',
    ]);
    expect(words({ times: due(20), runs: [ran(15)], log, now: 200 * S })).toEqual(['r15', 'missed']);
  });

  it('blames the run that was made up for first, of times that came while the server was away', () => {
    const runs = [ran(10, 11), ran(20, 52, 50)];
    expect(words({ times: due(10, 20, 30, 40), runs }).slice(2)).toEqual([
      'skipped for r20',
      'skipped for r20',
    ]);
  });

  it('takes a run that had only just given its report for one that went on', () => {
    const now = 200 * S;
    expect(words({ times: due(10, 20), runs: [ran(10, 19)], now })[1]).toBe('skipped for r10');
    expect(words({ times: due(10, 20), runs: [ran(10, 12)], now })[1]).toBe('missed');
  });

  it('gives up on what nobody started once the catch-up window is over, and not before', () => {
    expect(words({ times: due(10, 50, 99) })).toEqual(['missed', 'waiting', 'waiting']);
  });

  it('knows when it was paused', () => {
    const log = [
      { kind: 'paused', at: 15 * S },
      { kind: 'resumed', at: 25 * S },
    ] as const;
    const runs = [ran(10, 11), ran(30, 31)];
    expect(record({ times: due(10, 20, 30, 40), runs, log, now: 200 * S }).slice(1)).toEqual([
      { at: 20 * S, kind: 'skipped', why: 'paused' },
      { at: 30 * S, kind: 'started', run: 'r30', status: 'complete' },
      { at: 40 * S, kind: 'missed' },
    ]);
  });

  it.each([
    ['skip', 'skipped for r10', 'skipped for r10'],
    ['buffer-one', 'waiting for r10', 'skipped for r10'],
    ['buffer-all', 'waiting for r10', 'waiting for r10'],
    ['cancel-other', 'skipped for r10', 'waiting for r10'],
    ['allow-all', 'waiting', 'waiting'],
  ] as const)('under %s says of two starts that fall into a run that goes on: %s, %s', (overlap, ...said) => {
    expect(words({ times: due(10, 80, 90), runs: [ran(10)], ...under(overlap) }).slice(1)).toEqual(said);
  });

  it('finds the run of a time that jitter moved, and the latest of those it may be', () => {
    const jittered = { ...timetable, jitterMs: 15 * S };
    expect(words({ times: due(13, 31), runs: [ran(10, 14), ran(20, 32)], timetable: jittered })).toEqual([
      'r10',
      'r20',
    ]);
    const log = [{ kind: 'triggered', run: 'r25', at: 25 * S }] as const;
    const byHand = record({ times: due(31), runs: [ran(20, 32), ran(25, 40)], log, timetable: jittered });
    expect(byHand.map((one) => 'byHand' in one)).toEqual([false, true]);
  });

  it('says of a run how it ended, and why one never began', () => {
    const sad: Started = {
      id: 'r20',
      scheduledAt: 20 * S,
      startedAt: 20 * S,
      endedAt: 21 * S,
      status: 'failed',
    };
    expect(record({ times: due(20), runs: [{ ...sad, problem: 'no file' }] })).toEqual([
      { at: 20 * S, kind: 'started', run: 'r20', status: 'failed', problem: 'no file' },
    ]);
  });
});
