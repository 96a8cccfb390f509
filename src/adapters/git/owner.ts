import { readFileSync, readlinkSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { readStat } from '../executors/procfs.js';

/*
 * Folders that belong to a process, and go with it: by its own hand, or by that of the next.
 *  1. A folder is named after its owner: machine, process number, time of birth. A machine is a start of a system and a
 *     namespace of process numbers in it: only there does a number say who lives.
 *  2. Only what the dead have left is removed. Of the processes of another machine, or another container, nobody here
 *     knows: theirs goes when its owner has not touched it for a week.
 */

const WEEK = 7 * 24 * 3_600_000;

/** Of this process. */
export const ownerName = (): string => [host(), process.pid, born(process.pid)].join('-');

function host(): string {
  const known = (read: () => string) => {
    try {
      return read().trim();
    } catch {
      return '';
    }
  };
  const boot = known(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'));
  const numbers = known(() => readlinkSync('/proc/self/ns/pid'));
  return encodeURIComponent([hostname(), boot, numbers].join('@')).replaceAll('-', '%2D');
}

/** Where there is no /proc, a number says all there is to know. */
const born = (pid: number): string => readStat(pid)?.born ?? '0';

/** Removes what dead processes left in `root`. */
export async function sweep(root: string): Promise<void> {
  const names = await readdir(root).catch((): string[] => []);
  for (const name of names) {
    if (await isLeft(root, name))
      await rm(join(root, name), { recursive: true, force: true }).catch(() => {});
  }
}

async function isLeft(root: string, name: string): Promise<boolean> {
  const [where, pid, birth] = name.split('-');
  if (where === host()) return !(lives(Number(pid)) && born(Number(pid)) === birth);
  const { mtimeMs } = await stat(join(root, name)).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
  return mtimeMs < Date.now() - WEEK;
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return readStat(pid)?.state !== 'Z';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
