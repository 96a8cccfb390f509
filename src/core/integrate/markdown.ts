import type { Plan } from '../plan/plan.js';
import { answerSection } from './markdown/answer.js';
import { disagreements, repetitions } from './markdown/differences.js';
import { mergedFiles } from './markdown/files.js';
import { howItWent } from './markdown/howItWent.js';
import { judgement, missing } from './markdown/judgement.js';
import { whereFrom } from './markdown/whereFrom.js';
import type { Report } from './report.js';

/**
 * `report.md`: the report for a person who has seen neither the plan nor any code. The answer first, then whether it is
 * what was asked, then why. What briefs said is escaped (see markdown/escape).
 */
export function markdownOf(report: Report, plan: Plan): string {
  const sections: readonly (readonly string[])[] = [
    ['# Answer', '', ...answerSection(report, plan)],
    ['## Is it what was asked?', '', ...judgement(report, plan)],
    ['## What is missing', '', ...missing(report, plan)],
    ['## Where sources disagreed', '', ...disagreements(report, plan)],
    ['## What was said twice', '', ...repetitions(report, plan)],
    ...(report.answer.files ? [['## Files', '', ...mergedFiles(report, plan)]] : []),
    ['## Where this comes from', '', ...whereFrom(report, plan)],
    ['## How it went', '', ...howItWent(report, plan)],
  ];
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}
