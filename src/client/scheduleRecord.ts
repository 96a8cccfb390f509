import type { RunStatus } from '../contracts/run.js';
import type { ScheduleEntry } from '../engine/scheduleLog.js';
import type { ScheduledRun, Timetable } from '../temporal/schedules.js';

/** A time at which a schedule was due, ms since the epoch, and what became of it. */
export interface Due {
  readonly at: number;
  /** The run that it started. */
  readonly run?: string;
  /** How that ended; absent while it goes on. `failed` also where it never began: see `muster status RUN`. */
  readonly status?: RunStatus;
  /** It was started by hand. */
  readonly byHand?: true;
  /**
   * Why none was started. `overlap`: the run `because` went on; `paused`; `away`: nobody was there to start it within
   * the catch-up window; `waiting`: it will be.
   */
  readonly skipped?: 'overlap' | 'paused' | 'away' | 'waiting';
  readonly because?: string;
}

export interface Started extends ScheduledRun {
  readonly status?: RunStatus;
}

/** Policies under which a run that goes on stands in the way of the next. */
const HOLDS_BACK: ReadonlySet<Timetable['overlap']> = new Set(['skip', 'buffer-one', 'buffer-all']);

/** A start follows its time within so much while the server is well, ms; and a run is over so much after its report. */
const SLACK_MS = 2_000;

/** What a schedule promised, held against what was started, in order of time. */
export function recordOf({
  times,
  runs,
  log,
  timetable: { overlap, jitterMs = 0, catchupMs },
  now,
  forgotten,
}: {
  /** When it was to start something, jitter included; in order. */
  readonly times: readonly number[];
  readonly runs: readonly Started[];
  /** Since it was created. */
  readonly log: readonly ScheduleEntry[];
  readonly timetable: Timetable;
  readonly now: number;
  /** Until when runs of it were removed: nobody knows any more of what is not there. */
  readonly forgotten: number;
}): readonly Due[] {
  const ordered = [...runs].sort((a, b) => a.scheduledAt - b.scheduledAt);
  const onTime = new Set<string>();
  const waiting = new Set<string>();

  function notStarted(at: number): Due {
    if (pausedAt(log, at)) return { at, skipped: 'paused' };
    const before = HOLDS_BACK.has(overlap)
      ? ordered.findLast(({ scheduledAt, endedAt = now }) => scheduledAt < at && endedAt + SLACK_MS > at)
      : undefined;
    if (!before) return { at, skipped: now - at < Math.min(SLACK_MS, catchupMs) ? 'waiting' : 'away' };
    const kept = overlap === 'buffer-all' || (overlap === 'buffer-one' && !waiting.has(before.id));
    if (!kept || before.endedAt !== undefined) return { at, skipped: 'overlap', because: before.id };
    waiting.add(before.id);
    return { at, skipped: 'waiting', because: before.id };
  }

  const skipped = times.flatMap((at): Due[] => {
    const run = ordered.find(
      ({ id, scheduledAt }) => !onTime.has(id) && scheduledAt <= at && at <= scheduledAt + jitterMs,
    );
    if (!run) return at <= forgotten + jitterMs ? [] : [notStarted(at)];
    onTime.add(run.id);
    return [];
  });
  const started = ordered.map(({ id: run, scheduledAt: at, endedAt, status }): Due => {
    const ended = status ?? (endedAt === undefined ? undefined : 'failed');
    return { at, run, ...(ended && { status: ended }), ...(!onTime.has(run) && { byHand: true }) };
  });
  return [...started, ...skipped].sort((a, b) => a.at - b.at);
}

/** As far as it was paused through Muster. */
function pausedAt(log: readonly ScheduleEntry[], at: number): boolean {
  const last = log.findLast(
    (entry) => entry.at <= at && (entry.kind === 'paused' || entry.kind === 'resumed'),
  );
  return last?.kind === 'paused';
}
