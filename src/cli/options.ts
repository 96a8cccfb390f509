import { InvalidArgumentError } from 'commander';
import { DURATION, milliseconds } from '../core/plan/durations.js';

/** Parsers of what an option is given. Each throws what commander says of it. */

/** @returns ms */
export function duration(text: string): number {
  if (DURATION.test(text)) return milliseconds(text);
  throw new InvalidArgumentError('It should be a duration, such as 30d, 12h or 90m: a number and a unit.');
}

/** Whole numbers from 1. */
export const upTo =
  (most: number) =>
  (text: string): number => {
    const n = Number(text);
    if (Number.isInteger(n) && n > 0 && n <= most) return n;
    throw new InvalidArgumentError(`It should be a whole number from 1 to ${most.toLocaleString('en')}.`);
  };

export function positive(text: string): number {
  const n = Number(text);
  if (n > 0 && Number.isFinite(n)) return n;
  throw new InvalidArgumentError('It should be a number above 0, such as 1.5.');
}

/** Of an option that may be given again. */
export const repeated = (one: string, all: readonly string[]): readonly string[] => [...all, one];
