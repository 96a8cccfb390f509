/*
 * Functions that a model may call: each says itself what it does and what it takes (`tool`), and the worker's policy names it. What
 * one throws, the model is told.
 */

/** Euro for one of each, as of 2026-11-02. */
const RATES = { EUR: 1, GBP: 1.1432, NOK: 0.0853, USD: 0.8671 };
const known = Object.keys(RATES).join(', ');

/** @returns `{amount, currency}`, rounded to cents */
export function convert({ input: { amount, from, to } }) {
  for (const currency of [from, to])
    if (!RATES[currency]) throw new Error(`there is no rate for ${currency}; there are ${known}`);
  return { amount: Math.round((amount * RATES[from] * 100) / RATES[to]) / 100, currency: to };
}
convert.tool = {
  description: `Converts an amount of money, at the day's rate. Knows ${known}.`,
  input: {
    type: 'object',
    additionalProperties: false,
    required: ['amount', 'from', 'to'],
    properties: { amount: { type: 'number' }, from: { type: 'string' }, to: { type: 'string' } },
  },
};

/** In whole cents, for fractions of numbers do not add up. */
export const add = ({ input: { amounts } }) => ({
  total: amounts.reduce((cents, amount) => cents + Math.round(amount * 100), 0) / 100,
});
add.tool = {
  description: 'Adds up amounts of one currency, exactly.',
  input: {
    type: 'object',
    additionalProperties: false,
    required: ['amounts'],
    properties: { amounts: { type: 'array', items: { type: 'number' } } },
  },
};
