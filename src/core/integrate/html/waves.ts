import { STATUSES, type Status } from '../../outcome/outcome.js';
import type { Report } from '../report.js';
import { counts } from '../wording/course.js';
import { timesOf } from '../words.js';
import type { PageInk } from './ink.js';
import { toneOf } from './marks.js';
import { type Html, html } from './markup.js';
import { first } from './tables.js';

const WAVES = 40;
const NAMED = 8;
/** Of one wave; beyond that only the figures tell. */
const DOTS = 240;

/** Wave by wave, a dot for each brief and instance: filled where it delivered, open where it is a hole; holes first. */
export function waves({ answer, run }: Report, ink: PageInk): Html {
  const statuses = new Map<string, Status[]>();
  for (const { brief, status } of answer.ledger) {
    const same = statuses.get(brief);
    if (same) same.push(status);
    else statuses.set(brief, [status]);
  }
  const { shown, rest } = first(run.waves, WAVES, 'run.waves', ink);
  const wave = (ids: readonly string[]) => {
    const all = ids.flatMap((id) => statuses.get(id) ?? []);
    const byStatus = Object.fromEntries(timesOf(all)) as { [S in Status]?: number };
    const more = ids.length > NAMED ? ` and ${ids.length - NAMED} more` : '';
    return html`<li>
<p>${ink.joined(ids.slice(0, NAMED).map(ink.code), ', ')}${more} <span class="count">${counts({ counts: byStatus })}</span></p>
<p class="dots" aria-hidden="true">${dots(all)}</p>
</li>
`;
  };
  return html`<p>As the plan's needs and locks order them, with a mark for each brief: a dot where it delivered, an open square where it did not, a line where it was not needed.</p>
<ol class="waves">${shown.map(wave)}</ol>${rest}`;
}

function dots(all: readonly Status[]): Html {
  const inOrder = [...all].sort((a, b) => rank(a) - rank(b)).slice(0, DOTS);
  return html`${inOrder.map((status) => html`<i class="${toneOf(status)}"></i>`)}${all.length > DOTS ? ' …' : ''}`;
}

/** The later in the vocabulary, the worse; what was not needed comes last. */
const rank = (status: Status): number => (status === 'not-needed' ? 1 : -STATUSES.indexOf(status));
