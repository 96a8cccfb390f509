import { readdirSync, readFileSync } from 'node:fs';

const SHELF = new URL('receipts/', import.meta.url);

/** Names of what lies in a folder of the shelf: nothing else is looked for, so no path leads out of it. */
const namesIn = (folder) => readdirSync(folder).sort();

function folderOf(trip) {
  const trips = namesIn(SHELF);
  if (!trips.includes(trip)) throw new Error(`There is no trip ${trip}; there are ${trips.join(', ')}.`);
  return new URL(`${trip}/`, SHELF);
}

/** Names of the receipts of a trip. */
export const tripOn = (trip) => namesIn(folderOf(trip));

/** Text of one. */
export function readOn(trip, receipt) {
  const names = tripOn(trip);
  if (!names.includes(receipt))
    throw new Error(`There is no receipt ${receipt}; there are ${names.join(', ')}.`);
  return readFileSync(new URL(receipt, folderOf(trip)), 'utf8');
}

/** What a receipt is about: `{amount, from}`. */
export function amountIn(text) {
  const [, amount, from] = /^Amount: ([\d.]+) ([A-Z]{3})$/m.exec(text) ?? [];
  return { amount: Number(amount), from };
}
