import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process by number and time of birth, since numbers are used again. */
export interface Process {
  readonly pid: number;
  readonly born: string;
}

/** Undefined where no such process lives; a zombie does not. */
export function processOf(pid: number): Process | undefined {
  const born = birth(pid);
  return born === undefined ? undefined : { pid, born };
}

export function lives(process: Process): boolean {
  return birth(process.pid) === process.born;
}

/** Asks a process to end and insists after `graceMs`. Does nothing where it is gone already. */
export async function end(process: Process, graceMs: number): Promise<void> {
  signal(process, 'SIGTERM');
  if (await goneWithin(process, graceMs)) return;
  signal(process, 'SIGKILL');
  await goneWithin(process, 5_000);
}

export async function goneWithin(process: Process, ms: number): Promise<boolean> {
  for (const until = Date.now() + ms; lives(process); await sleep(20)) {
    if (Date.now() > until) return false;
  }
  return true;
}

function signal(target: Process, name: NodeJS.Signals): void {
  try {
    if (lives(target)) process.kill(target.pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function birth(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      // proc(5): the name in brackets may hold anything; state is field 3, start time in ticks since boot field 22.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return fields[0] === 'Z' ? undefined : `${fields[19]}@${bootId()}`;
    }
    process.kill(pid, 0);
    if (process.platform === 'win32') return 'unknown';
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
}

let boot: string | undefined;
function bootId(): string {
  boot ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return boot;
}
