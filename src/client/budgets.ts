import { randomBytes } from 'node:crypto';
import type { Limit } from '../core/outcome/amount.js';
import { Failure } from '../core/outcome/failure.js';
import { unpricedIn } from '../core/plan/modelsAsked.js';
import { loadPlan } from '../engine/plans.js';
import { openPurse, purseOf, spentIn } from '../engine/purses.js';
import type { Store } from '../ports/store.js';
import type { Around } from './around.js';
import type { Muster } from './surface.js';

/** What runs have spent, and may. */
export function budgetsOn({
  store,
  known,
}: Pick<Around, 'store' | 'known'>): Pick<Muster, 'spent' | 'setBudget'> {
  return {
    spent: async (given) =>
      (await spentIn(store, (await known(given)).first)) ?? {
        calls: 0,
        tokens: 0,
        usd: 0,
        guessed: 0,
        open: 0,
      },
    async setBudget(given, limit) {
      check(limit);
      const entry = await known(given);
      if (limit.usd !== undefined) await priced(store, entry.plan);
      const log = await openPurse(store, purseOf(entry.first));
      await log.readOn();
      const same = (Object.keys(limit) as (keyof Limit)[]).every(
        (key) => log.state.limit[key] === limit[key],
      );
      if (same) return false;
      const raise = randomBytes(8).toString('hex');
      await log.append(({ raises }) => (raises.has(raise) ? [] : [{ row: 'raised', raise, limit }]));
      return true;
    },
  };
}

/** @throws Failure `InvalidInput` where nobody knows what a model of the plan costs */
async function priced(store: Store, digest: string): Promise<void> {
  const { plan } = await loadPlan(store, digest);
  const unpriced = unpricedIn(plan);
  if (unpriced === undefined) return;
  throw new Failure('InvalidInput', `${unpriced}: limit the tokens of this run instead.`);
}

function check({ usd, tokens }: Limit): void {
  const given = [usd, tokens].filter((one) => one !== undefined);
  if (given.length > 0 && given.every((one) => Number.isFinite(one) && one > 0)) return;
  throw new Failure('InvalidInput', 'A budget is `usd`, `tokens` or both: numbers above 0.');
}
