import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../src/adapters/stores/memory.js';
import { type Describing, overBy, pruneOn } from '../../src/client/prune.js';
import { findRun, listRuns, openRun } from '../../src/engine/runIndex.js';

const DAY = 86_400_000;
const named = (id: string) => ({ id, first: `first-${id}`, plan: 'x', name: 'nightly', brief: 'x' });

/** Runs that were opened a day ago and left no report, and a service that says of each what it is told to. */
async function runsOf(ids: readonly string[], describe: Describing['describe']) {
  const store = memoryStore();
  for (const id of ids) await openRun(store, { ...named(id), openedAt: Date.now() - DAY });
  const known = async (given: string) => (await findRun(store, given))!;
  return { store, prune: pruneOn({ store, service: async () => ({ describe }), known }) };
}
const ended = async (id: string) => ({ open: false, first: `first-${id}`, endedAt: Date.now() });

describe('a prune of runs by their ids', () => {
  it('takes none for another whose id begins so, neither at first nor when it is said again', async () => {
    const { store, prune } = await runsOf(['nightly', 'nightly-2'], ended);
    const { removed } = await prune({ runs: ['nightly'] });
    expect(removed.runs.map(({ id }) => id)).toEqual(['nightly']);
    await expect(prune({ runs: ['nightly'] })).rejects.toThrow(
      'No run is called nightly; nightly-2 only begins so. What is to be removed has to be named by its whole id.',
    );
    expect((await listRuns(store)).map(({ id }) => id)).toEqual(['nightly-2']);
  });

  it('says where Temporal does not answer that this is why', async () => {
    const { prune } = await runsOf(['a'], () => Promise.reject(new Error('connection refused')));
    await expect(prune({ runs: ['a'] })).rejects.toThrow(
      'a has left no report, and whether it has ended Temporal has to say, which does not answer: connection refused',
    );
    const open = await runsOf(['a'], async () => ({ open: true, first: 'first-a' }));
    await expect(open.prune({ runs: ['a'] })).rejects.toThrow('a has not ended');
  });
});

describe('what Temporal says of a run', () => {
  const says = (described: Awaited<ReturnType<Describing['describe']>>) =>
    overBy(async () => ({ describe: async () => described }));
  const now = Date.now();

  it('counts only of that run: not of another by its id, nor of one that ended before a start was announced', async () => {
    const over = says({ open: false, first: 'first', endedAt: now });
    expect(await over({ id: 'a', first: 'first', at: now - DAY })).toEqual({ endedAt: now });
    expect(await over({ id: 'a', first: 'another', at: now - DAY })).toBeUndefined();
    expect(await over({ id: 'a', at: now - DAY })).toEqual({ endedAt: now });
    expect(await over({ id: 'a', at: now + 1 })).toBeUndefined();
  });

  it('is waited for a week where it knows nothing; then the run is over, and nobody knows since when', async () => {
    expect(await says(undefined)({ id: 'a', first: 'first', at: now - 6 * DAY })).toBeUndefined();
    expect(await says(undefined)({ id: 'a', first: 'first', at: now - 8 * DAY })).toEqual({});
  });
});
