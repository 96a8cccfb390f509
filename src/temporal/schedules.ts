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

/** What becomes of a start that is due while the run before goes on. */
export const OVERLAPS = {
  skip: ScheduleOverlapPolicy.SKIP,
  'buffer-one': ScheduleOverlapPolicy.BUFFER_ONE,
  'buffer-all': ScheduleOverlapPolicy.BUFFER_ALL,
  'cancel-other': ScheduleOverlapPolicy.CANCEL_OTHER,
  'allow-all': ScheduleOverlapPolicy.ALLOW_ALL,
} as const;
export type Overlap = keyof typeof OVERLAPS;

export interface Timetable {
  /** Five fields, or a macro such as `@daily`; read in `timezone`. */
  readonly cron?: string;
  /** In place of `cron`: so often, ms. */
  readonly everyMs?: number;
  /** IANA name. */
  readonly timezone: string;
  readonly overlap: Overlap;
  /** A start that nobody could make in time, the server being away, is made up for up to so much later, ms. */
  readonly catchupMs: number;
  /** Starts are moved by a random time up to so much, ms. */
  readonly jitterMs?: number;
}

/** A schedule as it stands. Times are ms since the epoch. */
export interface ScheduleView {
  readonly id: string;
  /** Of the plan file. */
  readonly file: string;
  readonly timetable: Timetable;
  readonly paused: boolean;
  /** Said when it was last paused or resumed. */
  readonly note?: string;
  readonly next: readonly number[];
  readonly createdAt: number;
  /** Runs it has started. */
  readonly started: number;
  /** Starts left out: the run before went on. */
  readonly skippedOverlap: number;
  /** Starts left out: the server was away for longer than the catch-up window. */
  readonly missedCatchup: number;
}

/** A run that the service has not forgotten. */
export interface ScheduledRun {
  readonly id: string;
  /** What it was scheduled for, before jitter. */
  readonly scheduledAt: number;
  readonly endedAt?: number;
}

/** At most so many matching times come in one answer of the service. */
const TIMES_AT_ONCE = 1000;

/** Talking to the service about schedules. One that nobody knows is `undefined`, never an exception. */
export function schedulesOf(client: Client, taskQueue: string) {
  const handle = (id: string) => client.schedule.getHandle(id);
  const view = async (id: string) => known(async () => viewOf(await handle(id).describe()));
  const done = (id: string, change: (one: ReturnType<typeof handle>) => Promise<unknown>) =>
    known(async () => {
      await change(handle(id));
      return true;
    });
  return {
    /** @throws Failure `InvalidInput` where there is one of that id, or the service can make nothing of the timetable */
    async create(
      { id, file, timetable }: Pick<ScheduleView, 'id' | 'file' | 'timetable'>,
      input: RunInput,
    ): Promise<void> {
      const { cron, timezone, everyMs, overlap, catchupMs, jitterMs } = timetable;
      try {
        await client.schedule.create({
          scheduleId: id,
          spec: {
            ...(cron !== undefined && { cronExpressions: [cron] }),
            ...(everyMs !== undefined && { intervals: [{ every: everyMs }] }),
            ...(jitterMs !== undefined && { jitter: jitterMs }),
            timezone,
          },
          action: {
            type: 'startWorkflow',
            workflowType: 'run',
            workflowId: id,
            taskQueue,
            args: [input],
            staticSummary: `${id}: ${file}`.slice(0, 200),
          },
          policies: { overlap: OVERLAPS[overlap], catchupWindow: catchupMs },
          memo: { file, timetable, taskQueue },
        });
      } catch (error) {
        throw refusal(error as Error, id, cron) ?? error;
      }
    },

    view,

    /** Of this store. */
    async list(): Promise<readonly ScheduleView[]> {
      const ids: string[] = [];
      for await (const { scheduleId, memo } of client.schedule.list())
        if (memo?.taskQueue === taskQueue) ids.push(scheduleId);
      const views = await Promise.all(ids.sort().map(view));
      return views.filter((one) => one !== undefined);
    },

    pause: (id: string, note: string) => done(id, (one) => one.pause(note)),
    resume: (id: string, note: string) => done(id, (one) => one.unpause(note)),
    trigger: (id: string) => done(id, (one) => one.trigger(ScheduleOverlapPolicy.ALLOW_ALL)),
    delete: (id: string) => done(id, (one) => one.delete()),

    /** What it has started since `from`, begun by a worker or not yet. */
    async runs(id: string, from: number): Promise<readonly ScheduledRun[]> {
      const found: ScheduledRun[] = [];
      const query = `TemporalScheduledById = "${id}" AND StartTime >= "${new Date(from).toISOString()}"`;
      for await (const { workflowId, searchAttributes, startTime, closeTime } of client.workflow.list({
        query,
      })) {
        const [at = startTime] = (searchAttributes.TemporalScheduledStartTime ?? []) as Date[];
        found.push({
          id: workflowId,
          scheduledAt: at.getTime(),
          ...(closeTime && { endedAt: closeTime.getTime() }),
        });
      }
      return found;
    },

    /** When it was to start something in a span, jitter included, by the service's own reckoning. */
    async timesBetween(id: string, from: number, to: number): Promise<readonly number[]> {
      const time = (ms: number) => ({ seconds: Math.floor(ms / 1000), nanos: (ms % 1000) * 1e6 }) as never;
      const times: number[] = [];
      for (let after = from; ; after = times.at(-1)!) {
        const { startTime } = await client.workflowService.listScheduleMatchingTimes({
          namespace: client.options.namespace,
          scheduleId: id,
          startTime: time(after),
          endTime: time(to),
        });
        const more = startTime.map(tsToMs).filter((at) => at > (times.at(-1) ?? 0));
        times.push(...more);
        if (startTime.length < TIMES_AT_ONCE || more.length === 0) return times;
      }
    },
  };
}

export type Schedules = ReturnType<typeof schedulesOf>;

/** What a person can mend; undefined for anything else. */
function refusal(error: Error, id: string, cron: string | undefined): Failure | undefined {
  const say = (message: string) => new Failure('InvalidInput', message, { cause: error });
  if (error instanceof ScheduleAlreadyRunning)
    return say(
      `A schedule called ${id} is there already. Delete it (muster schedule delete ${id}), or give this one another id.`,
    );
  // The SDK's word for a request that the service finds invalid.
  if (!(error instanceof TypeError)) return undefined;
  return say(
    cron === undefined
      ? `The service refuses this timetable: ${error.message}.`
      : `\`${cron}\` is no timetable: ${error.message}. Write minute, hour, day, month, weekday: \`30 3 * * 1-5\`.`,
  );
}

async function known<R>(ask: () => Promise<R>): Promise<R | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return undefined;
    throw error;
  }
}

function viewOf({ scheduleId, state, info, memo }: ScheduleDescription): ScheduleView {
  return {
    id: scheduleId,
    file: String(memo?.file),
    timetable: memo?.timetable as Timetable,
    paused: state.paused,
    ...(state.note && { note: state.note }),
    next: info.nextActionTimes.map((time) => time.getTime()),
    createdAt: info.createdAt.getTime(),
    started: info.numActionsTaken,
    skippedOverlap: info.numActionsSkippedOverlap,
    missedCatchup: info.numActionsMissedCatchupWindow,
  };
}
