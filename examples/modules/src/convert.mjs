import * as registry from './registry.mjs';
import { DIGITS } from './rounding.mjs';

/** `convert('3km', 'mi')` is `1.864mi`. */
export function convert(asked, to) {
  const [, amount, from] = /^(-?[\d.]+)\s*(\S+)$/.exec(asked) ?? [];
  const units = Object.values(registry).find((one) => one.has(from) && one.has(to));
  if (!units) throw new Error(`nothing converts ${asked} to ${to}`);
  const { factor, offset } = units.get(from);
  const base = Number(amount) * factor + offset;
  const value = (base - units.get(to).offset) / units.get(to).factor;
  return `${Number(value.toFixed(DIGITS))}${to}`;
}

export const unitsOf = () =>
  Object.fromEntries(Object.entries(registry).map(([name, units]) => [name, [...units.keys()]]));
