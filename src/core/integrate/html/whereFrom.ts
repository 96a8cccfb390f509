import type { Plan } from '../../plan/plan.js';
import { labelOf } from '../expected.js';
import type { Report } from '../report.js';
import { givenIn } from '../wording/sources.js';
import { counted } from '../words.js';
import type { PageInk } from './ink.js';
import { type Html, html, isNothing } from './markup.js';
import { first, table } from './tables.js';

const BRIEFS = 50;
const FILES = 30;

/** The briefs behind the answer, and on to the files those were given; who said which item stands beside the item. */
export function whereFrom({ answer }: Report, plan: Plan, ink: PageInk): Html {
  const given = givenIn(answer, plan);
  const delivered = answer.ledger.filter(({ digest }) => digest);
  const { shown, rest } = first(delivered, BRIEFS, 'answer.ledger', ink);
  const told = [
    { head: 'For', cells: shown.map(({ title = '' }) => ink.prose(title)) },
    { head: 'Was given', cells: shown.map((row) => ink.some(given([labelOf(row)]), ink.code)) },
  ].filter(({ cells }) => !cells.every(isNothing));
  const rows = shown.map((row, n) => [ink.brief(labelOf(row)), ...told.map(({ cells }) => cells[n]!)]);
  return html`${
    rows.length > 0
      ? html`<p>${counted(delivered.length, 'brief')} delivered what the answer is made of.</p>
${table('Briefs that delivered', ['Brief', ...told.map(({ head }) => head)], rows)}${rest}`
      : html`<p>From nowhere: no brief delivered anything.</p>`
  }
${inputs(answer.provenance.inputs, ink)}`;
}

function inputs(all: Plan['inputs'], ink: PageInk): Html {
  const entries = Object.entries(all);
  if (entries.length === 0) return html``;
  return html`<h3>Input files, each with the beginning of its SHA-256</h3>
${entries.map(([name, files]) => {
  const { shown, rest } = first(files, FILES, `answer.provenance.inputs.${name}`, ink);
  return html`<details><summary>${ink.code(name)}: ${counted(files.length, 'file')}</summary>
<ul class="plain">${shown.map(
    ({ path, digest }) => html`<li>${ink.code(path)} <span class="digest">${digest.slice(0, 12)}</span></li>
`,
  )}</ul>${rest}</details>
`;
})}`;
}
