import type { Scheduled } from '../contracts/run.js';
import type { Period, ScheduleBudget } from '../core/budget/periods.js';
import type { Limit } from '../core/outcome/amount.js';
import { Failure } from '../core/outcome/failure.js';
import { unpricedIn } from '../core/plan/modelsAsked.js';
import type { Plan } from '../core/plan/plan.js';
import { scheduledTime } from '../core/plan/scheduledTime.js';
import type { Store } from '../ports/store.js';
import { beginPurse } from './purses.js';
import { entriesOf } from './scheduleLog.js';
import type { Place } from './segments.js';

/**
 * What all runs of a schedule may spend in one day or month, of the time they are scheduled for. Undefined where they may
 * spend without limit. Who creates the schedule anew says anew how much that is.
 * @throws Failure as {@link checkPriced}: the plan may have changed since the schedule was made
 */
export async function purseOfSchedule(
  store: Store,
  { id, at }: Scheduled,
  plan: Plan,
): Promise<Place | undefined> {
  const [created] = await entriesOf(store, id);
  if (created?.kind !== 'created' || !created.source.budget) return undefined;
  const { budget, timezone } = created.source;
  checkPriced(budget, plan);
  const place = { run: `schedule-${id}`, unit: periodOf(budget.per, scheduledTime(at, timezone).date) };
  const log = await beginPurse(store, place, { limit: budget.limit });
  const raise = `created-${created.at}`;
  await log.append(({ limit, raises }) =>
    raises.has(raise) || isSame(limit, budget.limit) ? [] : [{ row: 'raised', raise, limit: budget.limit }],
  );
  return place;
}

/** @throws Failure `InvalidInput` where a budget is in dollars, and nobody knows what one of the models costs */
export function checkPriced({ limit }: ScheduleBudget, plan: Plan): void {
  const unpriced = limit.usd === undefined ? undefined : unpricedIn(plan);
  if (unpriced === undefined) return;
  throw new Failure(
    'InvalidInput',
    `${unpriced}, and the budget of the schedule is in dollars. Say it under \`prices\` of the plan, or limit tokens.`,
  );
}

const periodOf = (per: Period, date: string): string => `${per}-${per === 'day' ? date : date.slice(0, 7)}`;

const isSame = (a: Limit, b: Limit): boolean => a.usd === b.usd && a.tokens === b.tokens;
