import type { Plan } from '../../plan/plan.js';
import { mostTries } from '../../plan/retry.js';
import { labelOf } from '../expected.js';
import type { Report } from '../report.js';
import { counted } from '../words.js';
import { code, prose } from './escape.js';
import { capped, some, table } from './tables.js';

const HOLES = 100;

/** Every requirement with what was found for it, and what verification said. */
export function judgement({ answer }: Report, { integrate }: Plan): string[] {
  const rows = answer.requirements.map(({ says, status, evidence, wouldHaveComeFrom = [] }) => [
    prose(says),
    status === 'covered' || status === 'unchecked' ? status : `**${status}**`,
    `${prose(evidence)}${wouldHaveComeFrom.length > 0 ? ` Nothing came from ${some(wouldHaveComeFrom)}.` : ''}`,
  ]);
  const { verified } = answer;
  const said =
    verified &&
    (verified.holds ? 'holds.' : `**does not hold**: ${prose(verified.finding ?? 'it gave no reason')}`);
  return [
    ...(rows.length > 0
      ? table(['It was asked that', 'Found', 'Evidence'], rows)
      : ['The plan states no requirements.']),
    ...(said ? ['', `Verified by ${code((integrate.verify ?? []).join(' '))}: ${said}`] : []),
  ];
}

/** The holes: which brief, how it ended and why, what it would have given. */
export function missing({ answer, run }: Report, plan: Plan): string[] {
  const tries = new Map(run.briefs.map((one) => [one.label, one.tries]));
  const attempts = new Map(plan.briefs.map((brief) => [brief.id, mostTries(brief)]));
  if (answer.missing.length === 0) {
    const unneeded = run.counts['not-needed'] ?? 0;
    const but =
      unneeded > 0 ? `, but for ${unneeded} that ${unneeded === 1 ? 'was' : 'were'} not needed` : '';
    return [
      `Nothing: of ${counted(answer.ledger.length, 'expected brief')} every one delivered${but}.`,
      ...byFallback(answer),
    ];
  }
  const { shown, rest } = capped(answer.missing, HOLES, 'answer.missing');
  const rows = shown.map((hole) => {
    const made = tries.get(labelOf(hole)) ?? 0;
    const most = attempts.get(hole.brief) ?? made;
    const after = made > 0 ? ` after ${made} of ${most} ${most === 1 ? 'try' : 'tries'}` : '';
    return [code(labelOf(hole)), `${hole.status}${after}`, prose(hole.why), prose(hole.wouldHaveGiven)];
  });
  return [...table(['Brief', 'Ended', 'Why', 'It would have given'], rows), ...rest, ...byFallback(answer)];
}

/** What is there, though not from where it was to come. */
function byFallback({ ledger }: Report['answer']): string[] {
  const { shown, rest } = capped(
    ledger.filter(({ fallback }) => fallback),
    HOLES,
    'answer.ledger',
  );
  if (shown.length === 0) return [];
  const rows = shown.map((row) => [
    code(labelOf(row)),
    row.fallback === 'constant' ? 'a constant' : `its fallback, ${code(row.fallback!)}`,
    prose(row.reason?.message ?? ''),
  ]);
  return ['', 'Not delivered by the brief itself:', '', ...table(['Brief', 'By', 'Why'], rows), ...rest];
}
