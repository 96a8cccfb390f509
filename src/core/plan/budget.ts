import { type Prices, priced, priceIn } from '../budget/prices.js';
import { amountInWords, limitInWords } from '../budget/words.js';
import { isWithin, type Limit } from '../outcome/amount.js';
import { ANSWER_TOKENS } from './callCost.js';
import { modelsAsked, nobodyKnows, unpriced } from './modelsAsked.js';
import type { Brief, Budget, Plan } from './plan.js';
import type { Problems } from './problems.js';
import type { PlanDocument } from './schema.js';
import type { Surroundings } from './surroundings.js';
import { modelFor } from './tier.js';

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
  for (const model of modelsAsked(plan)) {
    const said = own?.[model];
    const price = said ? { ...said, source: 'the plan' } : priceIn(known, model);
    if (price) prices[model] = price;
  }
  const whole = Object.keys(prices).length > 0 ? { ...plan, prices } : plan;
  const unknown = unpriced(whole);
  const inDollars = plan.limits.budget?.usd !== undefined || plan.briefs.some(({ budget }) => budget?.usd);
  if (inDollars && unknown.length > 0)
    problems.error(
      ['limits'],
      `the budget is in dollars, and ${nobodyKnows(unknown)}. Say it: \`prices: { ${unknown[0]}: { input: 1.25, output: 10 } }\`, in dollars for a million tokens, or limit \`tokens\`.`,
    );
  for (const [i, brief] of plan.briefs.entries()) warnOfLittle(whole, brief, ['briefs', i], problems);
  return whole;
}

/** A call begins only where its longest answer is within what may be spent: where it never is, nothing is asked. */
function warnOfLittle(
  plan: Plan,
  brief: Brief,
  path: readonly (string | number)[],
  problems: Problems,
): void {
  if (brief.executor.kind !== 'ask') return;
  const { model } = modelFor(plan, brief);
  const answer = brief.maxTokens ?? ANSWER_TOKENS;
  const amount = priced(0, answer, plan.prices?.[model]);
  const said = brief.maxTokens === undefined ? 'reckoned with, for no `maxTokens` says' : 'its `maxTokens`';
  const whose = [
    [brief.budget, [...path, 'budget'], 'its budget of'],
    [plan.limits.budget, [...path], 'the whole budget of the run,'],
  ] as const;
  for (const [limit, at, name] of whose)
    if (limit && !isWithin(amount, limit))
      problems.warning(
        [...at],
        `the answer of one call alone, ${amountInWords(amount)} (${said}), is more than ${name} ${limitInWords(limit)}: nothing would be asked. Allow more, or shorter answers by \`maxTokens\`.`,
      );
}
