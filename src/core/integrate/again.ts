import { nameOf } from '../graph/node.js';
import { GIVING } from '../outcome/outcome.js';
import type { Plan } from '../plan/plan.js';
import { expectedOf, type LedgerInput } from './expected.js';
import { countsOf, type Facts } from './facts.js';
import { carriedOut, checkLedger, type LedgerRow } from './ledger.js';
import type { Answer } from './report.js';
import { totalUsage } from './usage.js';

/*
 * A run that has its report, taken up again.
 *  1. How a brief ended is what that report says, whoever said so then: its log, the closing note of the workflow, a salvage.
 *  2. What it delivered is read where its log says, and is the very thing that the report names, or lost.
 *  3. How the run went stays as it was told; only what became of its outputs since is told anew.
 */

/** The fan-outs that the ledger of a report has instances of. */
export function expansionsIn(plan: Plan, ledger: Answer['ledger']): LedgerInput['expansions'] {
  const units = new Map(plan.briefs.map(({ id }, u) => [id, u]));
  const expansions = new Map<number, string[]>();
  for (const { brief, key } of ledger) {
    const u = units.get(brief);
    if (u === undefined || key === undefined) continue;
    const keys = expansions.get(u);
    if (keys) keys.push(key);
    else expansions.set(u, [key]);
  }
  return expansions;
}

/**
 * The ledger of a report, with what the logs say of each row.
 * @throws Failure `IntegrationInvalid` where it is not what the plan expects
 */
export function ledgerAgain(
  { plan, graph, expansions, states }: Omit<LedgerInput, 'note'>,
  told: Answer['ledger'],
): LedgerRow[] {
  const expected = expectedOf(plan, expansions);
  const rows = told.map(({ digest, ...row }, n): LedgerRow => {
    const { u, k } = expected[n] ?? { u: -1 };
    const state = states.get(nameOf({ u, ...(k !== undefined && { k }) }));
    const { fallback: _, ref, files, ...rest } = carriedOut(state, graph.units[u]?.gate === true);
    const known = { ...rest, ...row };
    if (digest === undefined) return known;
    if (ref?.digest === digest) return { ...known, ref, ...(files && { files }) };
    return GIVING.has(row.status) ? { ...known, status: 'missing', reason: unrecorded(row.status) } : known;
  });
  checkLedger(rows, expected, states);
  return rows;
}

const unrecorded = (status: string): NonNullable<LedgerRow['reason']> => ({
  type: 'StoreUnavailable',
  message: `It ended as ${status}, but the record of its output is no longer in the store.`,
});

/** How the run went, as its report told it, with what another ledger and other rules make of it. */
export function factsAgain(
  { files: _, ...told }: Facts,
  ledger: readonly LedgerRow[],
  made: Pick<Facts, 'status' | 'answer' | 'files' | 'integrated' | 'integrator' | 'spent'>,
): Facts {
  const usage = totalUsage([...told.briefs.map((timing) => timing.usage), made.integrator?.usage]);
  return {
    ...told,
    ...made,
    ...(usage && { usage }),
    counts: countsOf(ledger),
    briefs: told.briefs.map((timing, n) => ({ ...timing, status: ledger[n]!.status })),
  };
}
