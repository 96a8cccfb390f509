import { setTimeout as sleep } from 'node:timers/promises';
import { processes, readStat } from './procfs.js';

/** From TERM to KILL, ms. */
export const GRACE_MS = 3000;
/** What the system may take to end what was killed, ms. */
const KILLED_MS = 1000;

/** Whether the group had a member to signal. Signal 0 only asks. */
function signalGroup(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-group, signal);
  } catch {
    return false;
  }
}

async function gone(group: number, withinMs: number): Promise<boolean> {
  const until = performance.now() + withinMs;
  for (let pause = 5; performance.now() < until; pause = Math.min(2 * pause, 100)) {
    if (!signalGroup(group, 0) || dead(group)) return true;
    await sleep(pause);
  }
  return false;
}

/** Whether what is left of a group is dead and only waits for somebody to reap it: who is init may take its time, or never do it. */
function dead(group: number): boolean {
  const left = processes()
    .map(readStat)
    .filter((stat) => stat?.group === group);
  return left.length > 0 && left.every((stat) => stat?.state === 'Z');
}

/**
 * Ends a process group, grandchildren included: TERM, and KILL after {@link GRACE_MS}. Resolves when nobody is
 * left or everybody was killed. A process that made a group of its own (`setsid`) is out of reach.
 */
export async function endGroup(group: number): Promise<void> {
  if (!signalGroup(group, 'SIGTERM') || (await gone(group, GRACE_MS))) return;
  signalGroup(group, 'SIGKILL');
  await gone(group, KILLED_MS);
}
