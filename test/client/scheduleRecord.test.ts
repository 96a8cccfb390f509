import { describe, expect, it } from 'vitest';
import { recordOf } from '../../src/client/scheduleRecord.js';
import type { Timetable } from '../../src/temporal/schedules.js';

const S = 1_000;
const timetable: Timetable = { everyMs: 10 * S, timezone: 'UTC', overlap: 'skip', catchupMs: 60 * S };
const due = (...seconds: number[]) => seconds.map((at) => at * S);
const ran = (at: number, endedAt?: number) => ({
  id: `r${at}`,
  scheduledAt: at * S,
  ...(endedAt !== undefined && { endedAt: endedAt * S, status: 'complete' as const }),
});
const record = (given: Partial<Parameters<typeof recordOf>[0]>) =>
  recordOf({ times: [], runs: [], log: [], timetable, now: 100 * S, forgotten: 0, ...given });

describe('the record of a schedule', () => {
  it('has every time it was due once, in order, with the run it started', () => {
    const runs = [ran(20, 22), ran(10, 11), ran(30)];
    expect(record({ times: due(10, 20, 30), runs })).toEqual([
      { at: 10 * S, run: 'r10', status: 'complete' },
      { at: 20 * S, run: 'r20', status: 'complete' },
      { at: 30 * S, run: 'r30' },
    ]);
  });

  it('names the run that went on where one was skipped for it', () => {
    expect(record({ times: due(10, 20, 30), runs: [ran(10, 25), ran(30, 31)] })[1]).toEqual({
      at: 20 * S,
      skipped: 'overlap',
      because: 'r10',
    });
  });

  it('takes a run that had only just given its report for one that went on', () => {
    expect(record({ times: due(10, 20), runs: [ran(10, 19)] })[1]).toMatchObject({ skipped: 'overlap' });
    expect(record({ times: due(10, 20), runs: [ran(10, 12)] })[1]).toMatchObject({ skipped: 'away' });
  });

  it('says of what nobody started that nobody was there, and of what is only just due that it waits', () => {
    expect(record({ times: due(10, 99) })).toEqual([
      { at: 10 * S, skipped: 'away' },
      { at: 99 * S, skipped: 'waiting' },
    ]);
  });

  it('knows when it was paused', () => {
    const log = [
      { kind: 'paused', at: 15 * S },
      { kind: 'resumed', at: 25 * S },
    ] as const;
    const runs = [ran(10, 11), ran(30, 31)];
    expect(record({ times: due(10, 20, 30, 40), runs, log }).map(({ skipped }) => skipped)).toEqual([
      undefined,
      'paused',
      undefined,
      'away',
    ]);
  });

  it('lets one start wait, or all, where that is the policy', () => {
    const waitingUnder = (overlap: Timetable['overlap']) =>
      record({ times: due(10, 20, 30), runs: [ran(10)], timetable: { ...timetable, overlap } })
        .slice(1)
        .map(({ skipped }) => skipped);
    expect(waitingUnder('skip')).toEqual(['overlap', 'overlap']);
    expect(waitingUnder('buffer-one')).toEqual(['waiting', 'overlap']);
    expect(waitingUnder('buffer-all')).toEqual(['waiting', 'waiting']);
  });

  it('blames no run where runs may go on side by side, or a start cancels the run before', () => {
    for (const overlap of ['allow-all', 'cancel-other'] as const)
      expect(
        record({ times: due(10, 20), runs: [ran(10)], timetable: { ...timetable, overlap } })[1],
      ).toEqual({ at: 20 * S, skipped: 'away' });
  });

  it('finds the run of a time that jitter moved', () => {
    const jittered = { ...timetable, jitterMs: 5 * S };
    expect(record({ times: due(13, 21), runs: [ran(10, 14), ran(20, 22)], timetable: jittered })).toEqual([
      { at: 10 * S, run: 'r10', status: 'complete' },
      { at: 20 * S, run: 'r20', status: 'complete' },
    ]);
  });

  it('tells a run that was started by hand, and one that ended before it began', () => {
    const refused = { id: 'r20', scheduledAt: 20 * S, endedAt: 21 * S };
    expect(record({ times: due(20), runs: [ran(15, 16), refused] })).toEqual([
      { at: 15 * S, run: 'r15', status: 'complete', byHand: true },
      { at: 20 * S, run: 'r20', status: 'failed' },
    ]);
  });

  it('claims nothing of a time up to which runs were removed, and still has the runs that were not', () => {
    const given = { times: due(10, 20, 30, 40), runs: [ran(10, 12), ran(40, 41)], forgotten: 20 * S };
    expect(record(given)).toEqual([
      { at: 10 * S, run: 'r10', status: 'complete' },
      { at: 30 * S, skipped: 'away' },
      { at: 40 * S, run: 'r40', status: 'complete' },
    ]);
  });
});
