import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { fileStore } from '../../src/adapters/stores/file.js';
import { memoryStore } from '../../src/adapters/stores/memory.js';
import { type Closed, closeRun, findRun, hasRun, listRuns, openRun } from '../../src/engine/runIndex.js';

const opened = (id: string, openedAt: number, first = `first-${openedAt}`) => ({
  id,
  first,
  plan: 'abc',
  name: 'survey',
  brief: 'Compare them.',
  openedAt,
});
const closed: Closed = {
  status: 'partial',
  answer: 'aaa',
  report: { json: 'bbb', markdown: 'ccc' },
  counts: { succeeded: 3, missing: 1 },
  closedAt: 99,
};

describe('the run index', () => {
  it('finds no run by an empty id, though all ids begin so', async () => {
    const store = memoryStore();
    await openRun(store, opened('a', 1));
    await expect(findRun(store, '')).rejects.toThrow('The id of a run is empty');
  });

  it('tells a run that is listed from one that is being removed', async () => {
    const store = memoryStore();
    await openRun(store, opened('a', 1));
    await openRun(store, opened('ab', 2));
    expect(await hasRun(store, 'a')).toBe('listed');
    await store.create('index/a_first-1.removing', new Uint8Array());
    expect(await hasRun(store, 'a')).toBe('removing');
    expect(await hasRun(store, 'b')).toBeUndefined();
  });

  it('lists runs newest first, each with how it ended or still open', async () => {
    const store = memoryStore();
    for (const [id, at] of [
      ['b', 2],
      ['a', 1],
      ['c', 3],
    ] as const)
      await openRun(store, opened(id, at));
    await closeRun(store, opened('a', 1), closed);
    const runs = await listRuns(store);
    expect(runs.map(({ id }) => id)).toEqual(['c', 'b', 'a']);
    expect(runs[2]).toEqual({ ...opened('a', 1), closed });
    expect(runs[0]).not.toHaveProperty('closed');
  });

  it('takes a second opening and a second closing of the same run as said already', async () => {
    const store = memoryStore();
    await openRun(store, opened('a', 1, 'f'));
    await openRun(store, opened('a', 7, 'f'));
    await closeRun(store, { id: 'a', first: 'f' }, closed);
    await closeRun(store, { id: 'a', first: 'f' }, { ...closed, status: 'failed' });
    expect(await listRuns(store)).toEqual([{ ...opened('a', 1, 'f'), closed }]);
  });

  it('finds a run by its id or an unambiguous beginning of it; the newest where an id was used again', async () => {
    const store = memoryStore();
    for (const [id, at] of [
      ['survey', 1],
      ['survey', 5],
      ['survey-2', 3],
      ['other', 4],
    ] as const)
      await openRun(store, opened(id, at));
    expect((await findRun(store, 'survey'))?.openedAt).toBe(5);
    expect((await findRun(store, 'oth'))?.id).toBe('other');
    expect(await findRun(store, 'nobody')).toBeUndefined();
    await expect(findRun(store, 'sur')).rejects.toThrow(
      /2 runs begin with sur: survey, survey-2\. Give more/,
    );
  });

  it.each(['a/b', 'a_b', 'ä ö', '.hidden', '../up', "it's (me)!*~", 'x'.repeat(900), '🦊'.repeat(90)])(
    'keeps a run whose id is %s',
    async (id) => {
      const folder = await mkdtemp(join(tmpdir(), 'muster-index-'));
      const store = await fileStore(folder);
      await openRun(store, opened(id, 1));
      await openRun(store, opened(`${id}x`, 2));
      await closeRun(store, opened(id, 1), closed);
      expect(await findRun(store, id)).toEqual({ ...opened(id, 1), closed });
      expect((await findRun(store, `${id}x`))?.openedAt).toBe(2);
      await rm(folder, { recursive: true });
    },
  );

  it('keeps the first 200 characters of the original brief', async () => {
    const store = memoryStore();
    await openRun(store, { ...opened('a', 1), brief: 'x'.repeat(5_000) });
    expect((await findRun(store, 'a'))?.brief).toHaveLength(200);
  });

  it('lists 1,000 runs with one look at the folder and one read for each file', async () => {
    const store = memoryStore();
    for (let i = 0; i < 1_000; i++) await openRun(store, opened(`run-${i}`, i));
    for (let i = 0; i < 500; i++) await closeRun(store, opened(`run-${i}`, i), closed);
    const list = vi.spyOn(store, 'list');
    const read = vi.spyOn(store, 'read');
    expect(await listRuns(store)).toHaveLength(1_000);
    expect(list).toHaveBeenCalledTimes(1);
    expect(read).toHaveBeenCalledTimes(1_500);
  });
});
