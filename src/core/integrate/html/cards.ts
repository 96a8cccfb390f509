import type { Plan } from '../../plan/plan.js';
import { labelOf } from '../expected.js';
import type { Report } from '../report.js';
import { fallbackOf } from '../wording/holes.js';
import { givenIn } from '../wording/sources.js';
import { duration } from '../words.js';
import { cardId, type PageInk } from './ink.js';
import { statusMark } from './marks.js';
import { type Html, html, isNothing, type Part } from './markup.js';

/** One card for each brief the page names: how it ended, what answered, what it was given. Call it last. */
export function cards({ answer, run }: Report, plan: Plan, ink: PageInk): Html {
  const given = givenIn(answer, plan);
  const card = (place: number): Html => {
    const row = answer.ledger[place]!;
    const { tries = 0, busyMs, model, reused } = run.briefs[place] ?? {};
    const label = labelOf(row);
    const from = ink.some(given([label]), ink.code);
    const worked = [busyMs !== undefined && duration(busyMs), tries > 1 && `${tries} tries`].filter(Boolean);
    const facts: readonly (readonly [string, Part])[] = [
      ['Ended', statusMark(row.status)],
      ['Why', row.reason && ink.prose(row.reason.message)],
      ['Delivered by', row.fallback && fallbackOf(row, ink)],
      ['Was given', isNothing(from) ? undefined : from],
      ['Answered by', model === undefined ? undefined : ink.code(model)],
      ['Took', worked.length > 0 ? worked.join(', ') : undefined],
      ['Used again from', reused && ink.code(reused.run)],
      ['Output', row.digest === undefined ? undefined : ink.code(row.digest.slice(0, 12))],
    ];
    return html`<div popover id="${cardId(place)}" class="card">
<p><strong>${label}</strong></p>
${row.title !== undefined && html`<p>${ink.prose(row.title)}</p>`}
<dl>${facts.map(([what, said]) => said !== undefined && html`<dt>${what}</dt> <dd>${said}</dd> `)}</dl>
</div>
`;
  };
  if (ink.named.size === 0) return html``;
  return html`<aside aria-label="Briefs named in this report">
${[...ink.named].sort((a, b) => a - b).map(card)}</aside>`;
}
