import type { Json } from '../../outcome/canonical.js';
import { linesOf } from '../wording/unseen.js';
import { cut } from '../words.js';
import type { PageInk } from './ink.js';
import { type Html, html, isNothing, type Part } from './markup.js';

const LINES = 60;
/** Characters of one text. */
const LONGEST = 12_000;

/** A value by itself. Text keeps its lines, and is nothing but text. */
export function alone(value: Json, where: string, ink: PageInk, nothing: string): Part {
  if (typeof value !== 'string' || value.trim() === '') {
    const shown = ink.shown(value);
    return isNothing(shown) ? nothing : shown;
  }
  const whole = value.trimEnd();
  const shown = linesOf(cut(whole, LONGEST)).slice(0, LINES);
  const rest = html`<p class="rest">Cut here; the whole text is in ${ink.code('report.json')}, under ${ink.code(where)}.</p>`;
  return html`<div class="said">${lines(shown)}</div>${(whole.length > LONGEST || linesOf(whole).length > LINES) && rest}`;
}

export const lines = (all: readonly string[]): Html =>
  html`${all.map(
    (line) => html`${line}
`,
  )}`;
