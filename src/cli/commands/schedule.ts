import { type Schedules, timetableOf } from '../../client.js';
import { Failure } from '../../core/outcome/failure.js';
import { computedParams } from '../../core/plan/scheduledTime.js';
import { checked } from '../checked.js';
import type { Context } from '../context.js';
import { EXIT } from '../exit.js';
import { type PlanOptions, planSource } from '../planFile.js';
import { createdView, schedulesView, scheduleView } from '../views/schedule.js';
import { mentionWarnings } from './run.js';

export interface ScheduleOptions extends PlanOptions {
  readonly cron?: string;
  /** This and the other durations: ms. */
  readonly every?: number;
  readonly timezone?: string;
  readonly overlap?: NonNullable<Parameters<Schedules['create']>[0]['overlap']>;
  readonly catchup?: number;
  readonly jitter?: number;
  /** `--compute name=template`, as often as given. */
  readonly compute?: readonly string[];
  readonly functions?: string;
}

/** `muster schedule create`: what cannot start now is told now. @returns the exit code */
export async function create(
  id: string,
  path: string,
  options: ScheduleOptions,
  context: Context,
): Promise<number> {
  const { screen } = context;
  const { cron, every, timezone, overlap, catchup, jitter, functions } = options;
  const timetable = timetableOf(id, {
    ...(cron !== undefined && { cron }),
    ...(every !== undefined && { everyMs: every }),
    ...(timezone !== undefined && { timezone }),
    ...(overlap !== undefined && { overlap }),
    ...(catchup !== undefined && { catchupMs: catchup }),
    ...(jitter !== undefined && { jitterMs: jitter }),
  });
  const computed = templates(options.compute ?? []);
  const now = computedParams(computed, context.now(), timetable.timezone);
  const source = planSource(path, options);
  const tried = planSource(path, {
    ...options,
    param: [...(options.param ?? []), ...Object.entries(now).map(([name, value]) => `${name}=${value}`)],
  });
  const compiled = await checked(context, tried);
  if (!compiled) return EXIT.invalidInput;
  mentionWarnings(compiled, path, screen);
  await context.bringUp({ functions });
  return using(context, functions, async (schedules) => {
    const { file, params } = source;
    const view = await schedules.create({ ...timetable, id, file, params, computed });
    screen.object(view);
    screen.answer((look) => createdView(view, context.now(), look));
  });
}

export const list = (context: Context): Promise<number> =>
  among(context, async (schedules) => {
    const views = await schedules.list();
    context.screen.object({ schedules: views });
    context.screen.answer((look) => schedulesView(views, context.now(), look));
  });

export const show = (id: string, { since }: { readonly since?: number }, context: Context): Promise<number> =>
  among(context, async (schedules) => {
    const view = await schedules.show(id, since === undefined ? undefined : context.now() - since);
    context.screen.object(view);
    context.screen.answer((look) => scheduleView(view, context.now(), look, context.screen.wishes.verbose));
  });

const DONE = {
  pause: (id: string) => `${id} is paused; what goes on goes on.   muster schedule resume ${id}`,
  resume: (id: string) => `${id} goes on.   muster schedule show ${id}`,
  trigger: (id: string) => `${id} starts a run now.   muster schedule show ${id}`,
  delete: (id: string) => `${id} is deleted; runs that it started go on.`,
} as const;
export type Change = keyof typeof DONE;

export const change = (
  what: Change,
  id: string,
  { note }: { readonly note?: string },
  context: Context,
): Promise<number> =>
  among(context, async (schedules) => {
    await schedules[what](id, note);
    context.screen.object({ schedule: id, done: what });
    context.screen.answer(() => [DONE[what](id)]);
  });

function templates(given: readonly string[]): { readonly [name: string]: string } {
  return Object.fromEntries(
    given.map((option) => {
      const at = option.indexOf('=');
      if (at > 0) return [option.slice(0, at), option.slice(at + 1)];
      throw new Failure(
        'InvalidInput',
        `--compute ${option}: write it as name=template, such as day={{ scheduled.date }}.`,
      );
    }),
  );
}

/** The schedules there are need their server. */
async function among(context: Context, work: (schedules: Schedules) => Promise<void>): Promise<number> {
  await context.bringUp({ to: 'carry on' });
  return using(context, undefined, work);
}

async function using(
  context: Context,
  functions: string | undefined,
  work: (schedules: Schedules) => Promise<void>,
): Promise<number> {
  const session = await context.open({ functions });
  try {
    await work(session.muster.schedules);
    return 0;
  } finally {
    await session.close();
  }
}
