import type { Plan } from '../../plan/plan.js';
import type { Coverage } from '../checks/finding.js';
import { labelOf } from '../expected.js';
import type { Report } from '../report.js';
import { byFallback, endingsOf, fallbackOf, nothingMissing, REDACTED, redacted } from '../wording/holes.js';
import { notFound, unsupportedInAll } from '../wording/support.js';
import { evidenceOf, verification } from '../wording/verdict.js';
import { code, prose } from './escape.js';
import { INK } from './ink.js';
import { capped, table } from './tables.js';

const HOLES = 100;
const UNSUPPORTED = 50;

/** Every requirement with what was found for it, and what verification said. */
export function judgement({ answer }: Report, plan: Plan): string[] {
  const rows = answer.requirements.map((requirement) => {
    const { says, status } = requirement;
    const found = status === 'covered' || status === 'unchecked' ? status : `**${status}**`;
    return [prose(says), found, evidenceOf(requirement, INK)];
  });
  const verified = verification(answer, plan, INK);
  return [
    ...(rows.length > 0
      ? table(['It was asked that', 'Found', 'Evidence'], rows)
      : ['The plan states no requirements.']),
    ...answer.requirements.flatMap(unsupported),
    ...(verified === undefined ? [] : ['', verified]),
  ];
}

/** Of a requirement that what was said is found in what it rests on: what is not. */
function unsupported(requirement: Coverage): string[] {
  const inAll = unsupportedInAll(requirement);
  if (inAll === undefined) return [];
  const { shown, rest } = capped(requirement.unsupported ?? [], UNSUPPORTED, 'answer.requirements');
  const rows = shown.map((one) => [code(one.at), INK.some(one.cites, code), notFound(one, INK)]);
  return [
    '',
    `**${prose(requirement.says)}** ${inAll}:`,
    '',
    ...table(['Statement', 'Rests on', 'Not found'], rows),
    ...rest,
  ];
}

/** The holes: which brief, how it ended and why, what it would have given. */
export function missing(report: Report, plan: Plan): string[] {
  const { answer } = report;
  if (answer.missing.length === 0) return [nothingMissing(report), ...fallbacks(answer), ...takenOut(answer)];
  const ending = endingsOf(report, plan);
  const { shown, rest } = capped(answer.missing, HOLES, 'answer.missing');
  const rows = shown.map((hole) => [
    code(labelOf(hole)),
    ending(hole),
    prose(hole.why),
    prose(hole.wouldHaveGiven),
  ]);
  const holes = [...table(['Brief', 'Ended', 'Why', 'It would have given'], rows), ...rest];
  return [...holes, ...fallbacks(answer), ...takenOut(answer)];
}

/** What is there, though not from where it was to come. */
function fallbacks(answer: Report['answer']): string[] {
  const { shown, rest } = capped(byFallback(answer), HOLES, 'answer.ledger');
  if (shown.length === 0) return [];
  const rows = shown.map((row) => [
    code(labelOf(row)),
    fallbackOf(row, INK),
    prose(row.reason?.message ?? ''),
  ]);
  return ['', 'Not delivered by the brief itself:', '', ...table(['Brief', 'By', 'Why'], rows), ...rest];
}

/** What stands in the place of a secret. */
function takenOut(answer: Report['answer']): string[] {
  const { shown, rest } = capped(redacted(answer), HOLES, 'answer.ledger');
  if (shown.length === 0) return [];
  const rows = shown.map((row) => [code(labelOf(row)), row.redacted.map(code).join(', ')]);
  return ['', `${REDACTED}:`, '', ...table(['Brief', 'Secrets'], rows), ...rest];
}
