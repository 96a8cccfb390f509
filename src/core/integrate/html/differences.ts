import type { Plan } from '../../plan/plan.js';
import type { Conflict, Duplicate } from '../merge/merged.js';
import type { Answer, Report } from '../report.js';
import { decision, differing, disagreement, fates, subjectOf } from '../wording/conflicts.js';
import { droppedName, leftOut, otherWords, repeated, voices } from '../wording/repetitions.js';
import { ofSeveral, severalInWords } from '../wording/several.js';
import { divided, vote, votesInAll } from '../wording/votes.js';
import { entries } from './entries.js';
import type { PageInk } from './ink.js';
import { type Html, html, isNothing } from './markup.js';
import { first, table } from './tables.js';
import { folded, voicesOf } from './voices.js';

const CONFLICTS = 50;
const DUPLICATES = 50;

/** Every value, who said it, which rule decided and why, and what lost. */
export function disagreements({ answer }: Report, plan: Plan, ink: PageInk): Html {
  const { shown, rest } = first(answer.conflicts, CONFLICTS, 'answer.conflicts', ink);
  return html`<p>${disagreement(answer, plan, ink)}</p>
${entries(shown.map((conflict) => difference(conflict, ink)))}${rest}
${votes(answer, ink)}${samples(answer, ink)}`;
}

function votes(answer: Answer, ink: PageInk): Html {
  const says = votesInAll(answer, ink);
  if (says === undefined) return html``;
  const { shown, rest } = first(divided(answer), CONFLICTS, 'answer.ledger', ink);
  return html`<p>${says}</p>
${entries(shown.map((row) => html`<p>${vote(row, ink)}</p>`))}${rest}`;
}

function samples(answer: Answer, ink: PageInk): Html {
  const { shown, rest } = first(ofSeveral(answer), CONFLICTS, 'answer.ledger', ink);
  const entry = (row: (typeof shown)[number]) => {
    const { says, views } = severalInWords(row, ink);
    const list = views.map(
      (view) => html`<li>${view}</li>
`,
    );
    return html`<p>${says}</p>${list.length > 0 && html`<ul class="values">${list}</ul>`}`;
  };
  return html`${entries(shown.map(entry))}${rest}`;
}

const FATES = {
  stands: html`<span class="mark good"><span aria-hidden="true">✔</span> kept</span>`,
  kept: html`<span class="mark quiet"><span aria-hidden="true">=</span> kept</span>`,
  lost: html`<span class="mark lost"><span aria-hidden="true">✖</span> lost</span>`,
};

function difference(conflict: Conflict, ink: PageInk): Html {
  const fate = fates(conflict);
  const values = conflict.values.map((said) => {
    const value = ink.shown(said.value);
    return html`<li>${FATES[fate(said)]} <span class="value">${isNothing(value) ? '(empty)' : value}</span> <span class="by">said by ${voicesOf(said.by, ink)}</span></li>
`;
  });
  return html`<p><strong>${subjectOf(conflict, ink)}</strong>: ${differing(conflict, ink)}.</p>
<ul class="values">${values}</ul>
<p class="why">${decision(conflict, ink)}</p>`;
}

/** What was removed because it had been said already, or because the plan wants no more. */
export function repetitions({ answer }: Report, plan: Plan, ink: PageInk): Html {
  return html`${again(answer, ink)}${inOtherWords(answer, ink)}${beyond(answer, plan, ink)}`;
}

function again(answer: Answer, ink: PageInk): Html {
  const says = repeated(answer);
  const { shown, rest } = first(answer.duplicates, DUPLICATES, 'answer.duplicates', ink);
  const rows = shown.map(({ in: name, item, by }) => [
    ink.itemName(item),
    ink.code(name),
    folded(new Set(by).size, voices(by, ink)),
  ]);
  return html`${says && html`<p>${says}</p>`}
${rows.length > 0 && table('What was said twice', ['Item', 'Of', 'Said by'], rows)}${rest}`;
}

/** What was removed though its words differ, each below what stands for it. */
function inOtherWords({ duplicates }: Answer, ink: PageInk): Html {
  const near = duplicates.slice(0, DUPLICATES).filter((one) => one.near);
  if (near.length === 0) return html``;
  const entry = ({ item, near = [] }: Duplicate) => html`<p>${ink.itemName(item)}</p>
<ul class="values">${near.map(
    (one) => html`<li>${otherWords(one, ink)}</li>
`,
  )}</ul>`;
  return html`<h3>In other words</h3>
${entries(near.map(entry))}`;
}

function beyond(answer: Answer, plan: Plan, ink: PageInk): Html {
  const says = leftOut(answer, plan);
  if (says === undefined) return html``;
  const { shown, rest } = first(answer.dropped ?? [], DUPLICATES, 'answer.dropped', ink);
  const rows = shown.map((one) => [
    droppedName(one, plan, ink),
    ink.code(one.in),
    folded(new Set(one.by).size, voices(one.by, ink)),
  ]);
  return html`<h3>Left out</h3>
<p>${says}</p>
${table('What was left out', ['Item', 'Of', 'Said by'], rows)}${rest}`;
}
