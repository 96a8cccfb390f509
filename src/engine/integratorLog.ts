import type { Row } from '../core/outcome/rows.js';
import type { Store } from '../ports/store.js';
import { sharedLog } from './sharedLog.js';

/** Unit and brief of the integrator's own rows. */
export const INTEGRATOR = 'i';

/** The log of unit `i`, which nobody holds. */
export interface IntegratorLog {
  /** @throws Failure `StoreUnavailable` */
  record(row: Row, isSaid: () => boolean): Promise<void>;
}

/**
 * Reads it to its end.
 * @param run first execution run id
 * @param take gets every row in order, those that are recorded from then on as well
 * @throws Failure `StoreUnavailable`, `ContractViolation`
 */
export async function integratorLog(
  store: Store,
  run: string,
  take: (row: Row) => void,
): Promise<IntegratorLog> {
  const log = await sharedLog(
    store,
    { run, unit: INTEGRATOR },
    { empty: undefined, fold: () => undefined, adopted: take },
  );
  return { record: (row, isSaid) => log.append(() => (isSaid() ? [] : [row])) };
}
