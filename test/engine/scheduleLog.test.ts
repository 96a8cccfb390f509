import { beforeEach, describe, expect, it } from 'vitest';
import { memoryStore } from '../../src/adapters/stores/memory.js';
import {
  anyScheduled,
  appendEntry,
  entriesOf,
  paramsAt,
  type ScheduleEntry,
  sourceOf,
} from '../../src/engine/scheduleLog.js';
import type { Store } from '../../src/ports/store.js';

const source = { file: '/plans/a.yaml', params: { n: 1 }, computed: {}, timezone: 'UTC' };
let store: Store;
let at = 0;
const append = (kind: ScheduleEntry['kind'], more: object = {}, id = 'nightly') =>
  appendEntry(store, id, { kind, at: at++, ...more } as ScheduleEntry);
const create = (file = source.file) => append('created', { source: { ...source, file } });

beforeEach(() => {
  store = memoryStore();
});

describe('the log of a schedule', () => {
  it('names what a run starts by its entry, also once the schedule was created anew', async () => {
    const first = await create('/plans/a.yaml');
    await append('deleted');
    const second = await create('/plans/b.yaml');
    expect((await sourceOf(store, 'nightly', first)).file).toBe('/plans/a.yaml');
    expect((await sourceOf(store, 'nightly', second)).file).toBe('/plans/b.yaml');
    expect((await entriesOf(store, 'nightly')).map(({ kind }) => kind)).toEqual(['created']);
  });

  it('has no source where there is no such entry, or it created nothing', async () => {
    await create();
    const paused = await append('paused');
    for (const [id, n] of [
      ['nightly', 7],
      ['nightly', paused],
      ['other', 0],
      ['../blobs', 0],
    ] as const)
      await expect(sourceOf(store, id, n)).rejects.toThrow();
  });

  it('stands as it was where the service would not have another of its name', async () => {
    await create('/plans/a.yaml');
    await append('paused');
    const refused = await create('/plans/b.yaml');
    await append('refused', { entry: refused });
    expect((await entriesOf(store, 'nightly')).map(({ kind }) => kind)).toEqual(['created', 'paused']);
  });

  it('expects a start from what is neither paused nor deleted', async () => {
    const expected = () => anyScheduled(store);
    expect(await expected()).toBe(false);
    await create();
    expect(await expected()).toBe(true);
    await append('paused');
    expect(await expected()).toBe(false);
    await append('resumed');
    expect(await expected()).toBe(true);
    await append('deleted');
    expect(await expected()).toBe(false);
    const refused = await create();
    await append('refused', { entry: refused });
    expect(await expected()).toBe(false);
  });

  it('keeps every entry of those that write at once', async () => {
    await Promise.all(Array.from({ length: 20 }, () => append('paused')));
    expect(await entriesOf(store, 'nightly')).toHaveLength(20);
  });

  it('gives computed params the types of the plan, above those that were given', () => {
    const computed = { n: '{{ scheduled.ms }}', day: '{{ scheduled.date }}' };
    const schema = { properties: { n: { type: 'integer' }, day: { type: 'string' } } };
    expect(paramsAt({ ...source, computed }, 1_000, () => schema)).toEqual({ n: 1_000, day: '1970-01-01' });
  });
});
