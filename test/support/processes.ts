import { readdirSync, readFileSync } from 'node:fs';

/** Living processes that were started with this in their environment or arguments: `NAME=value`, or a word. */
export function processesWith(text: string): readonly number[] {
  const holds = (pid: string): boolean =>
    ['environ', 'cmdline'].some((file) => read(`/proc/${pid}/${file}`).split('\0').includes(text));
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && holds(name))
    .map(Number);
}

/** Empty of one that has ended meanwhile, or waits to be reaped. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
