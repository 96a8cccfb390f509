import type { Plan } from '../../plan/plan.js';
import type { Conflict, Duplicate } from '../merge/merged.js';
import type { Report } from '../report.js';
import { decision, differing, disagreement, fates, subjectOf } from '../wording/conflicts.js';
import { droppedName, leftOut, otherWords, repeated, voices } from '../wording/repetitions.js';
import { ofSeveral, severalInWords } from '../wording/several.js';
import { divided, vote, votesInAll } from '../wording/votes.js';
import { code } from './escape.js';
import { INK } from './ink.js';
import { capped, table } from './tables.js';

const CONFLICTS = 50;
const DUPLICATES = 50;
const { itemName, shown } = INK;

/** Every value, who said it, which rule decided and why, and what lost. */
export function disagreements({ answer }: Report, plan: Plan): string[] {
  const { shown, rest } = capped(answer.conflicts, CONFLICTS, 'answer.conflicts');
  const lines = [...shown.flatMap(conflictLines), ...rest];
  return [
    disagreement(answer, plan, INK),
    ...(lines.length > 0 ? ['', ...lines] : []),
    ...votes(answer),
    ...samples(answer),
  ];
}

function votes(answer: Report['answer']): string[] {
  const says = votesInAll(answer, INK);
  if (says === undefined) return [];
  const { shown, rest } = capped(divided(answer), CONFLICTS, 'answer.ledger');
  const lines = [...shown.map((row) => `- ${vote(row, INK)}`), ...rest];
  return ['', says, ...(lines.length > 0 ? ['', ...lines] : [])];
}

function samples(answer: Report['answer']): string[] {
  const { shown, rest } = capped(ofSeveral(answer), CONFLICTS, 'answer.ledger');
  const entry = (row: (typeof shown)[number]) => {
    const { says, views } = severalInWords(row, INK);
    return [`- ${says}`, ...views.map((view) => `  - ${view}`)];
  };
  const lines = [...shown.flatMap(entry), ...rest];
  return lines.length > 0 ? ['', ...lines] : [];
}

const FATES = { stands: '**kept**', kept: 'kept', lost: 'lost' } as const;

function conflictLines(conflict: Conflict): string[] {
  const fate = fates(conflict);
  return [
    `- ${subjectOf(conflict, INK)}: ${differing(conflict, INK)}. ${decision(conflict, INK)}`,
    ...conflict.values.map(
      (said) =>
        `  - ${shown(said.value) || '(empty)'}, said by ${said.by.map(code).join(', ')}: ${FATES[fate(said)]}`,
    ),
  ];
}

/** What was removed because it had been said already, or because the plan wants no more. */
export function repetitions({ answer }: Report, plan: Plan): string[] {
  const parts = [again(answer), inOtherWords(answer), beyond(answer, plan)];
  return parts.filter((lines) => lines.length > 0).flatMap((lines, n) => (n > 0 ? ['', ...lines] : lines));
}

function again(answer: Report['answer']): string[] {
  const says = repeated(answer);
  if (says === undefined) return [];
  const { shown: some, rest } = capped(answer.duplicates, DUPLICATES, 'answer.duplicates');
  const rows = some.map(({ in: name, item, by }) => [code(name), itemName(item), voices(by, INK)]);
  return [says, ...(rows.length > 0 ? ['', ...table(['Of', 'Item', 'Said by'], rows)] : []), ...rest];
}

/** What was removed though its words differ, each below what stands for it. */
function inOtherWords({ duplicates }: Report['answer']): string[] {
  const near = duplicates.slice(0, DUPLICATES).filter((one) => one.near);
  if (near.length === 0) return [];
  const lines = ({ item, near = [] }: Duplicate) => [
    `- ${itemName(item)}`,
    ...near.map((one) => `  - ${otherWords(one, INK)}`),
  ];
  return ['In other words:', '', ...near.flatMap(lines)];
}

function beyond(answer: Report['answer'], plan: Plan): string[] {
  const says = leftOut(answer, plan);
  if (says === undefined) return [];
  const { shown: some, rest } = capped(answer.dropped ?? [], DUPLICATES, 'answer.dropped');
  const rows = some.map((one) => [code(one.in), droppedName(one, plan, INK), voices(one.by, INK)]);
  return [says, '', ...table(['Of', 'Item', 'Said by'], rows), ...rest];
}
