import type { ScheduleHistory, Schedules } from '../../client.js';
import { scheduledTime } from '../../core/plan/scheduledTime.js';
import { clean, column, hang, pad, widest } from './columns.js';
import type { Look } from './look.js';
import { mark } from './marks.js';
import { count, span } from './quantities.js';

type View = Awaited<ReturnType<Schedules['list']>>[number];
type Due = ScheduleHistory['record'][number];

const MOST = 20;

/** What a person reads who has created a schedule. @param own the service is the user's own */
export const createdView = (view: View, now: number, own: boolean, look: Look): string[] => [
  `${look.paint.bold(view.id)} starts ${clean(view.file)}: ${clean(whenOf(view))}`,
  ...facts(view, now, look),
  '',
  own
    ? ' It needs a worker with this store whenever it is due: muster worker'
    : ' Server and worker stay up for it. After a restart of this machine bring them up again: muster dev',
];

/** All schedules of this store. */
export function schedulesView(views: readonly View[], now: number, { paint }: Look): string[] {
  if (views.length === 0)
    return ["No schedule yet. Create one: muster schedule create nightly PLAN --cron '0 3 * * *'"];
  const ids = widest(['schedule', ...views.map(({ id }) => id)], 30);
  const whens = widest(['when', ...views.map(whenOf)], 36);
  const row = (id: string, when: string, next: string) =>
    ` ${column(id, ids)}  ${column(when, whens)}  ${next}`.trimEnd();
  return [
    paint.dim(row('schedule', 'when', 'next')),
    ...views.map((view) => row(view.id, whenOf(view), view.paused ? '‖ paused' : nextOf(view, now))),
  ];
}

/** One schedule, and what became of every time it was due: the latest, or `all`. */
export function scheduleView(view: ScheduleHistory, now: number, look: Look, all = false): string[] {
  const { paint } = look;
  const { id, file, started, skippedOverlap, missedCatchup, record, timetable } = view;
  const shown = all ? record : record.slice(-MOST);
  const tally = [
    `${started} started`,
    ...(skippedOverlap ? [`${skippedOverlap} skipped, the run before went on`] : []),
    ...(missedCatchup ? [`${missedCatchup} missed, nobody was there`] : []),
  ];
  return [
    `${paint.bold(id)}  ${clean(file)}`,
    ` when       ${clean(whenOf(view))}${view.paused ? `   ${paint.yellow('‖ paused')}${view.note ? `: ${clean(view.note)}` : ''}` : ''}`,
    ...facts(view, now, look),
    ...paramsLines(view, look),
    ` in all     ${tally.join(' · ')}`,
    '',
    ...(record.length > shown.length
      ? [paint.dim(` … ${count(record.length - shown.length, 'time')} before, all with -v`)]
      : []),
    ...(shown.length === 0 ? [` It was not due since ${moment(view.since, timetable.timezone)}.`] : []),
    ...shown.flatMap((due) => dueLines(due, timetable, look)),
  ];
}

function dueLines(
  due: Due,
  { timezone, catchupMs, overlap }: View['timetable'],
  { paint, width }: Look,
): string[] {
  const line = (state: string, says: string): string[] =>
    hang(` ${moment(due.at, timezone)}   ${pad(state, 12)}  `, clean(says), width);
  switch (due.kind) {
    case 'started': {
      const { run, status, byHand, problem } = due;
      const state = status ? mark(status, paint) : paint.cyan('● open');
      return line(
        state,
        [run, ...(byHand ? ['by hand'] : []), ...(problem ? [`never began: ${problem}`] : [])].join('   '),
      );
    }
    case 'skipped':
      if (due.why === 'paused') return line(paint.yellow('skipped'), 'the schedule was paused');
      return line(
        paint.yellow('skipped'),
        `${due.run} ${overlap === 'cancel-other' ? 'was still being cancelled' : 'went on'}`,
      );
    case 'missed':
      return line(paint.yellow('missed'), `nobody was there to start it within ${span(catchupMs)}`);
    case 'waiting':
      return line('waiting', due.run ? `until ${due.run} has ended` : 'to be started');
  }
}

function paramsLines({ source: { params, computed } }: ScheduleHistory, { width }: Look): string[] {
  const said = [
    ...Object.entries(params).map(([name, value]) => `${name}=${JSON.stringify(value)}`),
    ...Object.entries(computed).map(([name, template]) => `${name}=${template}`),
  ];
  return said.length === 0 ? [] : hang(' params     ', clean(said.join(' · ')), width);
}

function facts(view: View, now: number, { width }: Look): string[] {
  const { overlap, catchupMs, jitterMs } = view.timetable;
  const overlaps = {
    skip: 'a start is skipped while the run before goes on',
    'buffer-one': 'one start waits while the run before goes on, further ones are skipped',
    'buffer-all': 'starts wait while the run before goes on',
    'cancel-other': 'a start cancels the run before, which still reports',
    'allow-all': 'runs may go on side by side',
  }[overlap];
  return [
    ` next       ${view.paused ? 'once it is resumed' : nextOf(view, now)}`,
    ...hang(' overlap    ', overlaps, width),
    ...hang(
      ' catch-up   ',
      `a start missed while the server was away is made up for within ${span(catchupMs)}`,
      width,
    ),
    ...(jitterMs ? [` jitter     up to ${span(jitterMs)}`] : []),
  ];
}

const whenOf = ({ timetable: { cron, everyMs, timezone } }: View): string =>
  cron === undefined ? `every ${span(everyMs!)}` : `${cron}  ${timezone}`;

function nextOf({ next: [at], timetable: { timezone } }: View, now: number): string {
  return at === undefined ? 'never again' : `${moment(at, timezone)}, in ${span(Math.max(0, at - now))}`;
}

/** `2026-03-29 03:00:00 +02:00`, by the clock of the time zone. */
function moment(ms: number, timezone: string): string {
  const { date, time, offset } = scheduledTime(ms, timezone);
  return `${date} ${time}${timezone === 'UTC' ? '' : ` ${offset}`}`;
}
