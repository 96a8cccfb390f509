import type { Plan } from '../../plan/plan.js';
import type { Dropped, Near } from '../merge/merged.js';
import type { Answer } from '../report.js';
import { counted, timesOf } from '../words.js';
import { totalsOf } from './apart.js';
import type { Ink } from './ink.js';
import { nameIn } from './values.js';

/** What was said more than once; undefined where nothing was, and something was left out. */
export function repeated(answer: Answer): string | undefined {
  const { duplicates } = answer;
  const all = totalsOf(answer);
  if (all.duplicates === 0) return all.dropped === 0 ? 'Nothing.' : undefined;
  const nearly = duplicates.some(({ near }) => near) ? ' or nearly' : '';
  return `${counted(all.duplicates, 'item')} said more than once in the same words${nearly}; each is in the answer once.`;
}

/** What was said in other words, by whom, and how much of the words is the same. */
export const otherWords = <T>({ value, by, alike }: Near, { say, shown, brief }: Ink<T>): T =>
  say`${shown(value)} (${brief(by)}, ${Math.round(100 * alike)} % alike)`;

/** What the plan wants no more of, or its function made nothing of; undefined where there is none. */
export function leftOut(answer: Answer, { integrate }: Plan): string | undefined {
  const { dropped = [] } = answer;
  const all = totalsOf(answer).dropped;
  if (all === 0) return undefined;
  const reducing = new Set(
    integrate.merge.filter(({ reduce }) => reduce !== undefined).map(({ name }) => name),
  );
  const unused = dropped.some((one) => reducing.has(one.in)) ? ' or its function made nothing of them' : '';
  return `${counted(all, 'item')} left out, because the plan wants only so many${unused}:`;
}

/** An item that was left out, by its key fields or its beginning. */
export function droppedName<T>(
  { in: collection, item }: Dropped,
  { integrate }: Plan,
  { itemName }: Ink<T>,
): T {
  const entry = integrate.merge.find(({ name }) => name === collection);
  return itemName(nameIn(item, entry?.key ?? []));
}

/** `a` twice, `b`. */
export const voices = <T>(by: readonly string[], { say, brief, joined }: Ink<T>): T =>
  joined(
    [...timesOf(by)].slice(0, 10).map(([label, n]) => say`${brief(label)}${n > 1 ? ` ${n} times` : ''}`),
    ', ',
  );
