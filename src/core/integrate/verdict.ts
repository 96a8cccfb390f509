import { GIVING, isHole, type RunStatus } from '../outcome/outcome.js';
import type { ClosingNote } from '../schedule/closing.js';
import type { Answer } from './report.js';
import { isFlawed } from './synthesis/prose.js';

/** Collisions of files, and conflicts, that came to the rule `fail`. */
export const undecided = ({
  files,
  conflicts,
  apart = [],
}: Pick<Answer, 'files' | 'conflicts' | 'apart'>): number =>
  [...(files?.collisions ?? []), ...conflicts].filter(({ rule }) => rule === 'fail').length +
  apart.reduce((sum, { undecided = 0 }) => sum + undecided, 0);

/** How a run ended, by what its answer holds and by what ended it (absent: salvaged). */
export function verdictOf(answer: Answer, ending?: ClosingNote['reason']): RunStatus {
  if (ending === 'cancelled') return 'cancelled';
  const usable = answer.ledger.some(({ digest, status }) => digest !== undefined && GIVING.has(status));
  if (ending === 'failed' || (!usable && answer.ledger.some(({ status }) => isHole(status)))) return 'failed';
  const unmet = answer.requirements.some(({ status }) => status === 'missing' || status === 'contradicted');
  const lacks =
    answer.missing.length > 0 ||
    unmet ||
    undecided(answer) > 0 ||
    answer.unreduced !== undefined ||
    (answer.prose?.sections.some(isFlawed) ?? false) ||
    answer.verified?.holds === false;
  return lacks ? 'partial' : 'complete';
}
