import { expect, it } from 'vitest';
import { memoryStore } from '../../../src/adapters/stores/memory.js';
import { schedulesOn } from '../../../src/client/schedules/schedules.js';
import { forget } from '../../../src/engine/forgotten.js';
import { appendEntry } from '../../../src/engine/scheduleLog.js';
import type { Schedules } from '../../../src/temporal/schedules.js';

it('the record of a schedule reaches back no further than runs of it were removed, and claims nothing of before', async () => {
  const store = memoryStore();
  const MINUTE = 60_000;
  const now = Math.floor(Date.now() / MINUTE) * MINUTE;
  const times = [5, 4, 3, 2].map((minutes) => now - minutes * MINUTE);
  const source = { file: '/plans/nightly.yaml', params: {}, computed: {}, timezone: 'UTC' };
  await appendEntry(store, 'nightly', { kind: 'created', at: now - 10 * MINUTE, source });
  const timetable = { everyMs: MINUTE, timezone: 'UTC', overlap: 'skip', catchupMs: 1_000 };
  const service = {
    view: async () => ({ id: 'nightly', timetable, next: [now, now + MINUTE], createdAt: now - 10 * MINUTE }),
    runs: async () => [],
    timesBetween: async (_: string, from: number, to: number) => times.filter((at) => at >= from && at <= to),
  } as unknown as Schedules;
  const schedules = schedulesOn({ store, service: async () => service, check: async () => Promise.reject() });
  const missed = async () => (await schedules.show('nightly')).record.map(({ at }) => at);
  expect(await missed()).toEqual(times);
  await forget(store, [{ scheduled: { id: 'nightly', at: times[1]! } }]);
  expect(await missed()).toEqual(times.slice(2));
});
