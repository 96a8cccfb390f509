import type { Report } from '../report.js';
import { totalAt } from '../wide/parts.js';
import { liesApart, totalsOf } from '../wording/apart.js';
import { instant } from '../wording/course.js';
import { linesOf } from '../wording/unseen.js';
import { capital, simulation, verdict } from '../wording/verdict.js';
import { counted, duration } from '../words.js';
import type { PageInk } from './ink.js';
import { signOfRun, toneOfRun } from './marks.js';
import { type Html, html } from './markup.js';
import { lines } from './values.js';

/** Lines and characters of a brief that is shown as a whole; a longer one opens on demand. */
const LINES = 8;
const LONG = 900;

/** The verdict, what was asked, and the way to each section with the figure one would look for there. */
export function head(report: Report, ink: PageInk): Html {
  const { answer, run } = report;
  const apart = liesApart(report, ink);
  return html`<header>
<p class="where">Report of run <code>${run.id}</code>, ${instant(run.ended)}</p>
<h1>${answer.name}</h1>
<p class="verdict ${toneOfRun(run.status)}"><span class="sign">${signOfRun(run.status)}</span> <strong>${capital(run.status)}</strong>: ${verdict(report, ink)}</p>
${[simulation(run, ink), apart].map(
  (wary) =>
    wary &&
    html`<p class="verdict wary">${wary}</p>
`,
)}${asked(answer.brief)}
<nav aria-label="Contents"><ul>
${places(report).map(
  ([id, figure, what]) => html`<li><a href="#${id}"><b>${figure}</b> ${what}</a></li>
`,
)}</ul></nav>
</header>
`;
}

function asked(brief: string): Html {
  const all = linesOf(brief.trimEnd());
  const said = html`<blockquote class="said">${lines(all)}</blockquote>`;
  return all.length <= LINES && brief.length <= LONG
    ? said
    : html`<details><summary>What was asked, in ${counted(all.length, 'line')}</summary>${said}</details>`;
}

/** Where each section is, and the figure one would look for there. */
function places({ answer, run }: Report): readonly (readonly [id: string, figure: string, what: string])[] {
  const { requirements, missing, files, data, provenance, ledger } = answer;
  const { conflicts, duplicates, dropped } = totalsOf(answer);
  const items = Object.entries(data).reduce((sum, [name, one]) => {
    const by = provenance.items[name];
    if (by) return sum + totalAt(answer, `provenance.items.${name}`, by.length);
    return sum + (Array.isArray(one) ? totalAt(answer, `data.${name}`, one.length) : 1);
  }, 0);
  const met = requirements.filter(({ status }) => status === 'covered').length;
  const { inputTokens = 0, outputTokens = 0, cpuSeconds } = run.usage ?? {};
  const of = (id: string, n: number, noun: string, s = 's') =>
    [id, n.toLocaleString('en-US'), n === 1 ? noun : `${noun}${s}`] as const;
  return [
    of('answer', items, 'item'),
    requirements.length === 0
      ? ['asked', 'no', 'requirements']
      : ['asked', `${met} of ${requirements.length}`, 'requirements covered'],
    of('missing', missing.length, `missing, of ${counted(ledger.length, 'brief')}`, ''),
    of('differences', conflicts + (files?.collisions.length ?? 0), 'conflict'),
    of('twice', duplicates, 'said twice', ''),
    ...(dropped > 0 ? [of('twice', dropped, 'left out', '')] : []),
    ...(files ? [of('files', files.changes.length, 'changed file')] : []),
    ['sources', ledger.filter(({ digest }) => digest).length.toLocaleString('en-US'), 'briefs delivered'],
    ['course', duration(run.wallMs), 'in all'],
    ...(inputTokens + outputTokens > 0 ? [of('course', inputTokens + outputTokens, 'token')] : []),
    ...(cpuSeconds === undefined
      ? []
      : [['course', duration(cpuSeconds * 1_000), 'of processor time'] as const]),
  ];
}
