import { type Prices, priceIn } from '../budget/prices.js';
import type { Limit } from '../outcome/amount.js';
import { modelsAsked } from './modelsAsked.js';
import type { Budget, Plan } from './plan.js';
import type { Problems } from './problems.js';
import type { PlanDocument } from './schema.js';
import type { Surroundings } from './surroundings.js';

type Written = NonNullable<NonNullable<PlanDocument['limits']>['budget']>;

export const limitOf = ({ usd, tokens }: Pick<Written, 'usd' | 'tokens'>): Limit => ({
  ...(usd !== undefined && { usd }),
  ...(tokens !== undefined && { tokens }),
});

export const budgetOf = ({ soft, then, ...amounts }: Written): Budget => ({
  ...limitOf(amounts),
  ...(soft !== undefined && { soft }),
  ...(then === 'pause' && { pause: true }),
});

/** With what its models cost: as it says itself, or as is known. Where it counts dollars, all have to be known. */
export function withPrices(
  plan: Plan,
  own: PlanDocument['prices'],
  { prices: known }: Pick<Surroundings, 'prices'>,
  problems: Problems,
): Plan {
  const prices: { [model: string]: Prices[string] } = {};
  const unknown: string[] = [];
  for (const model of modelsAsked(plan)) {
    const said = own?.[model];
    const price = said ? { ...said, source: 'the plan' } : priceIn(known, model);
    if (price) prices[model] = price;
    else unknown.push(model);
  }
  const inDollars = plan.limits.budget?.usd !== undefined || plan.briefs.some(({ budget }) => budget?.usd);
  if (inDollars && unknown.length > 0)
    problems.error(
      ['limits'],
      `the budget is in dollars, and nobody knows what ${unknown.map((one) => `\`${one}\``).join(', ')} cost${unknown.length === 1 ? 's' : ''}. Say it: \`prices: { ${unknown[0]}: { input: 1.25, output: 10 } }\`, in dollars for a million tokens, or limit \`tokens\`.`,
    );
  return Object.keys(prices).length > 0 ? { ...plan, prices } : plan;
}
