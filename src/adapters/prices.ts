import { readFileSync } from 'node:fs';
import type { Prices } from '../core/budget/prices.js';

interface Listed {
  readonly asOf: string;
  readonly source: string;
  readonly models: { readonly [model: string]: { readonly input: number; readonly output: number } };
}

let known: Prices | undefined;

/** What models cost, as `prices.json` of the package has it. */
export function knownPrices(): Prices {
  if (known) return known;
  const text = readFileSync(new URL('../../prices.json', import.meta.url), 'utf8');
  const { asOf, source, models } = JSON.parse(text) as Listed;
  known = Object.fromEntries(
    Object.entries(models).map(([model, price]) => [model, { ...price, asOf, source }]),
  );
  return known;
}
