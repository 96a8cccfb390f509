import type { Amount } from '../outcome/amount.js';
import type { Usage } from '../outcome/usage.js';

/** Of a model, US dollars for a million tokens. */
export interface Price {
  readonly input: number;
  readonly output: number;
  /** The share of it that calls in batches cost; absent: {@link BATCH_SHARE}. */
  readonly batch?: number;
  /** When it was looked up, ISO 8601 day; absent where the plan says it. */
  readonly asOf?: string;
  /** Where; `the plan` where that says it. */
  readonly source: string;
}
export interface Prices {
  readonly [model: string]: Price;
}

/** What providers take for a call in a batch, of what they take for another. */
const BATCH_SHARE = 0.5;

/** The same for calls in batches. */
export const inBatches = ({ batch = BATCH_SHARE, ...price }: Price): Price => ({
  ...price,
  input: price.input * batch,
  output: price.output * batch,
});

/** What a call took that was told of; undefined where the endpoint does not say. */
export function amountOf(usage: Usage | undefined, price: Price | undefined): Amount | undefined {
  const { inputTokens, outputTokens } = usage ?? {};
  if (inputTokens === undefined && outputTokens === undefined) return undefined;
  return priced(inputTokens ?? 0, outputTokens ?? 0, price);
}

export const priced = (input: number, output: number, price: Price | undefined): Amount => ({
  tokens: input + output,
  usd: price ? (input * price.input + output * price.output) / 1e6 : 0,
});

/** Of a model, or of what it is a dated release of. */
export const priceIn = (prices: Prices, model: string): Price | undefined =>
  [model, model.replace(/-\d{4}-\d{2}-\d{2}$/, '')].flatMap((name) =>
    Object.hasOwn(prices, name) ? [prices[name]!] : [],
  )[0];
