import { dollars, spentOf } from '../../core/budget/words.js';
import type { ActiveBrief, RunProgress, WaveProgress } from '../../core/explain/progress.js';
import type { RunView } from '../../core/explain/runView.js';
import { column, cut, hang, pad, widest, widthOf } from './columns.js';
import type { Look } from './look.js';
import { mark, patched, statuses } from './marks.js';
import { amount, bytes, clock, count, span, thousands } from './quantities.js';
import { inShort } from './reasons.js';
import { timeLeft } from './timeLeft.js';

export interface Standing {
  readonly view: RunView;
  /** ms since the epoch. */
  readonly now: number;
  /** How long no worker has answered, ms. */
  readonly silentMs?: number;
  /** What ctrl-C does, shown in the last line. */
  readonly hint?: string;
}

/** A run as it stands, in at most `height` lines: the run, its waves, what runs, what waits. */
export function liveView(
  { view, now, silentMs = 0, hint = '' }: Standing,
  look: Look & { readonly height: number },
): string[] {
  const { paint, width } = look;
  const { progress } = view;
  const silence = silentMs > 3_000 ? silent(look) : [];
  const head = [headline(view, now, look)];
  if (!progress) return [...head, ...silence, ...(hint ? [` ${paint.dim(hint)}`] : [])];

  const summary = hang(' ', summaryOf(progress, look), width);
  const room = look.height - head.length - silence.length - summary.length - 2;
  const waves = wavesView(progress.waves, look, Math.max(3, Math.ceil(room / 2)));
  const briefs = [
    ...(view.phase === 'stopping' ? [] : (progress.asking ?? []).map((label) => askingRow(label, view.id))),
    ...progress.active.map((brief) => activeRow(brief, now)),
    // What has not begun by then never will.
    ...(view.phase === 'stopping' ? [] : progress.waiting.map(waitingRow)),
  ];
  const shown = briefs.slice(0, Math.max(1, room - waves.length));
  const left = briefs.length - shown.length;
  const foot = left ? ` … ${thousands(left)} more` : '';
  const lines = [
    ...head,
    ...waves,
    ...summary,
    ...silence,
    ...(shown.length ? [''] : []),
    ...table(shown, look),
    ...(foot || hint ? [paint.dim(pad(foot, width - 1 - widthOf(hint)) + hint)] : []),
  ];
  return lines.slice(0, look.height);
}

/** `framework-survey  f3a1  ● running  6m 12s   about 9m left`. */
export function headline(view: RunView, now: number, { paint, width }: Look): string {
  const { endedAt, startedAt, deadlineAt, patches, spent: cost } = view;
  const left = timeLeft(view, now);
  const id = cut(view.id, 24);
  const state = mark(view.phase, paint);
  const spent = span(wholeSeconds((endedAt ?? now) - startedAt));
  const fixed = widthOf(id) + widthOf(state) + widthOf(spent) + 6;
  const more = [
    left === undefined ? '' : `   about ${span(wholeSeconds(left))} left`,
    deadlineAt === undefined || endedAt !== undefined
      ? ''
      : `   deadline in ${span(wholeSeconds(deadlineAt - now))}`,
    cost ? `   ${costOf(cost)}` : '',
    patches === undefined ? '' : `   ${patched(patches)}`,
  ];
  // The name needs some room; what does not fit beside it is left out.
  const room = width - fixed - Math.min(widthOf(view.name), 16);
  const tail = more.reduce((so, part) => (widthOf(so + part) <= room ? so + part : so), '');
  return `${paint.bold(cut(view.name, width - fixed - widthOf(tail)))}  ${id}  ${state}  ${spent}${tail}`;
}

/** `$1.84 of $5.00`, `12 k tokens`. */
const costOf = ({ limit, tokens, usd }: NonNullable<RunView['spent']>): string =>
  limit ? spentOf({ tokens, usd }, limit) : usd > 0 ? dollars(usd) : `${amount(tokens)} tokens`;

/** What is redrawn twice a second does not show tenths. */
const wholeSeconds = (ms: number): number => Math.max(0, Math.floor(ms / 1000) * 1000);

/** The waves that are under way and those around them; what lies before and after is counted. */
function wavesView(waves: readonly WaveProgress[], look: Look, most: number): string[] {
  if (waves.length <= most) return waves.map((wave, i) => waveLine(wave, i, look));
  const first = waves.findIndex(({ ended, total }) => ended < total);
  const open = first < 0 ? waves.length - 1 : first;
  // One line is kept for what is left out.
  const from = Math.max(0, Math.min(open, waves.length - (most - 1)));
  const shown = waves.slice(from, from + most - 1).map((wave, i) => waveLine(wave, from + i, look));
  const after = waves.length - from - shown.length;
  const words = [from ? `${count(from, 'wave')} before` : '', after ? `${count(after, 'wave')} after` : ''];
  return [...shown, look.paint.dim(` … ${words.filter(Boolean).join(' · ')}`)];
}

const FRACTIONS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

function bar(done: number, total: number, width: number): string {
  // Never full before the end, never empty after the beginning.
  const eighths =
    done === total
      ? width * 8
      : Math.min(width * 8 - 1, Math.max(done ? 1 : 0, Math.floor((done / total) * width * 8)));
  const filled = '█'.repeat(Math.floor(eighths / 8)) + FRACTIONS[eighths % 8];
  return filled.padEnd(width, '·');
}

function waveLine(wave: WaveProgress, i: number, { paint, width }: Look): string {
  const size = Math.max(8, Math.min(31, width - 64));
  const done = wave.ended === wave.total;
  const colour = wave.holes ? paint.yellow : done ? paint.green : paint.cyan;
  const state = [
    wave.running ? `${thousands(wave.running)} running` : '',
    wave.asking ? `${thousands(wave.asking)} ${wave.asking === 1 ? 'waits' : 'wait'} for an answer` : '',
    wave.holes ? count(wave.holes, 'hole') : '',
    wave.waitsFor ? `waits for ${wave.waitsFor}` : '',
  ].filter(Boolean);
  const head = ` wave ${String(i + 1).padEnd(2)} ${colour(bar(wave.ended, wave.total, size))} ${`${wave.ended}/${wave.total}`.padEnd(7)}  `;
  return head + cut([...state, wave.labels.join(', ')].join(' · '), width - widthOf(head));
}

function summaryOf({ counts, total, ended, unopened, active }: RunProgress, { paint }: Look): string {
  const retrying = active.filter(({ nextAt }) => nextAt !== undefined).length;
  const how = [statuses(counts, paint), retrying ? `${thousands(retrying)} retrying` : '']
    .filter(Boolean)
    .join(' · ');
  return `${thousands(ended)} of ${unopened ? 'at least ' : ''}${count(total, 'brief')} ended${how && `: ${how}`}`;
}

const silent = ({ paint }: Look): string[] => [
  ` ${paint.yellow('no worker answers.')} Nothing is lost: the run goes on as soon as one does.`,
  '   muster doctor says why   ·   muster dev or muster worker starts one',
];

interface BriefRow {
  readonly sign: string;
  readonly label: string;
  readonly tries: string;
  readonly time: string;
  readonly note: string;
}

function activeRow(
  { label, try: n, tries, since, bytes: size, tokens, note, failure, nextAt }: ActiveBrief,
  now: number,
): BriefRow {
  const between = nextAt !== undefined;
  const figures = [tokens ? `${thousands(tokens)} tokens so far` : '', size ? `${bytes(size)} so far` : ''];
  const why = failure === undefined ? 'the last try failed' : inShort(failure, label);
  return {
    sign: between ? '↻' : '▸',
    label,
    // Before its first heartbeat a brief has not said which try it makes.
    tries: n > 1 || between ? `try ${n} of ${tries}` : 'try 1',
    time: since === undefined ? '' : clock(now - since),
    note: between
      ? `next in ${span(wholeSeconds(nextAt - now))} · ${why}`
      : [note ?? '', ...figures].filter(Boolean).join(' · '),
  };
}

const askingRow = (label: string, run: string): BriefRow => ({
  sign: '?',
  label,
  tries: '',
  time: '',
  note: `waits for an answer: muster gates ${run}`,
});

const waitingRow = ({ label, for: reason }: RunProgress['waiting'][number]): BriefRow => ({
  sign: '·',
  label,
  tries: '',
  time: '',
  note: `waits for ${reason}`,
});

function table(rows: readonly BriefRow[], { paint, width }: Look): string[] {
  const labels = widest(
    rows.map(({ label }) => label),
    Math.floor(width * 0.4),
  );
  const tries = widest(
    rows.map((row) => row.tries),
    14,
  );
  const times = widest(
    rows.map(({ time }) => time),
    8,
  );
  return rows.map((row) => {
    const columns = [
      column(row.label, labels),
      ...(tries ? [pad(row.tries, tries)] : []),
      ...(times ? [row.time.padStart(times)] : []),
    ];
    const head = ` ${row.sign} ${columns.join('  ')}  `;
    const line = (head + cut(row.note, width - widthOf(head))).trimEnd();
    return row.sign === '·' ? paint.dim(line) : '↻?'.includes(row.sign) ? paint.yellow(line) : line;
  });
}
