import {
  type Client,
  ScheduleAlreadyRunning,
  type ScheduleDescription,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
} from '@temporalio/client';
import { tsToMs } from '@temporalio/common';
import type { RunInput } from '../contracts/run.js';
import { Failure } from '../core/outcome/failure.js';

/** What happens to a start that is due while the run before still goes on. */
export const OVERLAPS = {
  skip: ScheduleOverlapPolicy.SKIP,
  'buffer-one': ScheduleOverlapPolicy.BUFFER_ONE,
  'buffer-all': ScheduleOverlapPolicy.BUFFER_ALL,
  'cancel-other': ScheduleOverlapPolicy.CANCEL_OTHER,
  'terminate-other': ScheduleOverlapPolicy.TERMINATE_OTHER,
  'allow-all': ScheduleOverlapPolicy.ALLOW_ALL,
} as const;
export type Overlap = keyof typeof OVERLAPS;

export interface Timetable {
  /** Five fields, or a macro such as `@daily`; read in `timezone`. */
  readonly cron?: string;
  /** IANA name; UTC unless told. */
  readonly timezone?: string;
  /** In place of `cron`: so often, ms. */
  readonly everyMs?: number;
  readonly overlap: Overlap;
  /** Starts that a server outage delayed by less are made up for, ms. */
  readonly catchupMs: number;
  /** Starts are moved by a random time up to so much, ms. */
  readonly jitterMs?: number;
}

/** A schedule as it stands. Times are ms since the epoch. */
export interface ScheduleView {
  readonly id: string;
  readonly timetable: Timetable;
  readonly paused: boolean;
  readonly note?: string;
  readonly next: readonly number[];
  readonly createdAt: number;
  /** Ids of runs that it started and that still go on. */
  readonly running: readonly string[];
  /** What it has started last, oldest first. */
  readonly recent: readonly {
    readonly run: string;
    readonly scheduledAt: number;
    readonly startedAt: number;
  }[];
  readonly started: number;
  /** Starts left out: the run before went on. */
  readonly skippedOverlap: number;
  /** Starts left out: the server was away for longer than the catch-up window. */
  readonly missedCatchup: number;
}

/** Talking to the service about schedules. One that nobody knows is `undefined`, never an exception. */
export function schedulesOf(client: Client, taskQueue: string) {
  const handle = (id: string) => client.schedule.getHandle(id);
  const view = async (id: string) => known(async () => viewOf(await handle(id).describe()));
  return {
    /** @throws Failure `InvalidInput` where there is one of that id, or the timetable makes no sense to the service */
    async create(id: string, timetable: Timetable, input: RunInput, summary: string): Promise<void> {
      const { cron, timezone, everyMs, overlap, catchupMs, jitterMs } = timetable;
      try {
        await client.schedule.create({
          scheduleId: id,
          spec: {
            ...(cron === undefined ? {} : { cronExpressions: [cron] }),
            ...(everyMs === undefined ? {} : { intervals: [{ every: everyMs }] }),
            ...(timezone === undefined ? {} : { timezone }),
            ...(jitterMs === undefined ? {} : { jitter: jitterMs }),
          },
          action: {
            type: 'startWorkflow',
            workflowType: 'run',
            workflowId: id,
            taskQueue,
            args: [input],
            staticSummary: summary,
          },
          policies: { overlap: OVERLAPS[overlap], catchupWindow: catchupMs },
          memo: { timetable, taskQueue },
        });
      } catch (error) {
        if (error instanceof ScheduleAlreadyRunning)
          throw new Failure(
            'InvalidInput',
            `A schedule called ${id} is there already. Delete it first (muster schedule delete ${id}), or give this one another id.`,
          );
        const said = /invalid|parse|unknown time zone|cron/i.exec((error as Error).message);
        const detail = (error as { cause?: { details?: string } }).cause?.details;
        if (said || detail)
          throw new Failure(
            'InvalidInput',
            `The service refuses this timetable: ${detail ?? (error as Error).message}.`,
            { cause: error },
          );
        throw error;
      }
    },

    view,

    /** Of this store. */
    async list(): Promise<readonly ScheduleView[]> {
      const ids: string[] = [];
      for await (const { scheduleId, memo } of client.schedule.list())
        if (memo?.taskQueue === taskQueue) ids.push(scheduleId);
      const views = await Promise.all(ids.map(view));
      return views.filter((one) => one !== undefined);
    },

    pause: (id: string, note: string) =>
      known(() =>
        handle(id)
          .pause(note)
          .then(() => true),
      ),
    resume: (id: string, note: string) =>
      known(() =>
        handle(id)
          .unpause(note)
          .then(() => true),
      ),
    trigger: (id: string) =>
      known(() =>
        handle(id)
          .trigger(ScheduleOverlapPolicy.ALLOW_ALL)
          .then(() => true),
      ),
    delete: (id: string) =>
      known(() =>
        handle(id)
          .delete()
          .then(() => true),
      ),

    /** Times in a span at which a schedule is to start something, by the service's own reckoning, ms since the epoch. */
    async timesBetween(id: string, from: number, to: number): Promise<readonly number[]> {
      const time = (ms: number) => ({ seconds: Math.floor(ms / 1000), nanos: (ms % 1000) * 1e6 });
      const { startTime } = await client.workflowService.listScheduleMatchingTimes({
        namespace: client.options.namespace,
        scheduleId: id,
        startTime: time(from) as never,
        endTime: time(to) as never,
      });
      return startTime.map(tsToMs);
    },
  };
}

export type Schedules = ReturnType<typeof schedulesOf>;

async function known<R>(ask: () => Promise<R>): Promise<R | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return undefined;
    throw error;
  }
}

function viewOf({ scheduleId, state, info, memo, raw }: ScheduleDescription): ScheduleView {
  const runs = (info.recentActions ?? []).map(({ action, scheduledAt, takenAt }) => ({
    run: action.workflow.workflowId,
    scheduledAt: scheduledAt.getTime(),
    startedAt: takenAt.getTime(),
  }));
  return {
    id: scheduleId,
    timetable: memo?.timetable as Timetable,
    paused: state.paused,
    ...(state.note ? { note: state.note } : {}),
    next: info.nextActionTimes.map((time) => time.getTime()),
    createdAt: info.createdAt.getTime(),
    running: info.runningActions.map(({ workflow }) => workflow.workflowId),
    recent: runs,
    started: info.numActionsTaken,
    skippedOverlap: Number(raw.info?.overlapSkipped ?? 0),
    missedCatchup: info.numActionsMissedCatchupWindow,
  };
}
