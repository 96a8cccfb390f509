/** What calls of models take: tokens in and out together, and US dollars. */
export interface Amount {
  readonly tokens: number;
  /** 0 where no price is known. */
  readonly usd: number;
}

export const NOTHING: Amount = { tokens: 0, usd: 0 };

export const plus = (a: Amount, b: Amount): Amount => ({ tokens: a.tokens + b.tokens, usd: a.usd + b.usd });

export const minus = (a: Amount, b: Amount): Amount => ({ tokens: a.tokens - b.tokens, usd: a.usd - b.usd });

/** Most that may be spent; absent of one: without limit. */
export type Limit = Partial<Amount>;

/** A fraction of a cent that sums of fractions are off by. */
const EPSILON = 1e-9;

export const isWithin = ({ tokens, usd }: Amount, limit: Limit): boolean =>
  tokens <= (limit.tokens ?? Number.POSITIVE_INFINITY) &&
  usd <= (limit.usd ?? Number.POSITIVE_INFINITY) + EPSILON;

export const share = ({ tokens, usd }: Limit, part: number): Limit => ({
  ...(tokens !== undefined && { tokens: tokens * part }),
  ...(usd !== undefined && { usd: usd * part }),
});
