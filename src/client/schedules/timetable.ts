import { Failure } from '../../core/outcome/failure.js';
import { timeZoneNamed } from '../../core/plan/scheduledTime.js';
import { OVERLAPS } from '../../temporal/overlap.js';
import type { Timetable } from '../../temporal/schedules.js';

/** The service would silently make it so long, ms. */
const LEAST_CATCHUP_MS = 10_000;

/** What is said of when and how, with what goes without saying. @throws Failure `InvalidInput` where it makes no sense */
export function timetableOf(given: Partial<Timetable>): Timetable {
  const { cron, everyMs, timezone = 'UTC', overlap = 'skip', catchupMs = 600_000, jitterMs } = given;
  const refuse = (message: string): never => {
    throw new Failure('InvalidInput', message);
  };
  if ((cron === undefined) === (everyMs === undefined))
    refuse('Say when: either by cron (`0 3 * * *`) or by an interval (every 30m).');
  if (everyMs !== undefined && !(everyMs >= 1000 && everyMs % 1000 === 0))
    refuse('An interval is at least 1s, and whole seconds.');
  if (cron?.includes('@every')) refuse('Say an interval as such: every 30m, not by cron.');
  if (!(catchupMs >= LEAST_CATCHUP_MS)) refuse('A catch-up window is at least 10s.');
  if (!OVERLAPS.includes(overlap))
    refuse(`\`${overlap}\` is no overlap policy. There are: ${OVERLAPS.join(', ')}.`);
  return {
    ...(cron !== undefined && { cron }),
    ...(everyMs !== undefined && { everyMs }),
    timezone: timeZoneNamed(timezone),
    overlap,
    catchupMs,
    ...(jitterMs && { jitterMs }),
  };
}
