import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../../src/adapters/stores/memory.js';
import { recordOf } from '../../../src/client/schedules/record.js';
import { startedBy } from '../../../src/client/schedules/runs.js';
import { closeRun, openRun } from '../../../src/engine/runIndex.js';
import type { ScheduledRun } from '../../../src/temporal/schedules.js';

const S = 1_000;
const NOW = 1_000 * S;

/** One run, due at 10 s, with a report at 12 s; the service says of it what is given. */
async function runs(known: readonly Pick<ScheduledRun, 'endedAt'>[]) {
  const store = memoryStore();
  const run = { id: 'r', first: 'f' };
  await openRun(store, {
    ...run,
    ...{ plan: 'p', name: 'n', brief: 'b', openedAt: 10.2 * S, scheduled: { id: 's', at: 10 * S } },
  });
  const report = { digest: 'd', bytes: 1 };
  await closeRun(store, run, {
    ...{ status: 'complete', answer: 'a', report, counts: {}, closedAt: 12 * S },
  } as never);
  const listed = known.map((one) => ({ id: 'r', scheduledAt: 10 * S, startedAt: 10.1 * S, ...one }));
  return startedBy({ store, schedules: { runs: async () => listed }, id: 's', since: 0 });
}

describe('a run of a schedule', () => {
  const timetable = { everyMs: 10 * S, timezone: 'UTC', overlap: 'skip', catchupMs: 2 * NOW } as const;

  it('stands in the way of others until the service knows of its end, whenever its report came', async () => {
    const dues = async (known: Pick<ScheduledRun, 'endedAt'>) =>
      recordOf({ times: [20 * S, 30 * S], runs: await runs([known]), log: [], timetable, now: NOW })
        .slice(1)
        .map(({ at: _, ...due }) => due);
    const skipped = { kind: 'skipped', why: 'overlap', run: 'r' };
    expect(await dues({})).toEqual([skipped, skipped]);
    expect(await dues({ endedAt: 25 * S })).toEqual([skipped, { kind: 'waiting' }]);
  });

  it('is over with its report where the service has forgotten it', async () => {
    expect(await runs([])).toMatchObject([{ endedAt: 12 * S, status: 'complete' }]);
  });

  it('ended as its report says, also while the service has yet to learn of that', async () => {
    expect(await runs([{}])).toMatchObject([{ startedAt: 10.1 * S, status: 'complete' }]);
  });
});
