import { span } from '../quantities.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Between two ticks, ms. */
const NICE = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000],
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000].map((n) => n * DAY),
];

/** Of an axis of time, at most eleven. */
export function ticksOf(makespanMs: number): readonly { readonly at: number; readonly label: string }[] {
  const every = NICE.find((ms) => makespanMs / ms <= 10) ?? makespanMs;
  if (every === 0) return [];
  const label = (ms: number) => (every < 1_000 && ms > 0 ? `${ms} ms` : span(ms));
  return Array.from({ length: Math.floor(makespanMs / every) + 1 }, (_, n) => ({
    at: n * every,
    label: label(n * every),
  }));
}
