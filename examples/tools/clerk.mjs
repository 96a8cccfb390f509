import { lineOf } from '../research/material.mjs';
import { calling } from '../research/simulated.mjs';
import { amountIn } from './receipts.mjs';

/*
 * How the stand-in works: it calls whatever it still needs, and answers once it has all of it.
 *  1. It goes by what its calls gave, and by nothing else: what is lost or garbled on the way is missing from the bill.
 *  2. It calls what it needs at the same time: all receipts in one turn, all amounts in the next.
 */

/** @param told what came of its calls, in order: `[{name, input, text, isError}]` */
export function reckon({ prompt, told }) {
  const [trip, currency] = ['Trip', 'Currency'].map((name) => lineOf(prompt, name));
  if (trip === '' || currency === '') return undefined;
  const of = (name) => told.filter((one) => one.name === name);

  const [list] = of('shelf_list');
  if (!list) return calling(['shelf_list', { trip }]);
  if (list.isError) return { sum: { trip, total: 0, currency }, receipts: [] };
  const names = list.text.split('\n');

  const read = of('shelf_read');
  if (read.length === 0) return calling(...names.map((receipt) => ['shelf_read', { trip, receipt }]));
  const said = read.map(({ text }) => amountIn(text));

  const converted = of('convert');
  if (converted.length === 0) return calling(...said.map((one) => ['convert', { ...one, to: currency }]));
  const receipts = converted.map(({ text, isError }, n) => ({
    ...{ trip, receipt: read[n].input.receipt },
    ...(isError ? { amount: null, why: text } : { amount: JSON.parse(text).amount, why: null }),
  }));

  const [sum] = of('add');
  if (!sum) return calling(['add', { amounts: receipts.flatMap(({ amount }) => amount ?? []) }]);
  return { sum: { trip, total: JSON.parse(sum.text).total, currency }, receipts };
}
