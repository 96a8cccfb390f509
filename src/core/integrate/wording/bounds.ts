import type { Bounds, Link } from '../bounds.js';
import { duration } from '../words.js';
import type { Ink } from './ink.js';

/** Links of a chain that are named; the middle of a longer one is counted. */
const CHAIN = 12;

/** What bounded the time of a run, and the chain of briefs that did. */
export function bounded<T>({ by, name, chain }: Bounds, concurrency: number, ink: Ink<T>): T {
  const { say, code, brief, joined } = ink;
  const path =
    chain.length > CHAIN ? [...chain.slice(0, CHAIN / 2), undefined, ...chain.slice(-CHAIN / 2)] : chain;
  const links = path.map((link) =>
    link
      ? say`${waited(link, ink)}${brief(link.label)} ${duration(link.ms)}`
      : say`… ${chain.length - CHAIN} more …`,
  );
  const what = {
    needs: say`the longest path:`,
    deadline: say`the run's deadline, reached during`,
    concurrency: say`that ${concurrency} briefs may run at once:`,
    capacity: say`${code(name ?? '')}, which briefs waited for:`,
    wave: say`waves that wait for each other:`,
    worker: say`waiting for a worker:`,
  }[by];
  return say`${what} ${joined(links, ' → ')}`;
}

/** Waits of a second and more are worth a word. */
function waited<T>({ waitedMs, waitedFor }: Link, { say, code }: Ink<T>): T {
  if (!waitedFor || waitedMs < 1_000) return say``;
  const what = {
    concurrency: say`a free place`,
    capacity: code(waitedFor.name ?? ''),
    wave: say`the wave before`,
    worker: say`a worker`,
  }[waitedFor.kind];
  return say`(${duration(waitedMs)} waiting for ${what}) `;
}
