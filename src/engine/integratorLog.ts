import type { Row } from '../core/outcome/rows.js';
import { encodeSegment } from '../core/outcome/segment.js';
import type { Store } from '../ports/store.js';
import { type Place, readSegment, segmentName } from './segments.js';

/** Unit and brief of the integrator's own rows. */
export const INTEGRATOR = 'i';

/** The log of unit `i`: nobody holds it, so whoever loses a create reads on, and says only what is not said by then. */
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
  const place: Place = { run, unit: INTEGRATOR };
  let seq = 0;
  const readOn = async (): Promise<boolean> => {
    const segment = await readSegment(store, place, seq);
    if (!segment) return false;
    for (const row of segment.rows) take(row);
    seq++;
    return true;
  };
  while (await readOn());
  const commit = async (row: Row, isSaid: () => boolean): Promise<void> => {
    while (!isSaid()) {
      if (await readOn()) continue;
      const bytes = encodeSegment({ dispatch: 1, attempt: 1 }, [row], []);
      if ((await store.create(segmentName(place, seq), bytes)) !== 'created') continue;
      seq++;
      return take(row);
    }
  };
  // Each begins when the one before has ended, however it did.
  let last: Promise<unknown> = Promise.resolve();
  return {
    record(row, isSaid) {
      const mine = last.then(() => commit(row, isSaid));
      last = mine.catch(() => undefined);
      return mine;
    },
  };
}
