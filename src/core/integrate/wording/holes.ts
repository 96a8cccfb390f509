import type { Plan } from '../../plan/plan.js';
import { mostTries } from '../../plan/retry.js';
import { labelOf } from '../expected.js';
import type { Hole } from '../holes.js';
import type { Answer, Report } from '../report.js';
import { counted } from '../words.js';
import type { Ink } from './ink.js';

/** `missing after 4 of 4 tries`. */
export function endingsOf({ run }: Report, plan: Plan): (hole: Hole) => string {
  const tries = new Map(run.briefs.map((one) => [one.label, one.tries]));
  const attempts = new Map(plan.briefs.map((brief) => [brief.id, mostTries(brief)]));
  return (hole) => {
    const made = tries.get(labelOf(hole)) ?? 0;
    const most = attempts.get(hole.brief) ?? made;
    const after = made > 0 ? ` after ${made} of ${most} ${most === 1 ? 'try' : 'tries'}` : '';
    return `${hole.status}${after}`;
  };
}

/** Said where nothing is. */
export function nothingMissing({ answer, run }: Report): string {
  const unneeded = run.counts['not-needed'] ?? 0;
  const but = unneeded > 0 ? `, but for ${unneeded} that ${unneeded === 1 ? 'was' : 'were'} not needed` : '';
  return `Nothing: of ${counted(answer.ledger.length, 'expected brief')} every one delivered${but}.`;
}

/** What is there, though not from where it was to come. */
export const byFallback = ({ ledger }: Answer): Answer['ledger'] => ledger.filter(({ fallback }) => fallback);

export const fallbackOf = <T>({ fallback }: Answer['ledger'][number], { say, code }: Ink<T>): T =>
  fallback === 'constant' ? say`a constant` : say`its fallback, ${code(fallback ?? '')}`;

type Redacted = Answer['ledger'][number] & { readonly redacted: readonly string[] };
/** Briefs of whose outputs secrets were taken out, and what that is called. */
export const redacted = ({ ledger }: Answer): readonly Redacted[] =>
  ledger.filter((row): row is Redacted => row.redacted !== undefined);
export const REDACTED = 'Secrets of the worker that were taken out of what briefs delivered';
