import type { Span } from './clauses.js';
import type { Token } from './token.js';
import { isCommon, stem, wordsOf } from './words.js';

/** Stems of the words that can say which figure it is. */
export const topicsOf = (words: Iterable<string>): string[] => [
  ...new Set([...words].filter((word) => !isCommon(word) && !/^\d+$/.test(word)).map(stem)),
];

/**
 * The words of a clause by the figure they go with: the first word after it (`10 seats`), and what comes before it and
 * went with none; what is left goes with the last.
 * @param spoken the text without its figures, dates and links, as long as it was
 */
export function topicsBy(
  spoken: string,
  { from, to }: Span,
  figures: readonly Token[],
): ReadonlyMap<Token, readonly string[]> {
  const topics = new Map<Token, readonly string[]>();
  let before = wordsOf(spoken.slice(from, figures[0]?.at ?? to));
  for (const [n, token] of figures.entries()) {
    const next = figures[n + 1];
    const after = wordsOf(spoken.slice(token.end, next?.at ?? to));
    const claimed = next ? after.slice(0, after.slice(0, 2).findIndex((word) => !isCommon(word)) + 1) : after;
    topics.set(token, topicsOf([...before, ...claimed]));
    before = after.slice(claimed.length);
  }
  return topics;
}
