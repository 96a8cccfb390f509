import type { Json } from '../outcome/canonical.js';
import { converted } from '../plan/units.js';

/* Numbers and times as briefs write them. */

const NUMBER = /^([+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:e[+-]?\d+)?)\s*([^\d\s].*)?$/i;
/** ISO 8601: a date, or a date and a time. */
const INSTANT = /^\d{4}(?:-\d{2}(?:-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?)?)?$/;

/**
 * The number that a value is, or that its text says; undefined where it is none.
 * @param unit it is given in this one; a number without a unit is in it. Absent: text with a unit is no number.
 */
export function numberIn(value: Json | undefined, unit?: string): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return undefined;
  const [, digits, own] = NUMBER.exec(value.normalize('NFKC').trim()) ?? [];
  if (digits === undefined) return undefined;
  const number = Number(digits.replaceAll(',', ''));
  if (own === undefined) return number;
  return unit === undefined ? undefined : converted(number, own.trim(), unit);
}

/** ms since the epoch; a date is its beginning, and what names no zone is UTC. */
export function instantIn(value: Json | undefined): number | undefined {
  if (typeof value !== 'string' || !INSTANT.test(value.trim())) return undefined;
  const text = value.trim();
  const zoned = text.includes('T') && !/(?:Z|[+-]\d{2}:?\d{2})$/.test(text) ? `${text}Z` : text;
  const ms = Date.parse(zoned);
  return Number.isNaN(ms) ? undefined : ms;
}
