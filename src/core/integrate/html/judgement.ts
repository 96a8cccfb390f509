import type { Plan } from '../../plan/plan.js';
import type { Coverage } from '../checks/finding.js';
import { labelOf } from '../expected.js';
import type { Answer, Report } from '../report.js';
import { byFallback, endingsOf, fallbackOf, nothingMissing, REDACTED, redacted } from '../wording/holes.js';
import { notFound, unsupportedInAll } from '../wording/support.js';
import { evidenceOf, verification } from '../wording/verdict.js';
import { entries } from './entries.js';
import type { PageInk } from './ink.js';
import { coverageMark, statusMark } from './marks.js';
import { type Html, html } from './markup.js';
import { first, table } from './tables.js';
import { voicesOf } from './voices.js';

const HOLES = 100;
const UNSUPPORTED = 50;

/** Every requirement with what was found for it, and what verification said. */
export function judgement({ answer }: Report, plan: Plan, ink: PageInk): Html {
  const rows = answer.requirements.map(
    (one) => html`${coverageMark(one.status)}<div>
<p><strong>${ink.prose(one.says)}</strong></p>
<p class="why">${evidenceOf(one, ink)}</p>
${unsupported(one, ink)}</div>`,
  );
  const verified = verification(answer, plan, ink);
  return html`${rows.length > 0 ? entries(rows, 'marked') : html`<p>The plan states no requirements.</p>`}
${verified && html`<p>${verified}</p>`}`;
}

/** Of a requirement that what was said is found in what it rests on: what is not. */
function unsupported(requirement: Coverage, ink: PageInk): Html {
  const inAll = unsupportedInAll(requirement);
  if (inAll === undefined) return html``;
  const { shown, rest } = first(requirement.unsupported ?? [], UNSUPPORTED, 'answer.requirements', ink);
  const rows = shown.map((one) => [ink.code(one.at), voicesOf(one.cites, ink), notFound(one, ink)]);
  return html`<details><summary>${inAll}</summary>
${table(inAll, ['Statement', 'Rests on', { head: 'Not found', kind: 'words' }], rows)}${rest}</details>
`;
}

/** The holes: which brief, how it ended and why, what it would have given. */
export function missing(report: Report, plan: Plan, ink: PageInk): Html {
  const { answer } = report;
  const ending = endingsOf(report, plan);
  const { shown, rest } = first(answer.missing, HOLES, 'answer.missing', ink);
  const rows = shown.map(
    (hole) => html`${statusMark(hole.status, ending(hole))}<div>
<p>${ink.brief(labelOf(hole))}</p>
<p>${ink.prose(hole.why)}</p>
<p class="why">It would have given: ${ink.prose(hole.wouldHaveGiven)}.</p>
</div>`,
  );
  return html`${rows.length > 0 ? entries(rows, 'marked') : html`<p>${nothingMissing(report)}</p>`}${rest}
${fallbacks(answer, ink)}${takenOut(answer, ink)}`;
}

/** What is there, though not from where it was to come. */
function fallbacks(answer: Answer, ink: PageInk): Html {
  const { shown, rest } = first(byFallback(answer), HOLES, 'answer.ledger', ink);
  if (shown.length === 0) return html``;
  const rows = shown.map((row) => [
    ink.brief(labelOf(row)),
    fallbackOf(row, ink),
    ink.prose(row.reason?.message ?? ''),
  ]);
  return html`<h3>Not delivered by the brief itself</h3>
${table('Not delivered by the brief itself', ['Brief', 'By', 'Why'], rows)}${rest}`;
}

/** What stands in the place of a secret. */
function takenOut(answer: Answer, ink: PageInk): Html {
  const { shown, rest } = first(redacted(answer), HOLES, 'answer.ledger', ink);
  if (shown.length === 0) return html``;
  const rows = shown.map((row) => [ink.brief(labelOf(row)), ink.some(row.redacted, ink.code)]);
  return html`<h3>${REDACTED}</h3>
${table(REDACTED, ['Brief', 'Secrets'], rows)}${rest}`;
}
