import type { Prose, Section, Sentence } from '../synthesis/prose.js';
import { LEFT_OUT, lacksOf, notBorneOut } from '../wording/phrased.js';
import type { PageInk } from './ink.js';
import { type Html, html } from './markup.js';
import { first } from './tables.js';

const REJECTED = 20;

/** The answer in words, each sentence with the briefs that it rests on; below each section what was left out of it. */
export const phrased = ({ sections }: Prose, ink: PageInk): Html =>
  html`${sections.map(
    (one) => html`<h3>${ink.prose(one.title)}</h3>
${one.paragraphs.map(
  (sentences) => html`<p class="phrased">${ink.joined(
    sentences.map((sentence) => inLine(sentence, ink)),
    ' ',
  )}</p>
`,
)}${lacksOf(one, ink).map(
  (lack) => html`<p class="why">${lack}</p>
`,
)}${leftOut(one, ink)}`,
  )}`;

const inLine = ({ text, cites }: Sentence, ink: PageInk): Html =>
  html`${ink.prose(text)}${cites.length > 0 && html` <small>${ink.joined(cites.map(ink.brief), ' ')}</small>`}`;

function leftOut({ rejected = [] }: Section, ink: PageInk): Html {
  if (rejected.length === 0) return html``;
  const { shown, rest } = first(rejected, REJECTED, 'answer.prose', ink);
  return html`<p class="why">${LEFT_OUT}</p>
<ul class="why">${shown.map(
    (one) => html`<li>${notBorneOut(one, ink)}</li>
`,
  )}</ul>${rest}`;
}
