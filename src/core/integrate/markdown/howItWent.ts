import type { Plan } from '../../plan/plan.js';
import type { Facts } from '../facts.js';
import type { Report } from '../report.js';
import { courseOf } from '../wording/course.js';
import { duration } from '../words.js';
import { code } from './escape.js';
import { INK } from './ink.js';
import { table } from './tables.js';

const SLOWEST = 10;
const PER_WAVE = 8;

/** Status, time and what bounded it, tries, tokens. */
export function howItWent(report: Report, plan: Plan): string[] {
  const { run } = report;
  return [
    ...table(['', ''], courseOf(report, plan, INK)),
    '',
    `Waves (${run.waves.length}), as the plan's needs and locks order them:`,
    '',
    ...run.waves.map(
      (wave, n) =>
        `${n + 1}. ${wave.slice(0, PER_WAVE).map(code).join(', ')}${wave.length > PER_WAVE ? ` and ${wave.length - PER_WAVE} more` : ''}`,
    ),
    ...slowest(run),
  ];
}

function slowest({ briefs }: Facts): string[] {
  const timed = briefs.filter(({ busyMs }) => busyMs !== undefined).sort((a, b) => b.busyMs! - a.busyMs!);
  if (timed.length === 0) return [];
  const rows = timed
    .slice(0, SLOWEST)
    .map(({ label, busyMs, tries, status }) => [code(label), duration(busyMs!), `${tries}`, status]);
  const rest =
    timed.length > SLOWEST
      ? ['', `… and ${timed.length - SLOWEST} shorter ones in \`report.json\`, under \`run.briefs\`.`]
      : [];
  return [
    '',
    'The briefs that took longest:',
    '',
    ...table(['Brief', 'Time', 'Tries', 'Ended'], rows),
    ...rest,
  ];
}
