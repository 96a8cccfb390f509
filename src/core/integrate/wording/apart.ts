import type { Answer, Report } from '../report.js';
import { totalAt } from '../wide/parts.js';
import type { Ink } from './ink.js';

/** What of the answer is not in the report, and how to get it; undefined where all of it is. */
export function liesApart<T>({ answer, run }: Report, { say, code, joined }: Ink<T>): T | undefined {
  const { apart = [] } = answer;
  if (apart.length === 0) return undefined;
  const lists = apart.map(({ at, from, count }) => {
    const where = code(`answer${at.slice(1)}`);
    const number = (n: number) => n.toLocaleString('en-US');
    return from === undefined ? where : say`${number(count)} of ${number(from + count)} of ${where}`;
  });
  const { integrated, id } = run;
  const rules = integrated ? ` --integrate ${integrated.file ?? 'FILE'}` : '';
  return say`The answer is too long for one report. These are not in it, but stored beside it: ${joined(lists, '; ')}. All of it, as files: ${code(`muster result ${id}${rules} --apart FOLDER`)}`;
}

/** Lists of the answer by how many there are of each, in the report or apart. */
export const totalsOf = (answer: Answer) => ({
  conflicts: totalAt(answer, 'conflicts', answer.conflicts.length),
  duplicates: totalAt(answer, 'duplicates', answer.duplicates.length),
  dropped: totalAt(answer, 'dropped', answer.dropped?.length ?? 0),
});
