import { type Node, nameOf } from '../core/graph/node.js';
import type { SentBack } from '../core/integrate/sentBack.js';
import type { DecisionRow, Row } from '../core/outcome/rows.js';
import type { Store } from '../ports/store.js';
import { integratorLog } from './integratorLog.js';

/*
 * Rounds of repair: what the integrator sent back to whom, and why.
 *  1. A round is a row of unit `i`, durable before the run goes on: whoever integrates after a crash sends back the same.
 *  2. Whoever is carried out once more finds there what was wrong, and takes it into its own log.
 */

interface Round {
  readonly round: number;
  readonly findings: readonly string[];
}

const ABOUT = /^repair (\d+)$/;

export const roundRow = (round: number, sent: readonly SentBack[]): DecisionRow => ({
  row: 'decision',
  about: `repair ${round}`,
  chose: JSON.stringify(sent),
});

/** Undefined of any other row. */
export function roundIn(
  row: Row,
): { readonly round: number; readonly sent: readonly SentBack[] } | undefined {
  const [, round] = (row.row === 'decision' && ABOUT.exec(row.about)) || [];
  return round === undefined
    ? undefined
    : { round: Number(round), sent: JSON.parse((row as DecisionRow).chose) };
}

/** The last round in which somebody was sent back. @param run first execution run id */
export async function latestRound(
  store: Store,
  run: string,
  { u, k }: { readonly u: number; readonly k?: number | undefined },
): Promise<Round | undefined> {
  const name = nameOf({ u, ...(k !== undefined && { k }) } as Node);
  let latest: Round | undefined;
  await integratorLog(store, run, (row) => {
    const found = roundIn(row);
    const mine = found?.sent.find((one) => nameOf(one) === name);
    if (found && mine) latest = { round: found.round, findings: mine.findings };
  });
  return latest;
}
