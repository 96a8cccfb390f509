import type { ScheduleBudget } from '../../core/budget/periods.js';
import type { JsonObject } from '../../core/outcome/canonical.js';
import { Failure } from '../../core/outcome/failure.js';
import type { Compiled, Source } from '../../core/plan/compile.js';
import { listed } from '../../core/plan/problems.js';
import { forgottenUntil } from '../../engine/forgotten.js';
import {
  appendEntry,
  entriesOf,
  type Happened,
  SAFE_ID,
  type ScheduledSource,
  type ScheduleEntry,
  standing,
} from '../../engine/scheduleLog.js';
import { checkPriced } from '../../engine/schedulePurse.js';
import type { Store } from '../../ports/store.js';
import type { ScheduleView, Schedules as Service, Timetable } from '../../temporal/schedules.js';
import { type Due, recordOf } from './record.js';
import { startedBy } from './runs.js';
import { timetableOf } from './timetable.js';

export interface NewSchedule extends Partial<Timetable> {
  readonly id: string;
  /** Absolute path of a plan file; the worker reads it anew whenever a run begins. */
  readonly file: string;
  readonly params?: JsonObject;
  /** Params as templates over `scheduled`, as in `{{ scheduled.date }}`: of the time a run is scheduled for. */
  readonly computed?: { readonly [name: string]: string };
  /** What models of all its runs may cost together. */
  readonly budget?: ScheduleBudget;
}

/** A schedule with what became of it. */
export interface ScheduleHistory extends ScheduleView {
  readonly source: ScheduledSource;
  /** The record reaches back to here, ms since the epoch: no further than runs of it were removed. */
  readonly since: number;
  /** In order of time. */
  readonly record: readonly Due[];
}

/**
 * Runs by the clock: over Temporal's schedules. Each throws `InvalidInput` where there is no schedule of that id, or it
 * is another store's.
 */
export interface Schedules {
  /**
   * One of `cron` and `everyMs`; otherwise time zone UTC, overlap `skip`, a catch-up window of 10 minutes.
   * @throws Failure `InvalidPlan` where the plan would not start now, `InvalidInput` where the id is taken or the
   * timetable makes no sense
   */
  create(schedule: NewSchedule): Promise<ScheduleView>;
  /** Of this store; where it never had one, no service is asked. */
  list(): Promise<readonly ScheduleView[]>;
  /** How it stands, and what became of every time it was due since `from`, ms since the epoch; of the last 200 or so unless told. */
  show(id: string, from?: number): Promise<ScheduleHistory>;
  pause(id: string, note?: string): Promise<void>;
  resume(id: string, note?: string): Promise<void>;
  /** Starts a run now, whatever else goes on. @returns its id */
  trigger(id: string): Promise<string>;
  /** Runs that it has started go on. */
  delete(id: string): Promise<void>;
}

/** What a run scheduled for a time is compiled from. @throws Failure `InvalidInput` where the file cannot be read, or a template fails */
export async function sourceAt(source: ScheduledSource, ms: number): Promise<Source> {
  const [{ planAt }, { readPlan }] = await Promise.all([
    import('../../engine/scheduledPlan.js'),
    import('../../adapters/planFile.js'),
  ]);
  return planAt(source, ms, readPlan);
}

/** Times that `show` reaches back, about. */
const SHOWN = 200;
/** An entry whose schedule the service does not know is of one that was deleted there, unless it is being created just now, ms. */
const CREATING_MS = 60_000;

export function schedulesOn({
  store,
  service,
  check,
}: {
  readonly store: Store;
  readonly service: () => Promise<Service>;
  readonly check: (source: Source) => Promise<Compiled>;
}): Schedules {
  const note = (id: string, happened: Happened) => appendEntry(store, id, { ...happened, at: Date.now() });

  /**
   * @param ask answers undefined where there is no such schedule
   * @throws Failure `InvalidInput` then; what the store still believes of it is put right
   */
  async function asked<T>(id: string, ask: (schedules: Service) => Promise<T | undefined>): Promise<T> {
    if (!SAFE_ID.test(id)) throw unknown(id);
    const answer = await ask(await service());
    if (answer !== undefined) return answer;
    await forget(id, await entriesOf(store, id));
    throw unknown(id);
  }

  const viewed = (id: string) => asked(id, (schedules) => schedules.view(id));

  async function forget(id: string, [created]: readonly ScheduleEntry[]): Promise<void> {
    if (created && Date.now() - created.at > CREATING_MS) await note(id, { kind: 'deleted' });
  }

  /** What fails at any time is told now, not at night. */
  async function tried(source: ScheduledSource): Promise<void> {
    const compiled = await check(await sourceAt(source, Date.now()));
    if (!compiled.ok) throw new Failure('InvalidPlan', listed(compiled.problems));
    if (source.budget) checkPriced(source.budget, compiled.plan);
  }

  return {
    async create({ id, file, params = {}, computed = {}, budget, ...given }) {
      if (!SAFE_ID.test(id))
        throw new Failure(
          'InvalidInput',
          `\`${id.slice(0, 80)}\` is no id of a schedule: letters, digits, \`.\`, \`_\` and \`-\`, at most 60, beginning with a letter or digit.`,
        );
      const timetable = timetableOf(given);
      const source = { file, params, computed, timezone: timetable.timezone, ...(budget && { budget }) };
      await tried(source);
      const schedules = await service();
      // Before the service knows it, for it may start something at once.
      const entry = await note(id, { kind: 'created', source });
      try {
        await schedules.create({ id, file, timetable }, { plan: { schedule: id, entry } });
        const view = await viewed(id);
        if (view.next.length > 0) return view;
        await schedules.delete(id);
        throw new Failure('InvalidInput', 'This timetable never comes up: no time fits it.');
      } catch (error) {
        // After anything else it may be there, and the next who looks will know.
        if (error instanceof Failure) await note(id, { kind: 'refused', entry });
        throw error;
      }
    },
    async list() {
      const entries = await standing(store);
      if (entries.size === 0) return [];
      const views = await (await service()).list();
      const known = new Set(views.map(({ id }) => id));
      for (const [id, log] of entries) if (!known.has(id)) await forget(id, log);
      return views;
    },
    async show(id, from) {
      const view = await viewed(id);
      const log = await entriesOf(store, id);
      const [first] = log;
      if (first?.kind !== 'created') throw unknown(id);
      const schedules = await service();
      const now = Date.now();
      // A start is due at a whole second.
      const created = Math.floor(view.createdAt / 1000) * 1000;
      const { jitterMs = 0 } = view.timetable;
      // Of what was due before, runs were removed: nobody knows any more what became of it.
      const known = (await forgottenUntil(store, id)) + jitterMs + 1;
      const since = Math.max(from ?? now - SHOWN * gapOf(view), created, known);
      const runs = await startedBy({ store, schedules, id, since });
      // What was due before, and began or ended since, has its own time.
      const reach = Math.min(since, ...runs.map(({ scheduledAt }) => scheduledAt));
      const times = await schedules.timesBetween(id, Math.max(created, reach - 1), now);
      const { timetable } = view;
      const record = recordOf({ times, runs, log, timetable, now }).filter(({ at }) => at >= since);
      return { ...view, source: first.source, since, record };
    },
    async pause(id, why = 'paused by hand') {
      await asked(id, (schedules) => schedules.pause(id, why));
      await note(id, { kind: 'paused' });
    },
    async resume(id, why = 'resumed by hand') {
      await viewed(id);
      await note(id, { kind: 'resumed' });
      await (await service()).resume(id, why);
    },
    async trigger(id) {
      const run = await asked(id, (schedules) => schedules.trigger(id));
      await note(id, { kind: 'triggered', run });
      return run;
    },
    async delete(id) {
      await asked(id, (schedules) => schedules.delete(id));
      await note(id, { kind: 'deleted' });
    },
  };
}

/** Between two of its times, on average, ms; a week where there is only one to come. */
function gapOf({ next }: ScheduleView): number {
  return next.length > 1 ? (next.at(-1)! - next[0]!) / (next.length - 1) : 7 * 86_400_000;
}

const unknown = (id: string): Failure =>
  new Failure(
    'InvalidInput',
    `No schedule is called ${id.slice(0, 80)}. See which there are: muster schedule list`,
  );
