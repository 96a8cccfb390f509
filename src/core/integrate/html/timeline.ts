import type { Facts } from '../facts.js';
import { tokens } from '../wording/course.js';
import { duration } from '../words.js';
import type { PageInk } from './ink.js';
import { statusMark } from './marks.js';
import { type Html, html } from './markup.js';
import { type Column, table } from './tables.js';

/** Rows: what held up the end, then what took longest. */
const ROWS = 40;
/** Columns of the picture of how many were at work at once. */
const SLICES = 120;

type Timing = Facts['briefs'][number];
type Timed = Timing & { readonly started: number; readonly ended: number };

/** When each brief was at work, from the begin of the run to its end. */
export function timeline(run: Facts, ink: PageInk): Html {
  const timed = run.briefs.filter(
    (brief): brief is Timed => brief.started !== undefined && brief.ended !== undefined,
  );
  if (timed.length === 0) return html`<p>No brief was carried out in this run.</p>`;
  const bounding = new Set(run.boundedBy?.chain.map(({ label }) => label));
  const chosen = chosenOf(timed, bounding);
  const spent = timed.some(({ usage }) => tokens(usage, ink) !== undefined);
  const rows = chosen.map((brief) => [
    html`${ink.brief(brief.label)}${bounding.has(brief.label) ? html` <span class="holds">held up the end</span>` : undefined}`,
    bar(brief, run, bounding.has(brief.label)),
    duration(brief.busyMs ?? brief.ended - brief.started),
    brief.tries,
    statusMark(brief.status),
    ...(spent ? [tokens(brief.usage, ink)] : []),
  ]);
  const columns: readonly (Column | string)[] = [
    'Brief',
    { head: html`<span>0</span> <span>${duration(run.wallMs)}</span>`, kind: 'when' },
    { head: 'Time', kind: 'figures' },
    { head: 'Tries', kind: 'figures' },
    'Ended',
    ...(spent ? [{ head: 'Tokens', kind: 'figures' } as const] : []),
  ];
  const more = timed.length - chosen.length;
  return html`${more > 0 ? atOnce(timed, run) : undefined}${table('When each brief was at work', columns, rows)}${
    more > 0
      ? html`<p class="rest">These held up the end or took longest; ${more.toLocaleString('en-US')} more are in ${ink.code('report.json')}, under ${ink.code('run.briefs')}.</p>`
      : undefined
  }`;
}

function chosenOf(timed: readonly Timed[], bounding: ReadonlySet<string>): readonly Timed[] {
  const weight = ({ label, started, ended }: Timed) => (bounding.has(label) ? Infinity : ended - started);
  return [...timed]
    .sort((a, b) => weight(b) - weight(a) || a.started - b.started)
    .slice(0, ROWS)
    .sort((a, b) => a.started - b.started || a.ended - b.ended);
}

function bar({ started, ended }: Timed, run: Facts, bounding: boolean): Html {
  const [from, to] = [started - run.started, ended - run.started];
  const at = (ms: number) => Math.min(100, Math.max(0, (100 * ms) / Math.max(1, run.wallMs)));
  const width = Math.max(0.4, at(to) - at(from));
  const x = Math.min(at(from), 100 - width);
  return html`<svg width="100%" height="14" aria-hidden="true"><rect class="${bounding ? 'bounding' : 'bar'}" x="${percent(x)}" y="2" width="${percent(width)}" height="10" rx="2"/></svg><span class="unseen">from ${duration(Math.max(0, from))} to ${duration(Math.max(0, to))}</span>`;
}

const percent = (share: number): string => `${share.toFixed(2)}%`;

/** How many were at work, slice by slice of the run; the figure is that of the fullest moment. */
function atOnce(timed: readonly Timed[], run: Facts): Html {
  const slice = Math.max(1, run.wallMs) / SLICES;
  const mean = Array.from({ length: SLICES }, () => 0);
  for (const { started, ended } of timed) {
    const [from, to] = [(started - run.started) / slice, (ended - run.started) / slice];
    for (let n = Math.max(0, Math.floor(from)); n < Math.min(SLICES, to); n++)
      mean[n]! += Math.min(to, n + 1) - Math.max(from, n);
  }
  const most = peakOf(timed);
  const top = (n: number) => (40 - (40 * mean[n]!) / most).toFixed(2);
  const steps = mean.map((_, n) => `V${top(n)}H${n + 1}`).join('');
  return html`<figure><figcaption>Briefs at work at once, at most ${most}</figcaption>
<svg viewBox="0 0 ${SLICES} 40" width="100%" height="56" preserveAspectRatio="none" aria-hidden="true"><path class="area" d="M0 40${steps}V40Z"/></svg></figure>
`;
}

function peakOf(timed: readonly Timed[]): number {
  const changes = timed
    .flatMap(({ started, ended }) => [
      { at: started, change: 1 },
      { at: ended, change: -1 },
    ])
    .sort((a, b) => a.at - b.at || a.change - b.change);
  let [now, most] = [0, 1];
  for (const { change } of changes) {
    now += change;
    most = Math.max(most, now);
  }
  return most;
}
