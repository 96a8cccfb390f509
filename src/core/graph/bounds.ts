import { criticalPath } from './criticalPath.js';
import { type Needs, orderOf } from './dag.js';

/** What no schedule can be shorter than, in the unit of the durations. */
export interface Bounds {
  readonly criticalPath: number;
  /** Per capacity, in their order: all the work that uses it, shared evenly. */
  readonly work: readonly number[];
  /** Per capacity: the interval bound of Fernandez and Bussell (1973), at least the critical path. */
  readonly interval: readonly number[];
  /** The largest of all. */
  readonly least: number;
  /** What gives it: the critical path, or place of a capacity. */
  readonly bindingCapacity?: number;
}

/** How much of a capacity each node uses while it runs. */
export interface Load {
  readonly capacity: number;
  readonly amounts: readonly number[];
}

/** Beyond so many nodes the interval bound is left at the critical path: it takes time with their square. */
const MOST_NODES = 3_000;

/** @throws RangeError where there is a cycle. */
export function boundsOf(needs: Needs, durations: readonly number[], loads: readonly Load[]): Bounds {
  const { length } = criticalPath(needs, durations);
  const work = loads.map(
    ({ capacity, amounts }) => durations.reduce((sum, ms, n) => sum + ms * amounts[n]!, 0) / capacity,
  );
  const windows = windowsOf(needs, durations, length);
  const interval = loads.map((load) =>
    durations.length > MOST_NODES ? length : length + overflow(durations, windows, load),
  );
  const most = loads.map((_, c) => Math.max(work[c]!, interval[c]!));
  const least = Math.max(length, ...most);
  const binding = least > length ? most.indexOf(least) : -1;
  return {
    criticalPath: length,
    work,
    interval,
    least,
    ...(binding >= 0 && { bindingCapacity: binding }),
  };
}

/** Earliest and latest start of each, for a whole that takes no longer than the critical path. */
interface Windows {
  readonly earliest: readonly number[];
  readonly latest: readonly number[];
}

function windowsOf(needs: Needs, durations: readonly number[], length: number): Windows {
  const earliest = durations.map(() => 0);
  const latest = durations.map((ms) => length - ms);
  const order = orderOf(needs);
  for (const n of order)
    for (const need of needs[n]!) earliest[n] = Math.max(earliest[n]!, earliest[need]! + durations[need]!);
  for (const n of order.reverse())
    for (const need of needs[n]!) latest[need] = Math.min(latest[need]!, latest[n]! - durations[need]!);
  return { earliest, latest };
}

/**
 * By how much the work that must fall into some interval is more than the capacity can do in it, at the worst. Work of a
 * node in [from, to] is at least what remains there when it is moved as far as its window allows to either side; from
 * one beginning on, that grows with `to` at the rate of its amount, from `max(from, latest start)` until all of it is in.
 */
function overflow(
  durations: readonly number[],
  { earliest, latest }: Windows,
  { capacity, amounts }: Load,
): number {
  const users = [...durations.keys()].filter((n) => durations[n]! > 0 && amounts[n]! > 0);
  let most = 0;
  for (const from of new Set(users.flatMap((n) => [earliest[n]!, latest[n]!]))) {
    const turns: { readonly at: number; readonly rate: number }[] = [];
    for (const n of users) {
      const inside = Math.min(durations[n]!, earliest[n]! + durations[n]! - from);
      if (inside <= 0) continue;
      const begins = Math.max(from, latest[n]!);
      turns.push({ at: begins, rate: amounts[n]! }, { at: begins + inside, rate: -amounts[n]! });
    }
    turns.sort((a, b) => a.at - b.at);
    let [work, rate, at] = [0, 0, from];
    for (const turn of turns) {
      work += rate * (turn.at - at);
      at = turn.at;
      rate += turn.rate;
      most = Math.max(most, work / capacity - (at - from));
    }
  }
  return most;
}
