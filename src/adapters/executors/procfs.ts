import { readdirSync, readFileSync } from 'node:fs';

/** What `proc_pid_stat(5)` tells of a process: its group, birth and state, and its own and waited-for children's time in ticks. */
export interface Stat {
  readonly group: number;
  /** In ticks since the machine was started: tells apart processes that had one number. */
  readonly born: string;
  /** `Z`: dead, and not reaped yet. */
  readonly state: string;
  readonly ticks: number;
}

/** Every process of the machine; none where there is no /proc. */
export function processes(): number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

export function readStat(pid: number): Stat | undefined {
  const text = read(`/proc/${pid}/stat`);
  if (!text) return;
  // The second field, the name, may hold spaces and brackets; the fields after it are numbered from the third.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const number = (n: number) => Number(fields[n - 3]);
  return {
    group: number(5),
    born: fields[22 - 3] ?? '',
    state: fields[0] ?? '',
    ticks: number(14) + number(15) + number(16) + number(17),
  };
}

/** Bytes, from `proc_pid_status(5)`: resident now, and the most this process ever had resident. */
export function readMemory(pid: number): { now: number; peak: number } {
  const status = read(`/proc/${pid}/status`) ?? '';
  const kilobytes = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0);
  return { now: 1024 * kilobytes('VmRSS'), peak: 1024 * kilobytes('VmHWM') };
}

/** Undefined where there is no such process any more, or no /proc. */
function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return;
  }
}
