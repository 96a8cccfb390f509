import { DELIVERED, type RunStatus, type Status } from '../../outcome/outcome.js';
import type { Coverage } from '../checks/finding.js';
import { type Html, html } from './markup.js';

/** Colours of the page; each comes with a sign and a word. */
type Tone = 'good' | 'wary' | 'bad' | 'quiet';

const RUN: { readonly [S in RunStatus]: readonly [sign: string, tone: Tone] } = {
  complete: ['✔', 'good'],
  partial: ['◐', 'wary'],
  failed: ['✖', 'bad'],
  cancelled: ['○', 'wary'],
};
const COVERAGE: { readonly [S in Coverage['status']]: readonly [sign: string, tone: Tone] } = {
  covered: ['✔', 'good'],
  missing: ['○', 'wary'],
  contradicted: ['✖', 'bad'],
  unchecked: ['–', 'quiet'],
};

export const toneOfRun = (status: RunStatus): Tone => RUN[status][1];
export const signOfRun = (status: RunStatus): Html => sign(RUN[status][0]);

/** `✔ covered`. */
export function coverageMark(status: Coverage['status']): Html {
  const [shown, tone] = COVERAGE[status];
  return html`<span class="mark ${tone}">${sign(shown)} ${status}</span>`;
}

/** How a brief ended: delivered, a hole, or neither. */
export const toneOf = (status: Status): Tone =>
  DELIVERED.has(status) ? 'good' : status === 'not-needed' ? 'quiet' : 'wary';

const SIGNS = { good: '✔', wary: '○', bad: '✖', quiet: '–' } as const;

/** The sign of a tone alone. */
export const mark = (tone: Tone): Html => sign(SIGNS[tone]);

/** @param words `missing after 4 of 4 tries` */
export const statusMark = (status: Status, words: string = status): Html =>
  html`<span class="mark ${toneOf(status)}">${sign(SIGNS[toneOf(status)])} ${words}</span>`;

/** Read out as the word beside it. */
const sign = (shown: string): Html => html`<span aria-hidden="true">${shown}</span>`;
