import { readPlan } from '../adapters/planFile.js';
import type { JsonObject } from '../core/outcome/canonical.js';
import { Failure } from '../core/outcome/failure.js';
import type { Compiled, Source } from '../core/plan/compile.js';
import { listed } from '../core/plan/problems.js';
import { forgottenUntil } from '../engine/forgotten.js';
import { listRuns } from '../engine/runIndex.js';
import { appendEntry, entriesOf, paramsAt, type ScheduledSource } from '../engine/scheduleLog.js';
import type { Store } from '../ports/store.js';
import type { ScheduleView, Schedules as Service, Timetable } from '../temporal/schedules.js';
import { type Due, recordOf, type Started } from './scheduleRecord.js';
import { timetableOf } from './timetable.js';

export interface NewSchedule extends Partial<Timetable> {
  readonly id: string;
  /** Absolute path of a plan file; the worker reads it anew whenever a run begins. */
  readonly file: string;
  readonly params?: JsonObject;
  /** Params as templates over `scheduled`, as in `{{ scheduled.date }}`: of the time a run is scheduled for. */
  readonly computed?: { readonly [name: string]: string };
}

/** A schedule with what became of it. */
export interface ScheduleHistory extends ScheduleView {
  readonly source: ScheduledSource;
  /** In order of time. */
  readonly record: readonly Due[];
}

/** Runs by the clock: over Temporal's schedules. Each throws `InvalidInput` where there is no schedule of that id. */
export interface Schedules {
  /**
   * One of `cron` and `everyMs`; otherwise time zone UTC, overlap `skip`, a catch-up window of 10 minutes.
   * @throws Failure `InvalidPlan` where the plan would not start now, `InvalidInput` where the id is taken or the
   * timetable makes no sense
   */
  create(schedule: NewSchedule): Promise<ScheduleView>;
  /** Of this store. */
  list(): Promise<readonly ScheduleView[]>;
  /**
   * How it stands, and what became of every time it was due since `from`, ms since the epoch; of the last week, or the last
   * 200 intervals, unless told. Up to the latest of its runs that were removed, only runs that are left are told of.
   */
  show(id: string, from?: number): Promise<ScheduleHistory>;
  pause(id: string, note?: string): Promise<void>;
  resume(id: string, note?: string): Promise<void>;
  /** Starts a run now, whatever else goes on. */
  trigger(id: string): Promise<void>;
  /** Runs that it has started go on. */
  delete(id: string): Promise<void>;
}

const WEEK_MS = 7 * 86_400_000;
/** Of a schedule by interval, so many. */
const DUE_SHOWN = 200;

export function schedulesOn({
  store,
  service,
  check,
}: {
  readonly store: Store;
  readonly service: () => Promise<Service>;
  readonly check: (source: Source) => Promise<Compiled>;
}): Schedules {
  async function change(id: string, done: Promise<boolean | undefined>): Promise<void> {
    if (!(await done)) throw unknown(id);
  }

  async function viewed(id: string): Promise<ScheduleView> {
    const view = await (await service()).view(id);
    return view ?? Promise.reject(unknown(id));
  }

  /** What fails at any time is told now, not at night. */
  async function tried(source: ScheduledSource): Promise<void> {
    const { schema, ...plan } = readPlan(source.file);
    const compiled = await check({
      ...plan,
      path: source.file,
      params: paramsAt(source, Date.now(), schema),
    });
    if (!compiled.ok) throw new Failure('InvalidPlan', listed(compiled.problems));
  }

  /** What the service forgot is in the index still; what no worker has begun is not there yet. */
  async function started(
    schedules: Service,
    id: string,
    since: number,
    forgotten: number,
  ): Promise<readonly Started[]> {
    const runs = new Map<string, Started>();
    for (const run of await schedules.runs(id, since)) if (run.scheduledAt > forgotten) runs.set(run.id, run);
    // Read after: a run has its entry there before the service knows that it is over.
    for (const { id: run, scheduled, closed } of await listRuns(store))
      if (scheduled?.id === id && scheduled.at >= since)
        runs.set(run, {
          ...{ id: run, scheduledAt: scheduled.at },
          ...(closed && { endedAt: runs.get(run)?.endedAt ?? closed.closedAt, status: closed.status }),
        });
    return [...runs.values()];
  }

  return {
    async create({ id, file, params = {}, computed = {}, ...given }) {
      const timetable = timetableOf(id, given);
      const source = { file, params, computed, timezone: timetable.timezone };
      await tried(source);
      const schedules = await service();
      // Before the service knows it, for it may start something at once.
      const entry = await appendEntry(store, id, { kind: 'created', at: Date.now(), source });
      try {
        await schedules.create({ id, file, timetable }, { plan: { schedule: id, entry } });
      } catch (error) {
        // One that was there before goes on as it was.
        await appendEntry(store, id, { kind: 'refused', at: Date.now(), entry });
        throw error;
      }
      return viewed(id);
    },
    list: async () => (await service()).list(),
    async show(id, from) {
      const view = await viewed(id);
      const schedules = await service();
      const now = Date.now();
      const { everyMs = WEEK_MS } = view.timetable;
      // A start is due at a whole second.
      const created = Math.floor(view.createdAt / 1000) * 1000;
      const since = Math.max(from ?? now - Math.min(WEEK_MS, DUE_SHOWN * everyMs), created);
      const times = await schedules.timesBetween(id, since, now);
      const log = await entriesOf(store, id);
      const [first] = log;
      if (first?.kind !== 'created') throw unknown(id);
      const { timetable } = view;
      const forgotten = await forgottenUntil(store, id);
      const runs = await started(schedules, id, since, forgotten);
      const record = recordOf({ times, runs, log, timetable, now, forgotten });
      return { ...view, source: first.source, record };
    },
    async pause(id, note = 'paused by hand') {
      await change(id, (await service()).pause(id, note));
      await appendEntry(store, id, { kind: 'paused', at: Date.now() });
    },
    async resume(id, note = 'resumed by hand') {
      await appendEntry(store, id, { kind: 'resumed', at: Date.now() });
      await change(id, (await service()).resume(id, note));
    },
    trigger: async (id) => change(id, (await service()).trigger(id)),
    async delete(id) {
      await change(id, (await service()).delete(id));
      await appendEntry(store, id, { kind: 'deleted', at: Date.now() });
    },
  };
}

const unknown = (id: string): Failure =>
  new Failure('InvalidInput', `No schedule is called ${id}. See which there are: muster schedule list`);
