/** When something ran, in any unit. */
interface Interval {
  readonly start: number;
  readonly end: number;
}

/**
 * The lane of each, the lowest that is free when it starts: no two of a lane overlap, and there are as many lanes as ran at
 * once at most.
 * @param intervals in order of start
 */
export function lanesOf(intervals: readonly Interval[]): readonly number[] {
  const freeAt: number[] = [];
  return intervals.map(({ start, end }) => {
    const free = freeAt.findIndex((at) => at <= start);
    const lane = free < 0 ? freeAt.length : free;
    freeAt[lane] = end;
    return lane;
  });
}

/**
 * Those that hold up the end, by their place: from the last one back, each time one that ended just when the next began.
 * @param intervals in order of start
 * @param because why the first may have had to wait for the second, by their places: the better reason first
 */
export function holdingUp(
  intervals: readonly Interval[],
  ...because: readonly ((one: number, other: number) => boolean)[]
): ReadonlySet<number> {
  const chain = new Set<number>();
  let at = intervals.reduce((last, { end }, n) => (end >= (intervals[last]?.end ?? 0) ? n : last), -1);
  while (at >= 0) {
    chain.add(at);
    const { start } = intervals[at]!;
    const before = [...intervals.keys()].slice(0, at).filter((n) => intervals[n]!.end === start);
    const reason = because.find((holds) => before.some((n) => holds(at, n))) ?? (() => true);
    at = before.find((n) => reason(at, n)) ?? -1;
  }
  return chain;
}

/** How much was in use from `at` on. */
export interface Step {
  readonly at: number;
  readonly inUse: number;
}

/** Use over time, in order; each step differs from the one before. @param amounts of each interval */
export function profileOf(intervals: readonly Interval[], amounts: readonly number[]): readonly Step[] {
  const changes = new Map<number, number>();
  for (const [n, { start, end }] of intervals.entries()) {
    if (start === end) continue;
    changes.set(start, (changes.get(start) ?? 0) + amounts[n]!);
    changes.set(end, (changes.get(end) ?? 0) - amounts[n]!);
  }
  let inUse = 0;
  return [...changes]
    .filter(([, change]) => change !== 0)
    .sort(([a], [b]) => a - b)
    .map(([at, change]) => {
      inUse += change;
      return { at, inUse };
    });
}
