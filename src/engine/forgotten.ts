import type { Store } from '../ports/store.js';
import { encodeId, type RunEntry } from './runIndex.js';
import { forgetUnbegun } from './scheduleLog.js';

/*
 * Until when runs of a schedule were removed: of a time up to then at which no run is known, nobody can say any more whether
 * there was one. `pruned/<schedule>_<ms since the epoch>`; the highest holds.
 */

const prefix = (schedule: string): string => `pruned/${encodeId(schedule)}_`;
const timeIn = (name: string): number => Number(name.slice(name.lastIndexOf('_') + 1));

/** ms since the epoch; 0 where no run of that schedule was removed. */
export const forgottenUntil = async (store: Store, schedule: string): Promise<number> =>
  Math.max(0, ...(await store.list(prefix(schedule))).map(timeIn));

/** To be said before the runs are removed. */
export async function forget(store: Store, runs: readonly Pick<RunEntry, 'scheduled'>[]): Promise<void> {
  const until = new Map<string, number>();
  for (const { scheduled } of runs)
    if (scheduled) until.set(scheduled.id, Math.max(scheduled.at, until.get(scheduled.id) ?? 0));
  for (const [schedule, at] of until) {
    await store.create(`${prefix(schedule)}${at}`, new Uint8Array());
    const names = await store.list(prefix(schedule));
    const highest = Math.max(...names.map(timeIn));
    await Promise.all(names.filter((name) => timeIn(name) < highest).map((name) => store.remove(name)));
    await forgetUnbegun(store, schedule, highest);
  }
}
