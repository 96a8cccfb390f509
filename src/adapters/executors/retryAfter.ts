/** Whoever asks for more is asked again after a day, ms. */
const LONGEST_MS = 24 * 3600 * 1000;

/**
 * `Retry-After` (RFC 9110, 10.2.3: seconds or a date) in ms from `now`, 0 for a time that has passed, at most
 * a day; undefined where it says nothing that can be read.
 */
export function retryAfter(value: string | null | undefined, now: number): number | undefined {
  if (!value) return;
  const ms = /^\d+(\.\d+)?$/.test(value.trim()) ? 1000 * Number(value) : Date.parse(value) - now;
  return Number.isNaN(ms) ? undefined : Math.min(LONGEST_MS, Math.max(0, Math.ceil(ms)));
}
