import type { Amount, Limit } from '../outcome/amount.js';

const tokens = (n: number): string => `${Math.round(n).toLocaleString('en-US')} tokens`;

/** `$4.10`; of less than a cent as many digits as tell something. */
export const dollars = (usd: number): string =>
  usd === 0 || usd >= 0.01 ? `$${usd.toFixed(2)}` : `$${Number(usd.toPrecision(2))}`;

/** `12,000 tokens, $0.42`; without dollars where no price is known. */
export const amountInWords = (amount: Amount): string =>
  [tokens(amount.tokens), ...(amount.usd > 0 ? [dollars(amount.usd)] : [])].join(', ');

/** `$1.84 of $5.00 and 12,000 of 2,000,000 tokens`: of what is limited. */
export const spentOf = (amount: Amount, { usd, tokens: most }: Limit): string =>
  [
    ...(usd === undefined ? [] : [`${dollars(amount.usd)} of ${dollars(usd)}`]),
    ...(most === undefined
      ? []
      : [`${Math.round(amount.tokens).toLocaleString('en-US')} of ${tokens(most)}`]),
  ].join(' and ');

/** `$5.00 and 2,000,000 tokens`; empty where nothing is limited. */
export const limitInWords = ({ usd, tokens: most }: Limit): string =>
  [...(usd === undefined ? [] : [dollars(usd)]), ...(most === undefined ? [] : [tokens(most)])].join(' and ');
