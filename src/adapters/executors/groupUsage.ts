import type { Usage } from '../../core/outcome/outcome.js';
import { processes, readMemory, readStat } from './procfs.js';

/*
 * Processor time and memory of process groups, from /proc (Linux). Elsewhere nothing is told, and nothing is claimed.
 * 1. What is told is what was seen: a lower bound, never a guess, and never a zero for "not seen".
 * 2. One scan serves every group, and scanning takes at most a twentieth of the event loop's time.
 * 3. A process closes its output before it can be reaped: a look at that moment finds its time nearly whole.
 */

/** USER_HZ: 100 on every architecture that Node runs on. */
const TICKS_PER_SECOND = 100;
const FIRST_MS = 10;
const EVERY_MS = 250;

interface Tally {
  ticks: number;
  bytes: number;
}
const tallies = new Map<number, Tally>();
let pause = FIRST_MS;
let timer: NodeJS.Timeout | undefined;

export interface Meter {
  /** Looks at the group's leader: when it first writes, and when it closes an output. */
  look(): void;
  stop(): Pick<Usage, 'cpuSeconds' | 'peakMemory'>;
}

export function meterGroup(group: number): Meter {
  const tally: Tally = { ticks: 0, bytes: 0 };
  tallies.set(group, tally);
  pause = FIRST_MS;
  clearTimeout(timer);
  timer = setTimeout(scan, pause).unref();
  return {
    look() {
      tally.ticks = Math.max(tally.ticks, readStat(group)?.ticks ?? 0);
      tally.bytes = Math.max(tally.bytes, readMemory(group).peak);
    },
    stop() {
      tallies.delete(group);
      return {
        ...(tally.ticks > 0 && { cpuSeconds: tally.ticks / TICKS_PER_SECOND }),
        ...(tally.bytes > 0 && { peakMemory: tally.bytes }),
      };
    },
  };
}

function scan(): void {
  if (tallies.size === 0) return;
  const began = performance.now();
  const sums = new Map<number, Tally>();
  for (const pid of processes()) {
    const stat = readStat(pid);
    const tally = stat && tallies.get(stat.group);
    if (!tally) continue;
    const sum = sums.get(stat.group) ?? { ticks: 0, bytes: 0 };
    const memory = readMemory(pid);
    sums.set(stat.group, { ticks: sum.ticks + stat.ticks, bytes: sum.bytes + memory.now });
    tally.bytes = Math.max(tally.bytes, memory.peak);
  }
  for (const [group, sum] of sums) {
    const tally = tallies.get(group)!;
    tally.ticks = Math.max(tally.ticks, sum.ticks);
    tally.bytes = Math.max(tally.bytes, sum.bytes);
  }
  pause = Math.max(Math.min(2 * pause, EVERY_MS), 20 * (performance.now() - began));
  timer = setTimeout(scan, pause).unref();
}
