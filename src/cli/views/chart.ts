import type { SimulatedSpan } from '../../core/explain/simulatedSpans.js';
import type { Simulated } from '../../core/explain/simulation.js';
import { column, cut, widest } from './columns.js';
import type { Look } from './look.js';
import { span, thousands } from './quantities.js';

/** Unless all are asked for. */
const MOST_ROWS = 20;
const EIGHTHS = [...' ▁▂▃▄▅▆▇█'];

interface Row {
  readonly name: string;
  readonly bars: readonly SimulatedSpan[];
}

/** The schedule in at most twenty rows or so, time to the right; then how much of the slots is busy. */
export function chart(simulated: Simulated, { width, paint }: Look, all: boolean): string[] {
  const { spans, makespanMs } = simulated;
  if (makespanMs === 0 || spans.length === 0) return [];
  const { rows, left } = rowsOf(spans, all);
  const names = widest(['busy', ...rows.map(({ name }) => name)], 28);
  const cells = Math.max(20, width - names - 4);
  const at = (ms: number): number => (ms / makespanMs) * cells;
  const line = ({ name, bars }: Row): string => {
    const marks = new Array<string>(cells).fill(paint.dim('·'));
    for (const [n, { startMs, endMs, critical, asks }] of bars.entries()) {
      const from = Math.min(cells - 1, Math.floor(at(startMs)));
      const [plain, marked] = asks ? ['?', '?'] : [n % 2 === 0 ? '▒' : '░', '█'];
      const mark = critical ? paint.yellow(marked) : paint.cyan(plain);
      marks.fill(mark, from, Math.max(from + 1, Math.round(at(endMs))));
    }
    return ` ${column(name, names)}  ${marks.join('')}`;
  };
  return [
    ...rows.map(line),
    ...(left === undefined
      ? []
      : [paint.dim(cut(` … ${left}; one by one with -v or --picture FILE`, width))]),
    ` ${column('busy', names)}  ${busyRow(simulated, cells)}`,
    ` ${' '.repeat(names)}  ${'0'.padEnd(cells - span(makespanMs).length)}${span(makespanMs)}`,
    paint.dim(` ${' '.repeat(names)}  █ holds up the end`),
  ];
}

/** A row for each brief; where those are too many, for each slot; where those are, for what holds up the end. */
function rowsOf(
  spans: readonly SimulatedSpan[],
  all: boolean,
): { readonly rows: readonly Row[]; readonly left?: string } {
  const each = (of: readonly SimulatedSpan[]): Row[] => of.map((one) => ({ name: one.label, bars: [one] }));
  if (all || spans.length <= MOST_ROWS) return { rows: each(spans) };
  const working = spans.filter(({ asks }) => !asks);
  const slots = working.reduce((most, { slot }) => Math.max(most, slot + 1), 0);
  if (slots <= MOST_ROWS) {
    const rows = Array.from({ length: slots }, (_, at) => ({
      name: `slot ${at + 1}`,
      bars: working.filter(({ slot }) => slot === at),
    }));
    return { rows, left: `${thousands(spans.length)} briefs by slot` };
  }
  const rows = each(spans.filter(({ critical }) => critical).slice(0, MOST_ROWS));
  return { rows, left: `${thousands(spans.length - rows.length)} more` };
}

/** Share of the slots in use, in each cell on average. */
function busyRow({ spans, makespanMs, concurrency }: Simulated, cells: number): string {
  const cellMs = makespanMs / cells;
  const busy = new Array<number>(cells).fill(0);
  for (const { startMs, endMs } of spans.filter(({ asks }) => !asks))
    for (let cell = Math.floor(startMs / cellMs); cell < cells && cell * cellMs < endMs; cell++)
      busy[cell]! += Math.min(endMs, (cell + 1) * cellMs) - Math.max(startMs, cell * cellMs);
  const slots = Math.min(concurrency, Math.max(...busy.map((ms) => ms / cellMs), 1));
  return busy.map((ms) => EIGHTHS[Math.min(8, Math.ceil((ms / cellMs / slots) * 8))]).join('');
}
