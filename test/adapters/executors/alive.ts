import { execFileSync } from 'node:child_process';

/** Processes, of any parent, with this text in their command line; the dead that nobody reaped do not count. */
export const alive = (text: string): string[] =>
  execFileSync('ps', ['-eo', 'pid=,stat=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(text) && !/^\s*\d+\s+Z/.test(line));
