import type { Finding } from '../../temporal/doctor.js';
import { clean, hang, widest } from './columns.js';
import type { Look } from './look.js';

const SIGNS = { ok: ['✔', 'green'], missing: ['·', 'yellow'], problem: ['✖', 'red'] } as const;

/** What was looked at, and under each thing what to do about it. */
export function doctorView(findings: readonly Finding[], { width, paint }: Look): string[] {
  const names = widest(
    findings.map(({ what }) => what),
    20,
  );
  const lines = findings.flatMap(({ what, state, detail, todo }) => {
    const [sign, colour] = SIGNS[state];
    const told = hang(` ${paint[colour](sign)} ${what.padEnd(names)}   `, clean(detail), width);
    return todo === undefined
      ? told
      : [...told, ...hang(`${' '.repeat(names + 6)}${paint.bold('→')} `, clean(todo), width)];
  });
  const problems = findings.filter(({ state }) => state === 'problem').length;
  return [...lines, '', problems ? paint.red(` ${problems} to mend`) : ' Nothing to mend.'];
}
