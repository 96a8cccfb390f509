import { listRuns } from '../../engine/runIndex.js';
import { unbegunOf } from '../../engine/scheduleLog.js';
import type { Store } from '../../ports/store.js';
import type { Schedules } from '../../temporal/schedules.js';
import type { Started } from './record.js';

/** What the service knows of a run is there so soon after it began, ms. */
const LAG_MS = 60_000;

/**
 * Runs of a schedule that were due or began since a time, or had not ended then: what the service forgot is in the index
 * still, and why one never began is noted beside it; what no worker has begun only the service knows.
 */
export async function startedBy({
  store,
  schedules,
  id,
  since,
}: {
  readonly store: Store;
  readonly schedules: Pick<Schedules, 'runs'>;
  readonly id: string;
  readonly since: number;
}): Promise<readonly Started[]> {
  const known = new Map((await schedules.runs(id, since)).map((run) => [run.id, run]));
  const runs = new Map<string, Started>(known);
  // Read after: a run has its entry there before the service knows that it is over.
  for (const { id: run, scheduled, openedAt, closed } of await listRuns(store)) {
    const mine = scheduled?.id === id && Math.max(scheduled.at, closed?.closedAt ?? openedAt) >= since;
    if (!mine) continue;
    const there = known.get(run);
    const over = there === undefined && openedAt < Date.now() - LAG_MS ? openedAt : undefined;
    // It stands in the way of others until the service knows of its end, which can be long after its report.
    const endedAt = there ? there.endedAt : (closed?.closedAt ?? over);
    // Without a report it was stopped by force, whatever the service still says of it.
    const status = closed?.status ?? there?.status ?? (over === undefined ? undefined : 'terminated');
    runs.set(run, {
      ...{ id: run, scheduledAt: scheduled.at, startedAt: there?.startedAt ?? openedAt },
      ...(endedAt !== undefined && { endedAt }),
      ...(status !== undefined && { status }),
    });
  }
  for (const { id: run, scheduledAt, at, problem } of await unbegunOf(store, id))
    if (at >= since)
      runs.set(run, { id: run, scheduledAt, startedAt: at, endedAt: at, status: 'failed', problem });
  return [...runs.values()];
}
