import type { Simulated } from '../../core/explain/simulation.js';
import { chart } from './chart.js';
import { clean, hang } from './columns.js';
import type { Look } from './look.js';
import { count, span } from './quantities.js';

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
    ...chart(plan, look, all),
  ];
}
