import type { Plan } from '../../plan/plan.js';
import type { Report } from '../report.js';
import { courseOf } from '../wording/course.js';
import type { PageInk } from './ink.js';
import { type Html, html } from './markup.js';
import { timeline } from './timeline.js';
import { waves } from './waves.js';

/** Status, time and what bounded it, tries, tokens; the waves, and when each brief was at work. */
export function howItWent(report: Report, plan: Plan, ink: PageInk): Html {
  const rows = courseOf(report, plan, ink);
  return html`<dl class="facts">
${rows.map(
  ([what, said]) => html`<div><dt>${what}</dt><dd>${said}</dd></div>
`,
)}</dl>
<h3>Waves</h3>
${waves(report, ink)}
<h3>Timeline</h3>
${timeline(report.run, ink)}`;
}
