import { code } from './escape.js';

const NAMED = 5;

/** A Markdown table. Cells are Markdown already: give them through `prose` or `code`. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] => [
  rowOf(head),
  rowOf(head.map(() => '---')),
  ...rows.map(rowOf),
];

const rowOf = (cells: readonly string[]): string => `| ${cells.map((cell) => cell || ' ').join(' | ')} |`;

/** The first `most`, and a line that says what is left out and where it is. */
export function capped<T>(
  all: readonly T[],
  most: number,
  where: string,
): { readonly shown: readonly T[]; readonly rest: readonly string[] } {
  const more = all.length - most;
  if (more <= 0) return { shown: all, rest: [] };
  return {
    shown: all.slice(0, most),
    rest: ['', `… and ${more.toLocaleString('en-US')} more in \`report.json\`, under \`${where}\`.`],
  };
}

/** The first five, as code, and how many more there are. */
export function some(texts: readonly string[]): string {
  const more = texts.length > NAMED ? ` and ${texts.length - NAMED} more` : '';
  return `${texts.slice(0, NAMED).map(code).join(', ')}${more}`;
}
