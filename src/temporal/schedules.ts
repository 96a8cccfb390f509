import { setTimeout as sleep } from 'node:timers/promises';
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
import type { Overlap } from './overlap.js';
import { firstBytes } from './runs.js';

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
  /** What it was scheduled for, before jitter; whole seconds. */
  readonly scheduledAt: number;
  readonly startedAt: number;
  readonly endedAt?: number;
  /** Only of one that gave no report. */
  readonly status?: 'failed' | 'terminated';
}

/** At most so many matching times come in one answer of the service. */
const TIMES_AT_ONCE = 1000;

/** How long a start by hand may take to be seen, ms. */
const TRIGGER_MS = 10_000;

/** Talking to the service about the schedules of one store. One that is not there is `undefined`, never an exception. */
export function schedulesOf(client: Client, taskQueue: string) {
  const handle = (id: string) => client.schedule.getHandle(id);

  /** @throws Failure `InvalidInput` where it is not this store's */
  async function described(id: string): Promise<ScheduleDescription | undefined> {
    const description = await known(() => handle(id).describe());
    if (description && description.memo?.taskQueue !== taskQueue)
      throw new Failure(
        'InvalidInput',
        `The schedule ${id} belongs to another store or program of this Temporal. Give yours another id.`,
      );
    return description;
  }

  const view = async (id: string): Promise<ScheduleView | undefined> => {
    const description = await described(id);
    return description && viewOf(description);
  };

  const done = async (id: string, change: (one: ReturnType<typeof handle>) => Promise<unknown>) =>
    (await described(id)) &&
    known(async () => {
      await change(handle(id));
      return true;
    });

  return {
    /**
     * @throws Failure `InvalidInput` where there is one of that id, or the service can make nothing of the timetable;
     * after any other error it may be there
     */
    async create(
      { id, file, timetable }: Pick<ScheduleView, 'id' | 'file' | 'timetable'>,
      input: RunInput,
    ): Promise<void> {
      const { cron, timezone, everyMs, overlap, catchupMs, jitterMs } = timetable;
      const options = {
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
          staticSummary: firstBytes(`${id}: ${file}`, 400),
        },
        policies: { overlap: POLICIES[overlap], catchupWindow: catchupMs },
        memo: { file, timetable, taskQueue },
      } as const;
      try {
        await client.schedule.create(options);
      } catch (error) {
        if (error instanceof ScheduleAlreadyRunning) {
          await described(id);
          throw new Failure(
            'InvalidInput',
            `A schedule called ${id} is there already. Delete it first (muster schedule delete ${id}), or give this one another id.`,
          );
        }
        throw refusal(error as Error, cron) ?? error;
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
    delete: (id: string) => done(id, (one) => one.delete()),

    /**
     * @returns the id of the run that it started, which overlap does not hold back
     * @throws Failure `InvalidInput` where none began: two of the same second would have the same id
     */
    async trigger(id: string): Promise<string | undefined> {
      const before = await described(id);
      if (!before) return undefined;
      const known = new Set(runsIn(before));
      await handle(id).trigger(ScheduleOverlapPolicy.ALLOW_ALL);
      for (const until = Date.now() + TRIGGER_MS; Date.now() < until; await sleep(100)) {
        const now = await handle(id).describe();
        const begun = runsIn(now).find((run) => !known.has(run));
        if (begun !== undefined) return begun;
      }
      throw new Failure(
        'InvalidInput',
        `No run of ${id} has begun: perhaps another was started in the same second. See: muster schedule show ${id}`,
      );
    },

    /** What it has started since `from`, or what ended since then or goes on; begun by a worker or not yet. */
    async runs(id: string, from: number): Promise<readonly ScheduledRun[]> {
      const found: ScheduledRun[] = [];
      const since = `"${new Date(from).toISOString()}"`;
      const query = `TemporalScheduledById = "${id}" AND (StartTime >= ${since} OR CloseTime >= ${since} OR ExecutionStatus = "Running")`;
      for await (const { workflowId, searchAttributes, startTime, closeTime, status } of client.workflow.list(
        {
          query,
        },
      )) {
        const [at = startTime] = (searchAttributes.TemporalScheduledStartTime ?? []) as Date[];
        const sad = SAD[status.name];
        found.push({
          id: workflowId,
          scheduledAt: at.getTime(),
          startedAt: startTime.getTime(),
          ...(closeTime && { endedAt: closeTime.getTime() }),
          ...(sad && { status: sad }),
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

const POLICIES: { readonly [O in Overlap]: ScheduleOverlapPolicy } = {
  skip: 'SKIP',
  'buffer-one': 'BUFFER_ONE',
  'buffer-all': 'BUFFER_ALL',
  'cancel-other': 'CANCEL_OTHER',
  'allow-all': 'ALLOW_ALL',
};

const SAD: { readonly [state: string]: ScheduledRun['status'] } = {
  FAILED: 'failed',
  TIMED_OUT: 'failed',
  TERMINATED: 'terminated',
};

const runsIn = ({ info }: ScheduleDescription): string[] =>
  info.recentActions.map(({ action }) => action.workflow.workflowId);

export type Schedules = ReturnType<typeof schedulesOf>;

/** What the service finds wrong with a request is the SDK's TypeError; undefined for anything else. */
function refusal(error: Error, cron: string | undefined): Failure | undefined {
  if (!(error instanceof TypeError)) return undefined;
  const what = cron === undefined ? 'This timetable is refused' : `\`${cron}\` is no timetable`;
  const hint = cron === undefined ? '' : ' Write minute, hour, day, month, weekday: `30 3 * * 1-5`.';
  return new Failure('InvalidInput', `${what}: ${error.message}.${hint}`, { cause: error });
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
