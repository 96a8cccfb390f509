import type { Json } from '../outcome/canonical.js';
import type { Table } from './table.js';

/*
 * A table as CSV (RFC 4180): a line of columns, then the rows; lines end with CR LF.
 *  1. Texts are as they are, an empty one `""`; numbers as JSON writes them, `true` and `false`; a list or a map is JSON;
 *     nothing, for a field that is lacking as for null.
 *  2. No text is a formula to a spreadsheet: one that could be begins with an apostrophe, which a spreadsheet shows as text.
 *     Briefs wrote the names of columns too, so the same holds for those.
 */

export const csvOf = ({ columns, rows }: Table): string =>
  [columns, ...rows].map((cells) => `${lineOf(cells)}\r\n`).join('');

/** An empty line would be no row. */
const lineOf = (cells: Table['rows'][number]): string => cells.map(cellOf).join(',') || '""';

function cellOf(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return quoted(defused(value));
  if (typeof value === 'object') return quoted(JSON.stringify(value));
  return String(value);
}

/** What spreadsheets take for the beginning of a formula or of a command, also in full width, and behind white space. */
const FORMULA = /^(?:[\t\r\n]|\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])/u;
const defused = (text: string): string => (FORMULA.test(text) ? `'${text}` : text);

/** What would not be read as one cell, or not as it is. */
const SPECIAL = /[",\r\n]|^\s|\s$|^$/u;
const quoted = (text: string): string => (SPECIAL.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
