import { capped as cappedIn } from '../wording/capped.js';
import { INK } from './ink.js';

/** A Markdown table. Cells are Markdown already: give them through `prose` or `code`. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] => [
  rowOf(head),
  rowOf(head.map(() => '---')),
  ...rows.map(rowOf),
];

const rowOf = (cells: readonly string[]): string => `| ${cells.map((cell) => cell || ' ').join(' | ')} |`;

/** The first `most`, and lines that say what is left out and where it is. */
export function capped<T>(
  all: readonly T[],
  most: number,
  where: string,
): { readonly shown: readonly T[]; readonly rest: readonly string[] } {
  const { shown, rest } = cappedIn(all, most, where, INK);
  return { shown, rest: rest === undefined ? [] : ['', rest] };
}
