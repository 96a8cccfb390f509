import type { Plan } from '../../plan/plan.js';
import type { Collision } from '../files/collision.js';
import type { Files, Strayed } from '../files/files.js';
import type { Report } from '../report.js';
import {
  collisionDecision,
  collisionsInAll,
  fileFates,
  fileValue,
  mergedTree,
  strayWhy,
} from '../wording/files.js';
import { entries } from './entries.js';
import type { PageInk } from './ink.js';
import { type Html, html } from './markup.js';
import { first, table } from './tables.js';
import { voicesOf } from './voices.js';

const CHANGES = 100;
const COLLISIONS = 50;
const STRAYS = 50;

/** The merged tree: what changed and whose work it is, what collided and what decided, what was changed and not kept. */
export function mergedFiles(files: Files, { run }: Report, plan: Plan, ink: PageInk): Html {
  return html`<p>${mergedTree(files, run, ink)}</p>
${changed(files, ink)}
<h3>Collisions</h3>
${collisions(files, plan, ink)}
<h3>Changed and not kept</h3>
${strayed(files.strays, ink)}`;
}

function changed({ changes }: Files, ink: PageInk): Html {
  if (changes.length === 0) return html``;
  const { shown, rest } = first(changes, CHANGES, 'answer.files.changes', ink);
  const rows = shown.map(({ path, change, by }) => [ink.code(path), change, voicesOf(by, ink)]);
  return html`${table('Files of the merged tree that changed', ['File', 'Is', 'From'], rows)}${rest}`;
}

function collisions(files: Files, { integrate }: Plan, ink: PageInk): Html {
  const { shown, rest } = first(files.collisions, COLLISIONS, 'answer.files.collisions', ink);
  return html`<p>${collisionsInAll(files, integrate.files ?? [], ink)}</p>
${entries(shown.map((one) => collision(one, ink)))}${rest}`;
}

function collision(collision: Collision, ink: PageInk): Html {
  const fate = fileFates(collision, ink);
  const values = collision.values.map(
    (said) =>
      html`<li>${fileValue(said.value, ink)}, by ${voicesOf(said.by, ink)}: ${fate(said)}</li>
`,
  );
  return html`<p>${ink.code(collision.path)}</p>
<ul class="values">${values}</ul>
<p class="why">${collisionDecision(collision, ink)}</p>`;
}

function strayed(strays: readonly Strayed[], ink: PageInk): Html {
  if (strays.length === 0) return html`<p>Nothing.</p>`;
  const all = strays.flatMap(({ by, paths }) => paths.map((one) => ({ by, ...one })));
  const { shown, rest } = first(all, STRAYS, 'answer.files.strays', ink);
  const rows = shown.map(({ by, path, change, because }) => [
    ink.code(path),
    ink.brief(by),
    change,
    strayWhy(because, ink),
  ]);
  return html`${table('Files changed and not kept', ['File', 'Brief', 'Was', 'Not kept because it is'], rows)}${rest}`;
}
