import { linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { lives, type Process, processOf } from './processes.js';

/**
 * A lock among the processes of one machine, which outlives no holder, not even one ended by kill -9.
 *
 * 1. Files `<name>.<n>` name a process each; the holder is the one in the highest. The highest is never removed, so numbers only rise.
 * 2. `n + 1` is created, whole or not at all, by whoever saw that the process in `n` is dead or has let go.
 * 3. Whoever created a number looks again: it holds only while its number is the highest. One that came late,
 *    after its number had been used and removed, finds a higher one and starts over.
 */
export interface Claim {
  release(): void;
}

/** Undefined while a living process holds it. */
export function claim(folder: string, name: string): Claim | undefined {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = (n: number) => join(folder, `${name}.${n}`);
  const numbers = () =>
    readdirSync(folder)
      .filter((entry) => entry.startsWith(`${name}.`) && /^\d+$/.test(entry.slice(name.length + 1)))
      .map((entry) => Number(entry.slice(name.length + 1)))
      .sort((a, b) => b - a);

  for (;;) {
    const highest = numbers()[0] ?? 0;
    if (highest > 0 && isHeld(file(highest))) return undefined;
    const mine = highest + 1;
    if (!create(file(mine), processOf(process.pid))) continue;
    const [first, ...lower] = numbers();
    if (first !== mine) {
      rmSync(file(mine), { force: true });
      continue;
    }
    for (const n of lower) rmSync(file(n), { force: true });
    return { release: () => replace(file(mine), undefined) };
  }
}

/** Waits for the claim, does the work, lets go. `onWait` is called once, where another holds it. */
export async function withClaim<T>(
  folder: string,
  name: string,
  onWait: () => void,
  work: () => Promise<T>,
): Promise<T> {
  let held = claim(folder, name);
  if (!held) onWait();
  while (!held) {
    await sleep(50);
    held = claim(folder, name);
  }
  try {
    return await work();
  } finally {
    held.release();
  }
}

function isHeld(file: string): boolean {
  try {
    const holder = JSON.parse(readFileSync(file, 'utf8')) as Process | null;
    return holder !== null && lives(holder);
  } catch (error) {
    // Removed since it was listed: a higher one is there.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

let drafts = 0;
function draft(file: string, holder: Process | undefined): string {
  const path = `${file}-${process.pid}-${drafts++}`;
  writeFileSync(path, JSON.stringify(holder ?? null), { mode: 0o600 });
  return path;
}

function create(file: string, holder: Process | undefined): boolean {
  const path = draft(file, holder);
  try {
    linkSync(path, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(path);
  }
}

function replace(file: string, holder: Process | undefined): void {
  renameSync(draft(file, holder), file);
}
