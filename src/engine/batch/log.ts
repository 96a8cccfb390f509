import { type Book, EMPTY_BOOK, foldBook } from '../../core/batch/book.js';
import type { Store } from '../../ports/store.js';
import type { Place } from '../segments.js';
import { type SharedLog, sharedLog } from '../sharedLog.js';

export type BatchLog = SharedLog<Book>;

/** Of a unit. @param run first execution run id */
export const batchesOf = (run: string, u: number): Place => ({ run, unit: `q${u}` });

/** Most that a process keeps open: each holds its answers. */
const KEPT = 4;
const kept = new WeakMap<Store, Map<string, Promise<BatchLog>>>();

/** @throws Failure `StoreUnavailable`, `ContractViolation` */
export function openBatchLog(store: Store, place: Place): Promise<BatchLog> {
  const name = `${place.run}/${place.unit}`;
  const logs = kept.get(store) ?? new Map<string, Promise<BatchLog>>();
  kept.set(store, logs);
  const log = logs.get(name) ?? sharedLog(store, place, { empty: EMPTY_BOOK, fold: foldBook });
  logs.delete(name);
  logs.set(name, log);
  log.catch(() => logs.delete(name));
  if (logs.size > KEPT) logs.delete(logs.keys().next().value!);
  return log;
}
