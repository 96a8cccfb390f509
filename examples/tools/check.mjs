import { amountIn, readOn, tripOn } from './receipts.mjs';
import { add, convert } from './tools.mjs';

/**
 * Holds a bill on standard input against the receipts themselves, reckoned again. Exits with 1 where it is another, and says
 * what is wrong with it: the model is told.
 */
const { sum, receipts } = JSON.parse(await new Response(process.stdin).text());

function onShelf() {
  try {
    return { names: tripOn(sum.trip), wrong: [] };
  } catch (error) {
    return { names: [], wrong: [error.message] };
  }
}
const { names, wrong } = onShelf();

for (const name of names)
  if (receipts.filter(({ receipt }) => receipt === name).length !== 1)
    wrong.push(`${name} has to be there once`);
for (const { receipt, trip, amount } of receipts) {
  if (trip !== sum.trip || !names.includes(receipt))
    wrong.push(`${receipt} of ${trip} is none of its receipts`);
  else if (amount !== amountOf(receipt))
    wrong.push(`${receipt} is ${amountOf(receipt) ?? 'open'}, not ${amount ?? 'open'}`);
}
const amounts = receipts.flatMap(({ amount }) => amount ?? []);
const { total } = add({ input: { amounts } });
if (sum.total !== total) wrong.push(`the amounts come to ${total}, not to ${sum.total}`);

for (const one of wrong) console.log(one);
process.exitCode = wrong.length > 0 ? 1 : 0;

/** Null where it cannot be converted. */
function amountOf(receipt) {
  try {
    return convert({ input: { ...amountIn(readOn(sum.trip, receipt)), to: sum.currency } }).amount;
  } catch {
    return null;
  }
}
