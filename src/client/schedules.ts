import { sha256 } from '../adapters/digest.js';
import type { JsonObject } from '../core/outcome/canonical.js';
import { Failure } from '../core/outcome/failure.js';
import { forgottenUntil } from '../engine/forgotten.js';
import { listRuns, type RunEntry } from '../engine/runIndex.js';
import { computedParams, storeSource } from '../engine/sources.js';
import type { Store } from '../ports/store.js';
import type { ScheduleView, Schedules as Service, Timetable } from '../temporal/schedules.js';
import { type Due, recordOf } from './scheduleRecord.js';

export interface NewSchedule extends Timetable {
  readonly id: string;
  /** Absolute path of a plan file; it is read anew whenever a run begins, by the worker. */
  readonly file: string;
  readonly params?: JsonObject;
  /** Params as templates over `scheduled`: `{at, date, time, ms}` of the time a run is scheduled for. */
  readonly computed?: { readonly [name: string]: string };
}

/** Runs by the clock: over Temporal's schedules. Each throws `InvalidInput` where there is no schedule of that id. */
export interface Schedules {
  /** @throws Failure `InvalidInput` where the id is taken, or the timetable or a computed param makes no sense */
  create(schedule: NewSchedule): Promise<void>;
  /** Of this store. */
  list(): Promise<readonly ScheduleView[]>;
  /**
   * How it stands, and what became of every time it was due since `from`, ms since the epoch; of all time unless told. Of
   * times up to the latest of its runs that were removed, those are left whose runs are there.
   */
  show(id: string, from?: number): Promise<ScheduleView & { readonly record: readonly Due[] }>;
  pause(id: string, note?: string): Promise<void>;
  resume(id: string, note?: string): Promise<void>;
  /** Starts a run now, whatever else is going on. */
  trigger(id: string): Promise<void>;
  /** Runs that it has started go on. */
  delete(id: string): Promise<void>;
}

const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$/;

export function schedulesOn(store: Store, service: () => Promise<Service>): Schedules {
  const there = async (id: string, done: Promise<boolean | undefined>): Promise<void> => {
    if (!(await done)) throw unknown(id);
  };
  return {
    async create({ id, file, params = {}, computed = {}, ...timetable }) {
      if (!ID.test(id))
        throw new Failure(
          'InvalidInput',
          `\`${id.slice(0, 80)}\` is no id of a schedule: letters, digits, \`.\`, \`_\` and \`-\`, at most 60, beginning with a letter or digit.`,
        );
      // What fails for any time is told now, not at night.
      computedParams({ computed }, Date.now());
      const source = await storeSource(store, { v: 1, file, params, computed }, sha256);
      await (await service()).create(id, timetable, { plan: { source } }, `${id}: ${file}`.slice(0, 200));
    },
    list: async () => (await service()).list(),
    async show(id, from = 0) {
      const schedules = await service();
      const view = await schedules.view(id);
      if (!view) throw unknown(id);
      const now = Date.now();
      const forgotten = (await forgottenUntil(store, id)) ?? 0;
      const times = await schedules.timesBetween(id, Math.max(from, view.createdAt, forgotten + 1), now);
      const runs = (await listRuns(store)).filter(({ scheduled }) => scheduled?.id === id);
      const recent = view.recent.filter(({ scheduledAt }) => scheduledAt > forgotten);
      return {
        ...view,
        record: recordOf({ times, runs: runs as readonly Ran[], view: { ...view, recent }, now }),
      };
    },
    pause: async (id, note = 'paused by hand') => there(id, (await service()).pause(id, note)),
    resume: async (id, note = 'resumed by hand') => there(id, (await service()).resume(id, note)),
    trigger: async (id) => there(id, (await service()).trigger(id)),
    delete: async (id) => there(id, (await service()).delete(id)),
  };
}

type Ran = RunEntry & Required<Pick<RunEntry, 'scheduled'>>;

const unknown = (id: string): Failure =>
  new Failure('InvalidInput', `No schedule is called ${id}. See: muster schedule list`);
