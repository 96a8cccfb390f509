import type { Simulated } from '../../core/explain/simulation.js';
import { clean, column, hang, widest } from './columns.js';
import type { Look } from './look.js';
import { count, span, thousands } from './quantities.js';

/** Rows of the picture, unless all are asked for. */
const MOST_ROWS = 24;
const EIGHTHS = [...' ▁▂▃▄▅▆▇█'];

/** What the dispatcher would do: how long, against what no schedule can beat, and a picture of it. */
export function simulationView(name: string, plan: Simulated, look: Look, all = false): string[] {
  const { makespanMs, bounds, boundBy, use, assumed, atOnce, atMost, concurrency } = plan;
  const { paint, width } = look;
  const row = (head: string, text: string): string[] => hang(` ${head.padEnd(15)}`, text, width);
  const over = bounds.leastMs === 0 ? 1 : makespanMs / bounds.leastMs;
  return [
    `${paint.bold(clean(name))} · simulated, nothing was started`,
    '',
    ...row('takes', `${atMost ? 'at most ' : ''}${span(makespanMs)} with ${count(concurrency, 'slot')}`),
    ...row(
      'lower bound',
      `${span(bounds.leastMs)}, ${over < 1.0005 ? 'reached' : `${((over - 1) * 100).toFixed(1)} % below`} · longest path ${span(bounds.criticalPathMs)} · work ${span(bounds.workMs)} · interval ${span(bounds.intervalMs)}`,
    ),
    ...row('bound by', boundBy),
    ...use.flatMap(({ of, capacity, share, peak }) =>
      row(
        of === 'slots' ? 'in use' : '',
        `${clean(of)}  ${Math.round(share * 100)} % of ${capacity}, at most ${peak} at once`,
      ),
    ),
    ...(assumed.briefs.length > 0
      ? row(
          'assumed',
          `${count(assumed.briefs.length, 'brief')} without an \`estimate\` (${assumed.briefs.slice(0, 3).join(', ')}${assumed.briefs.length > 3 ? ', …' : ''}) ${assumed.briefs.length === 1 ? 'takes' : 'take'} ${span(assumed.ms)}.`,
        )
      : []),
    ...(atOnce.length > 0
      ? row(
          'gates',
          `${clean(atOnce.join(', '))}: answered at once, for nobody said how long people take (\`estimate\`).`,
        )
      : []),
    '',
    ...picture(plan, look, all),
  ];
}

/** A bar for each, in order of start, of `?` where a person is asked; then how many slots are busy. */
function picture(
  { spans, makespanMs, concurrency }: Simulated,
  { width, paint }: Look,
  all: boolean,
): string[] {
  if (makespanMs === 0 || spans.length === 0) return [];
  const shown = all ? spans : spans.slice(0, MOST_ROWS);
  const names = widest(['busy', ...shown.map(({ label }) => label)], 28);
  const cells = Math.max(20, width - names - 4);
  const at = (ms: number): number => (ms / makespanMs) * cells;
  const bars = shown.map(({ label, startMs, endMs, asks }) => {
    const from = Math.min(cells - 1, Math.floor(at(startMs)));
    const to = Math.max(from + 1, Math.round(at(endMs)));
    return ` ${column(label, names)}  ${paint.dim('·'.repeat(from))}${paint.cyan((asks ? '?' : '█').repeat(to - from))}${paint.dim('·'.repeat(Math.max(0, cells - to)))}`;
  });
  const left = spans.length - shown.length;
  return [
    ...bars,
    ...(left > 0 ? [paint.dim(` … ${thousands(left)} more, all with -v`)] : []),
    ` ${column('busy', names)}  ${busyRow(
      spans.filter(({ asks }) => !asks),
      makespanMs,
      concurrency,
      cells,
    )}`,
    ` ${' '.repeat(names)}  ${'0'.padEnd(cells - span(makespanMs).length)}${span(makespanMs)}`,
  ];
}

/** Share of the slots in use, in each cell on average. */
function busyRow(spans: Simulated['spans'], makespanMs: number, concurrency: number, cells: number): string {
  const busy = new Array<number>(cells).fill(0);
  const cellMs = makespanMs / cells;
  for (const { startMs, endMs } of spans)
    for (let cell = Math.floor(startMs / cellMs); cell < cells && cell * cellMs < endMs; cell++)
      busy[cell]! += Math.min(endMs, (cell + 1) * cellMs) - Math.max(startMs, cell * cellMs);
  const slots = Math.min(concurrency, Math.max(...busy.map((ms) => ms / cellMs), 1));
  return busy.map((ms) => EIGHTHS[Math.min(8, Math.ceil((ms / cellMs / slots) * 8))]).join('');
}
