import type { RunEntry } from '../engine/runIndex.js';
import type { ScheduleView } from '../temporal/schedules.js';

/** A time at which a schedule was due, ms since the epoch, and what became of it. */
export interface Due {
  readonly at: number;
  /** The run that it started. */
  readonly run?: string;
  /** How that ended; absent while it goes on. */
  readonly status?: NonNullable<RunEntry['closed']>['status'];
  /**
   * Why none was started, as far as it can be known: `overlap`: the run before, `because`, went on; `away`: the server
   * was not there for longer than the catch-up window, or the schedule was paused; `waiting`: it is still to come.
   */
  readonly skipped?: 'overlap' | 'away' | 'waiting';
  readonly because?: string;
}

/**
 * What a schedule promised, held against what was started, in order of time. A run that was triggered by hand is due
 * when it was.
 */
export function recordOf({
  times,
  runs,
  view,
  now,
}: {
  readonly times: readonly number[];
  readonly runs: readonly (RunEntry & Required<Pick<RunEntry, 'scheduled'>>)[];
  readonly view: Pick<ScheduleView, 'timetable' | 'recent'>;
  readonly now: number;
}): readonly Due[] {
  const jitter = view.timetable.jitterMs ?? 0;
  // What has begun and has no worker yet is not in the index.
  const started = new Map(view.recent.map(({ run, scheduledAt }) => [run, scheduledAt]));
  for (const { id, scheduled } of runs) started.set(id, scheduled.at);
  const entries = new Map(runs.map((run) => [run.id, run]));
  const ran = [...started].map(([run, at]): Due => {
    const status = entries.get(run)?.closed?.status;
    return { at, run, ...(status && { status }) };
  });
  const taken = new Set<string>();
  const skipped = times.flatMap((at): Due[] => {
    const mine = ran.find((one) => !taken.has(one.run!) && one.at >= at && one.at <= at + jitter);
    if (mine) {
      taken.add(mine.run!);
      return [];
    }
    const before = ran.find((one) => one.at < at && (entries.get(one.run!)?.closed?.closedAt ?? now) > at);
    if (before) return [{ at, skipped: 'overlap', because: before.run! }];
    return [{ at, skipped: now - at < view.timetable.catchupMs ? 'waiting' : 'away' }];
  });
  return [...ran, ...skipped].sort((a, b) => a.at - b.at);
}
