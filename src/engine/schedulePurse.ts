import type { Scheduled } from '../contracts/run.js';
import type { Period } from '../core/budget/periods.js';
import type { Limit } from '../core/outcome/amount.js';
import { scheduledTime } from '../core/plan/scheduledTime.js';
import type { Store } from '../ports/store.js';
import { beginPurse } from './purses.js';
import { entriesOf } from './scheduleLog.js';
import type { Place } from './segments.js';

/**
 * What all runs of a schedule may spend in one day or month, of the time they are scheduled for. Undefined where they may
 * spend without limit. Who creates the schedule anew says anew how much that is.
 */
export async function purseOfSchedule(store: Store, { id, at }: Scheduled): Promise<Place | undefined> {
  const [created] = await entriesOf(store, id);
  if (created?.kind !== 'created' || !created.source.budget) return undefined;
  const { budget, timezone } = created.source;
  const place = { run: `schedule-${id}`, unit: periodOf(budget.per, scheduledTime(at, timezone).date) };
  const log = await beginPurse(store, place, { limit: budget.limit });
  const raise = `created-${created.at}`;
  await log.append(({ limit, raises }) =>
    raises.has(raise) || isSame(limit, budget.limit) ? [] : [{ row: 'raised', raise, limit: budget.limit }],
  );
  return place;
}

const periodOf = (per: Period, date: string): string => `${per}-${per === 'day' ? date : date.slice(0, 7)}`;

const isSame = (a: Limit, b: Limit): boolean => a.usd === b.usd && a.tokens === b.tokens;
