import { type NewSchedule, type Schedules, type Sound, sourceAt, timetableOf } from '../../client.js';
import { Failure } from '../../core/outcome/failure.js';
import { meansOf } from '../../means.js';
import { Unreachable } from '../../temporal/unreachable.js';
import { checked } from '../checked.js';
import { type Context, withSession } from '../context.js';
import { EXIT } from '../exit.js';
import { configFor } from '../machine.js';
import { type PlanOptions, planSource } from '../planFile.js';
import { clean, hang } from '../views/columns.js';
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
  readonly budgetUsd?: number;
  readonly budgetTokens?: number;
  readonly budgetPer?: NonNullable<NewSchedule['budget']>['per'];
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
  const timetable = timetableOf({
    ...(cron !== undefined && { cron }),
    ...(every !== undefined && { everyMs: every }),
    ...(timezone !== undefined && { timezone }),
    ...(overlap !== undefined && { overlap }),
    ...(catchup !== undefined && { catchupMs: catchup }),
    ...(jitter !== undefined && { jitterMs: jitter }),
  });
  const computed = templates(options.compute ?? []);
  const { file, params } = planSource(path, options);
  const source = { file, params, computed, timezone: timetable.timezone };
  const compiled = await checked(context, { ...(await sourceAt(source, context.now())), path });
  if (!compiled) return EXIT.invalidInput;
  mentionWarnings(compiled, path, screen);
  await mentionRefusals(compiled, functions, screen);
  await context.bringUp({ functions });
  return using(context, functions, async (schedules) => {
    const view = await schedules.create({
      ...{ ...timetable, id, file, params, computed },
      ...budgetOf(options),
    });
    screen.object(view);
    const own = configFor().service !== undefined;
    screen.answer((look) => createdView(view, context.now(), own, look));
  });
}

/** The settings that count are the worker's, when a run is due: these may be others. */
async function mentionRefusals(
  { plan }: Sound,
  functions: string | undefined,
  screen: Context['screen'],
): Promise<void> {
  const { refusedHere } = await import('../../client/refusedRules.js');
  const refused = await refusedHere(plan, await meansOf(configFor({ functions })));
  if (refused.length === 0) return;
  screen.progress(({ paint, width }) => [
    paint.yellow('A worker with the settings of this command would refuse it:'),
    ...refused.flatMap(({ path, message }) => hang('   ', clean(`${path}: ${message}`), width)),
  ]);
}

export const list = (context: Context): Promise<number> =>
  using(context, undefined, async (schedules) => {
    const views = await schedules.list().catch(async (error: unknown) => {
      if (!(error instanceof Unreachable)) throw error;
      await context.bringUp({ to: 'carry on' });
      return schedules.list();
    });
    context.screen.object({ schedules: views });
    context.screen.answer((look) => schedulesView(views, context.now(), look));
  });

export const show = (id: string, { since }: { readonly since?: number }, context: Context): Promise<number> =>
  among(context, async (schedules) => {
    const view = await schedules.show(id, since === undefined ? undefined : context.now() - since);
    context.screen.object(view);
    context.screen.answer((look) => scheduleView(view, context.now(), look, context.screen.wishes.verbose));
  });

export const trigger = (id: string, context: Context): Promise<number> =>
  among(context, async (schedules) => {
    const run = await schedules.trigger(id);
    context.screen.object({ schedule: id, run });
    context.screen.answer(() => [`${id} has started ${run}.   muster watch ${run}`]);
  });

const DONE = {
  pause: (id: string) => `${id} is paused; what goes on goes on.   muster schedule resume ${id}`,
  resume: (id: string) => `${id} goes on.   muster schedule show ${id}`,
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

function budgetOf({
  budgetUsd: usd,
  budgetTokens: tokens,
  budgetPer: per,
}: ScheduleOptions): Pick<NewSchedule, 'budget'> {
  const limit = { ...(usd !== undefined && { usd }), ...(tokens !== undefined && { tokens }) };
  if (Object.keys(limit).length > 0) return { budget: { limit, per: per ?? 'month' } };
  if (per === undefined) return {};
  throw new Failure(
    'InvalidInput',
    '--budget-per says of what: give --budget-usd or --budget-tokens as well.',
  );
}

function templates(given: readonly string[]): { readonly [name: string]: string } {
  const found: { [name: string]: string } = {};
  for (const option of given) {
    const at = option.indexOf('=');
    const name = option.slice(0, at);
    if (at < 1)
      throw new Failure(
        'InvalidInput',
        `--compute ${option}: write it as name=template, such as day={{ scheduled.date }}.`,
      );
    if (Object.hasOwn(found, name))
      throw new Failure('InvalidInput', `--compute says \`${name}\` twice: say it once.`);
    found[name] = option.slice(at + 1);
  }
  return found;
}

/** The schedules there are need their server. */
async function among(context: Context, work: (schedules: Schedules) => Promise<void>): Promise<number> {
  await context.bringUp({ to: 'carry on' });
  return using(context, undefined, work);
}

const using = (
  context: Context,
  functions: string | undefined,
  work: (schedules: Schedules) => Promise<void>,
): Promise<number> =>
  withSession(context, (session) => work(session.muster.schedules).then(() => 0), { functions });
