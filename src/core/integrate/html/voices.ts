import { counted } from '../words.js';
import type { PageInk } from './ink.js';
import { type Html, html } from './markup.js';

/** Briefs that are named without being asked for. */
const SHORT = 2;
const MOST = 40;

/** Who said something: by name where that is short, else opened on demand. */
export function voicesOf(labels: readonly string[], ink: PageInk): Html {
  const named = ink.joined(labels.slice(0, MOST).map(ink.brief), ', ');
  const more = labels.length > MOST && ` and ${labels.length - MOST} more`;
  return folded(labels.length, html`${named}${more}`);
}

/** @param said what stands under `12 briefs`, where that many would be in the way */
export const folded = (briefs: number, said: Html): Html =>
  briefs <= SHORT
    ? said
    : html`<details class="voices"><summary>${counted(briefs, 'brief')}</summary>${said}</details>`;
