import { FIGURE_MARK } from './token.js';

/** From here to before `to`. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const END = /(?<![.!?…])[.!?…]+["”»’)\]]*\s+|[。！？]|\n/gu;
const SHORT =
  /(?:^|[\s(])(?:\p{L}|Dr|Mr|Mrs|Ms|Prof|St|No|Nr|vs|approx|ca|bzw|Inc|Corp|Ltd|Co|e\.g|i\.e|z\.B|Fig|al)$/iu;

/** Sentences of a text whose tokens are marked: a point within a number, a date or an address ends none. */
export function sentencesOf(rest: string): Span[] {
  const spans: Span[] = [];
  let from = 0;
  for (const match of rest.matchAll(END)) {
    const to = match.index + match[0].length;
    if (
      match[0].startsWith('.') &&
      (SHORT.test(rest.slice(Math.max(0, match.index - 8), match.index)) ||
        /^\p{Ll}/u.test(rest.slice(to, to + 1)))
    )
      continue;
    spans.push({ from, to });
    from = to;
  }
  if (from < rest.length) spans.push({ from, to: rest.length });
  return spans;
}

const PART = new RegExp(
  String.raw`[,;:()—]|\s[–-]\s|(?<![\p{L}])(?:and|while|whereas|but|against|versus|vs|than|und|während|aber|gegen|et|mais|contre|y|mientras|pero|mentre|och|medan)(?![\p{L}])|(?<![\p{L}])(?:to|bis|à|a)\s(?=${FIGURE_MARK})`,
  'gu',
);

/** Parts of a sentence that may each be about something else. */
export function clausesOf(rest: string, { from, to }: Span): Span[] {
  const spans: Span[] = [];
  let start = from;
  for (const { index } of rest.slice(from, to).matchAll(PART)) {
    if (from + index > start) spans.push({ from: start, to: from + index });
    start = from + index;
  }
  if (to > start) spans.push({ from: start, to });
  return spans;
}
