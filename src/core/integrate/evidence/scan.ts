import { datesIn } from './dates.js';
import { type Mark, markOf } from './decimals.js';
import { figuresIn } from './figures.js';
import { identifiersIn, linksIn } from './links.js';
import { blanked, FIGURE_MARK, OTHER_MARK, type Token } from './token.js';
import { yearsAmong } from './years.js';

export interface Scan {
  /** Figures, dates, links and identifiers, in order. */
  readonly tokens: readonly Token[];
  /** The text, as long as it was, with a mark in the place of every character of a token. */
  readonly rest: string;
}

/** Reads what can be looked up, the longest kinds first: no part of a text is two tokens. */
export function scan(text: string, mark: Mark | undefined = markOf(text)): Scan {
  const links = linksIn(text);
  const named = blanked(text, links, OTHER_MARK);
  const dates = datesIn(named);
  const undated = blanked(named, dates, FIGURE_MARK);
  const identifiers = identifiersIn(undated);
  const plain = blanked(undated, identifiers, OTHER_MARK);
  const figures = yearsAmong(figuresIn(plain, mark), text);
  return {
    tokens: [...links, ...dates, ...identifiers, ...figures].sort((a, b) => a.at - b.at),
    rest: blanked(plain, figures, FIGURE_MARK),
  };
}
