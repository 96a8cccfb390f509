import { EMPTY_PURSE, foldPurse, type Purse } from '../core/budget/purse.js';
import { type Spent, spentFrom } from '../core/budget/spent.js';
import { type Node, nameOf } from '../core/graph/node.js';
import type { PurseRow } from '../core/outcome/rows.js';
import type { Store } from '../ports/store.js';
import type { Place } from './segments.js';
import { keptLogs, type SharedLog } from './sharedLog.js';

export type PurseLog = SharedLog<Purse>;

/** Of a run, by its first execution run id; with `node`, of one of its briefs or instances. */
export const purseOf = (run: string, node?: Node): Place => ({
  run,
  unit: node ? `b${nameOf(node)}` : 'b',
});

/** @throws Failure `StoreUnavailable`, `ContractViolation` */
export const openPurse = keptLogs(200, { empty: EMPTY_PURSE, fold: foldPurse });

/** What may be spent out of it; whoever was first has said it. */
export async function beginPurse(store: Store, place: Place, how: Omit<PurseRow, 'row'>): Promise<PurseLog> {
  const log = await openPurse(store, place);
  if (!log.state.isOpen) await log.append(({ isOpen }) => (isOpen ? [] : [{ row: 'purse', ...how }]));
  return log;
}

/** It, and those above it, in which is spent what is spent in it. */
export async function chainOf(store: Store, place: Place): Promise<readonly PurseLog[]> {
  const log = await openPurse(store, place);
  const { above } = log.state;
  return [log, ...(above ? await chainOf(store, above) : [])];
}

/** What models took so far for a run, and runs within it. @param run first execution run id */
export async function spentIn(store: Store, run: string): Promise<Spent | undefined> {
  const log = await openPurse(store, purseOf(run));
  await log.readOn();
  return spentFrom(log.state);
}
