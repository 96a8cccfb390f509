import { amountOf, inBatches, type Price } from '../../core/budget/prices.js';
import { mayBegin } from '../../core/budget/purse.js';
import { type Amount, NOTHING, plus } from '../../core/outcome/amount.js';
import type { Said } from '../../core/outcome/said.js';
import { expected } from '../../core/plan/callCost.js';
import type { Brief, Plan } from '../../core/plan/plan.js';
import { modelFor } from '../../core/plan/tier.js';
import type { BatchRequest } from '../../ports/batches.js';
import type { PurseLog } from '../purses.js';
import { settle } from '../spending.js';

/*
 * What batches may cost: each is reserved as a whole, at the batch price, in every purse that it is to be paid from before it
 * is sent, and settled by what its answers say when it is over.
 */

export function priceOf(plan: Plan, brief: Brief): Price | undefined {
  const price = plan.prices?.[modelFor(plan, brief).model];
  return price && inBatches(price);
}

/** Whether it may be sent. Reserved before, it may. */
export async function reserveBatch(
  chain: readonly PurseLog[],
  call: string,
  requests: readonly BatchRequest[],
  price: Price | undefined,
): Promise<boolean> {
  const amount = requests.reduce((all, { work }) => plus(all, expected(work, price)), NOTHING);
  const calls = requests.length;
  const done: PurseLog[] = [];
  for (const log of chain) {
    let may = true;
    await log.append((purse) => {
      may = purse.open.has(call) || mayBegin(purse, amount, { begun: false }) === 'yes';
      return may && !purse.open.has(call) ? [{ row: 'reserved', call, amount, calls }] : [];
    });
    if (!may) {
      await settle(done, { call, amount: NOTHING, unmade: calls });
      return false;
    }
    done.push(log);
  }
  return true;
}

/** What answers took, each that does not say as much as was expected of one. */
export function tookOf(
  said: readonly Said[],
  price: Price | undefined,
  each: Amount,
): { readonly took: Amount; readonly guessed: number } {
  const told = said.map(({ usage }) => amountOf(usage, price));
  const took = told.reduce<Amount>((all, one) => plus(all, one ?? each), NOTHING);
  return { took, guessed: told.filter((one) => !one).length };
}
