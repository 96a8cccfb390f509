import { linesOf, oneLine } from '../wording/unseen.js';

/*
 * What briefs, plans and messages say is data. In a report it can be read, and nothing more:
 *  1. no heading, list, quote, fence or rule begins with it: a line of it never begins a line of the report;
 *  2. no row or cell ends in it;
 *  3. no link, image, autolink, mention or HTML comes of it;
 *  4. no control character, and none that turns the direction of text, is passed on.
 * Text between backticks becomes a code span again: nothing inside one is interpreted.
 */

/** Text within a line, a list item or a table cell. */
export const prose = (text: string): string =>
  oneLine(text)
    .split(/(`[^`]+`)/)
    .map((part, n) =>
      n % 2 === 1 && part.slice(1, -1).trim() !== '' ? code(part.slice(1, -1)) : plain(part),
    )
    .join('')
    .trim();

/** Shown as it is, in a code span: labels, paths, values. A bar is shown by its double, for it would end a table cell. */
export function code(text: string): string {
  const shown = oneLine(text).replaceAll('|', '\u2502');
  if (shown.trim() === '') return '(empty)';
  const fence = '`'.repeat(1 + Math.max(0, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length)));
  const pad = shown.startsWith('`') || shown.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${shown}${pad}${fence}`;
}

/** Several lines, as a quote of which each line is escaped. */
export const quote = (text: string): string[] => linesOf(text).map((line) => `> ${prose(line)}`.trimEnd());

const plain = (text: string): string =>
  text
    .replace(/[\\*`[\]|~]/g, '\\$&')
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_')
    .replace(/&(?=[#\p{L}])/gu, '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    // Bare addresses and mentions turn into links by themselves.
    .replace(/:(?=\/\/)/g, '\\:')
    .replace(/www\./gi, (www) => `${www.slice(0, -1)}\\.`)
    .replaceAll('@', '\\@')
    // What would begin a block inside a list item or a quote.
    .replace(/^(\s*)([#+=:-])/, '$1\\$2')
    .replace(/^(\s*\d+)([.)])/, '$1\\$2');
