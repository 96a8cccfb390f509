/** Written durations: `250ms`, `90s`, `5m`, `2h`, `1d`. */
export const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;
/** Written ranges of durations: `1s..60s`. */
export const DURATION_RANGE = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)\.\.(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;

const MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Milliseconds of a text that {@link DURATION} matches. */
export function milliseconds(text: string): number {
  const [, amount, unit] = DURATION.exec(text)!;
  return Math.round(Number(amount) * MS[unit as keyof typeof MS]);
}
