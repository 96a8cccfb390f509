import { Failure } from '../core/outcome/failure.js';
import { checkTimeZone } from '../core/plan/scheduledTime.js';
import { OVERLAPS, type Timetable } from '../temporal/schedules.js';

const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$/;
/** The service would silently make it so long, ms. */
const LEAST_CATCHUP_MS = 10_000;

/** What is said of when and how, with what goes without saying. @throws Failure `InvalidInput` where it makes no sense */
export function timetableOf(id: string, given: Partial<Timetable>): Timetable {
  const { cron, everyMs, timezone = 'UTC', overlap = 'skip', catchupMs = 600_000, jitterMs } = given;
  const refuse = (message: string): never => {
    throw new Failure('InvalidInput', message);
  };
  if (!ID.test(id))
    refuse(
      `\`${id.slice(0, 80)}\` is no id of a schedule: letters, digits, \`.\`, \`_\` and \`-\`, at most 60, beginning with a letter or digit.`,
    );
  if ((cron === undefined) === (everyMs === undefined))
    refuse('Say when: either by cron (`0 3 * * *`) or by an interval (every 30m).');
  if (everyMs !== undefined && !(everyMs >= 1000)) refuse('An interval is at least 1s.');
  if (!(catchupMs >= LEAST_CATCHUP_MS)) refuse('A catch-up window is at least 10s.');
  if (!Object.hasOwn(OVERLAPS, overlap))
    refuse(`\`${overlap}\` is no overlap policy. There are: ${Object.keys(OVERLAPS).join(', ')}.`);
  checkTimeZone(timezone);
  return {
    ...(cron !== undefined && { cron }),
    ...(everyMs !== undefined && { everyMs }),
    timezone,
    overlap,
    catchupMs,
    ...(jitterMs && { jitterMs }),
  };
}
