import { proxyActivities } from '@temporalio/workflow';

/** What one would write by hand: one activity per brief, so many at a time, results kept in order. */
export async function bare({ count, concurrency, input }) {
  const { noop } = proxyActivities({
    startToCloseTimeout: '11m',
    heartbeatTimeout: '15s',
    retry: { initialInterval: '1s', maximumInterval: '30s' },
  });
  const results = new Array(count);
  let next = 0;
  const lane = async () => {
    while (next < count) {
      const u = next++;
      results[u] = await noop({ ...input, u, dispatch: 1 });
    }
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
  return results.filter(({ status }) => status === 'succeeded').length;
}
