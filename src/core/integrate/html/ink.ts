import { labelOf } from '../expected.js';
import type { Answer } from '../report.js';
import { type Ink, inkOf } from '../wording/ink.js';
import { oneLine } from '../wording/unseen.js';
import { type Html, html } from './markup.js';

/** How a page sets what a report says. A brief that is named opens a card about it, on hover or tap or by key. */
export interface PageInk extends Ink<Html> {
  /** Places in the ledger of the briefs that were named so far. */
  readonly named: ReadonlySet<number>;
}

/** Of one page: it notes which briefs are named. */
export function pageInk({ ledger }: Answer): PageInk {
  const places = new Map(ledger.map((row, n) => [labelOf(row), n]));
  const named = new Set<number>();
  const brief = (label: string): Html => {
    const place = places.get(label);
    if (place === undefined) return code(label);
    named.add(place);
    const card = cardId(place);
    return html`<button type="button" class="brief" popovertarget="${card}" popovertargetaction="show" interestfor="${card}">${label}</button>`;
  };
  return { ...inkOf<Html>({ prose, code, brief, strong, em, say: html }), named };
}

export const cardId = (place: number): string => `brief-${place}`;

/** Text between backticks becomes code; nothing inside of it is interpreted. */
export const prose = (text: string): Html =>
  html`${oneLine(text)
    .trim()
    .split(/(`[^`]+`)/)
    .map((part, n) => (n % 2 === 1 && part.slice(1, -1).trim() !== '' ? code(part.slice(1, -1)) : part))}`;

export const code = (text: string): Html =>
  oneLine(text).trim() === '' ? html`(empty)` : html`<code>${text}</code>`;

const strong = (words: Html): Html => html`<strong>${words}</strong>`;
const em = (words: Html): Html => html`<em>${words}</em>`;
