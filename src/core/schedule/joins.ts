import type { Clause, NeedSet } from '../graph/units.js';
import type { Status } from '../outcome/outcome.js';
import { judge, judgeAtLeast, kindOf, type Tally, type Verdict } from './rules.js';

/*
 * What a need set waits for, as clauses that must all let start.
 *  1. The verdict of a clause is said once: a start as soon as nothing can change it any more, anything else when all of
 *     it has ended, or its time is up. So it does not depend on the order of ends, only on what came before its time.
 *  2. A set is decided when each of its clauses has a verdict. One that says `skipped` outweighs `not-needed`, and both a start.
 *  3. The ledger names culprits by the same clauses.
 */

/** What a unit has to have come to, for a clause to count it. */
type Counts =
  /** Each instance of a fan for itself; a fan that never opened as one. */
  | 'instances'
  /** A fan as one: a success once all its instances have ended, however they did. */
  | 'whole'
  /** A fan as one: a success once it is expanded. */
  | 'opened';

export interface Counted extends Clause {
  readonly counts: Counts;
}

export function clausesOf({ success = [], done = [], each = [], clauses = [] }: NeedSet): readonly Counted[] {
  const ended = [...success, ...done];
  return [
    ...(ended.length > 0 ? [{ of: ended, when: 'all_success', counts: 'whole' } as const] : []),
    ...(each.length > 0 ? [{ of: each, when: 'all_success', counts: 'opened' } as const] : []),
    ...clauses.map((clause) => ({ ...clause, counts: 'instances' }) as const),
  ];
}

export type Counting = { -readonly [K in keyof Tally]: number };
export const emptyTally = (): Counting => ({
  open: 0,
  success: 0,
  failed: 0,
  passedOver: 0,
  unneeded: 0,
  short: 0,
});

export function tallyOf(statuses: readonly (Status | undefined)[]): Tally {
  const tally = emptyTally();
  for (const status of statuses) tally[status === undefined ? 'open' : kindOf(status)]++;
  return tally;
}

/**
 * @param unopened how many of those that are open are fans whose width nobody knows yet
 * @param due its time is up: what has not ended is done, and came to nothing
 */
export function verdictOf({ when }: Clause, tally: Tally, unopened = 0, due = false): Verdict {
  const counted = due ? { ...tally, open: 0, short: tally.short + tally.open } : tally;
  if (typeof when === 'string') return judge(when, counted);
  return when < 1 && unopened > 0 && !due ? 'waits' : judgeAtLeast(when, counted);
}

/** What becomes of a node, once every clause has said something. */
export const allOf = (verdicts: readonly Verdict[]): Verdict =>
  (['waits', 'skipped', 'not-needed'] as const).find((verdict) => verdicts.includes(verdict)) ?? 'starts';
