import type { RunStatus } from '../../contracts/run.js';
import type { ScheduleEntry } from '../../engine/scheduleLog.js';
import type { ScheduledRun, Timetable } from '../../temporal/schedules.js';

/** A time at which a schedule was due, or a run that was started by hand, and what became of it. Times are ms since the epoch. */
export type Due = { readonly at: number } & (
  | {
      readonly kind: 'started';
      readonly run: string;
      /** How it ended; absent while it goes on. `terminated`: without a report. */
      readonly status?: Started['status'];
      readonly byHand?: true;
      /** Why it never began. */
      readonly problem?: string;
    }
  /** `overlap`: `run` went on. */
  | { readonly kind: 'skipped'; readonly why: 'overlap'; readonly run: string }
  | { readonly kind: 'skipped'; readonly why: 'paused' }
  /** Nobody was there to start it within the catch-up window. */
  | { readonly kind: 'missed' }
  /** It is to be started still: once `run` has ended, where that stands in its way. */
  | { readonly kind: 'waiting'; readonly run?: string }
);

/** A run of the schedule, by all that is known of it. */
export interface Started extends Omit<ScheduledRun, 'status'> {
  /** Absent while it goes on. */
  readonly status?: RunStatus | 'terminated';
  readonly problem?: string;
}

/** A start follows its time within so much while the server is well, ms; and a run is over so much after its report. */
const SLACK_MS = 2_000;

/** What a schedule promised, held against what was started, in order of time. */
export function recordOf({
  times,
  runs,
  log,
  timetable: { overlap, jitterMs = 0, catchupMs },
  now,
}: {
  /** When it was to start something, jitter included; in order. */
  readonly times: readonly number[];
  /** All of the same span, and those that had not ended before it. */
  readonly runs: readonly Started[];
  /** Since it was created. */
  readonly log: readonly ScheduleEntry[];
  readonly timetable: Timetable;
  readonly now: number;
}): readonly Due[] {
  const byHand = new Set(log.flatMap((entry) => (entry.kind === 'triggered' ? [entry.run] : [])));
  const ordered = [...runs].sort((a, b) => a.scheduledAt - b.scheduledAt);
  const onTime = ordered.filter(({ id }) => !byHand.has(id));
  const found = new Set<string>();

  // Runs started by hand are nobody's obstacle.
  const goingOn = (at: number): Started | undefined =>
    onTime.findLast(({ startedAt, endedAt = now }) => startedAt <= at && endedAt + SLACK_MS > at);

  /** What the server found due when it was back it looked at all at once: the first of it stood in the way of the rest. */
  const madeUpFor = (at: number): Started | undefined =>
    onTime.findLast(
      ({ scheduledAt, startedAt }) => scheduledAt < at && at < startedAt && startedAt - at <= catchupMs,
    );

  function notStarted(at: number): Due {
    if (pausedAt(log, at)) return { at, kind: 'skipped', why: 'paused' };
    const before = overlap === 'allow-all' ? undefined : (goingOn(at) ?? madeUpFor(at));
    if (before) return { at, kind: 'skipped', why: 'overlap', run: before.id };
    return { at, kind: now - at > catchupMs + SLACK_MS ? 'missed' : 'waiting' };
  }

  const others = times.flatMap((at): Due[] => {
    const run = onTime.findLast(
      ({ id, scheduledAt }) => !found.has(id) && scheduledAt <= at && at <= scheduledAt + jitterMs,
    );
    if (!run) return [notStarted(at)];
    found.add(run.id);
    return [];
  });
  const open = new Set(onTime.flatMap(({ id, endedAt }) => (endedAt === undefined ? [id] : [])));
  const started = ordered.map(
    ({ id, scheduledAt, status, problem }): Due => ({
      ...{ at: scheduledAt, kind: 'started', run: id },
      ...(status !== undefined && { status }),
      ...(byHand.has(id) && { byHand: true }),
      ...(problem !== undefined && { problem }),
    }),
  );
  return [...started, ...stillToCome(others, overlap, open)].sort((a, b) => a.at - b.at);
}

/** Of what an open run stands in the way of, the service keeps some: the first, all, or the last. */
function stillToCome(dues: readonly Due[], overlap: Timetable['overlap'], open: ReadonlySet<string>): Due[] {
  const held = (due: Due): due is Due & { readonly run: string } =>
    due.kind === 'skipped' && due.why === 'overlap' && open.has(due.run);
  const waits = {
    skip: () => false,
    'allow-all': () => false,
    'buffer-all': () => true,
    'buffer-one': (due: Due) => due === dues.find(held),
    'cancel-other': (due: Due) => due === dues.findLast(held),
  }[overlap];
  return dues.map((due) => (held(due) && waits(due) ? { at: due.at, kind: 'waiting', run: due.run } : due));
}

/** As far as it was paused through Muster. */
function pausedAt(log: readonly ScheduleEntry[], at: number): boolean {
  const last = log.findLast(
    (entry) => entry.at <= at && (entry.kind === 'paused' || entry.kind === 'resumed'),
  );
  return last?.kind === 'paused';
}
