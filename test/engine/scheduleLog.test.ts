import { beforeEach, describe, expect, it } from 'vitest';
import { memoryStore } from '../../src/adapters/stores/memory.js';
import { planAt } from '../../src/engine/scheduledPlan.js';
import {
  appendEntry,
  entriesOf,
  forgetUnbegun,
  isPaused,
  noteUnbegun,
  type ScheduleEntry,
  sourceOf,
  standing,
  unbegunOf,
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
    expect(await entriesOf(store, 'nightly')).toEqual([]);
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
      await expect(sourceOf(store, id, n)).rejects.toThrow(/is not in this store/);
  });

  it('stands as it was where the service would not have another of its name', async () => {
    await create('/plans/a.yaml');
    await append('paused');
    const refused = await create('/plans/b.yaml');
    await append('refused', { entry: refused });
    expect((await entriesOf(store, 'nightly')).map(({ kind }) => kind)).toEqual(['created', 'paused']);
  });

  it('stands until it is deleted, paused or not', async () => {
    const seen = async () =>
      [...(await standing(store))].map(([id, log]) => `${id}${isPaused(log) ? ' paused' : ''}`);
    expect(await seen()).toEqual([]);
    await create();
    expect(await seen()).toEqual(['nightly']);
    await append('paused');
    expect(await seen()).toEqual(['nightly paused']);
    await append('resumed');
    expect(await seen()).toEqual(['nightly']);
    await append('deleted');
    expect(await seen()).toEqual([]);
    const refused = await create();
    await append('refused', { entry: refused });
    expect(await seen()).toEqual([]);
  });

  it('does not stand where it only says what was done to a schedule that was never created', async () => {
    await append('resumed');
    expect(await entriesOf(store, 'nightly')).toEqual([]);
  });

  it('says which of its entries cannot be read', async () => {
    await store.create('schedules/nightly/0', new TextEncoder().encode('garbage'));
    await expect(standing(store)).rejects.toThrow(/`schedules\/nightly\/0` in the store is damaged/);
  });

  it('remembers why a run never began, at some length', async () => {
    await noteUnbegun(store, 'nightly', 'f1', {
      id: 'nightly-1',
      scheduledAt: 5,
      at: 6,
      problem: 'x'.repeat(9_999),
    });
    await noteUnbegun(store, 'nightly', 'f1', { id: 'nightly-1', scheduledAt: 5, at: 7, problem: 'again' });
    const all = await unbegunOf(store, 'nightly');
    expect(all).toMatchObject([{ id: 'nightly-1', scheduledAt: 5, at: 6 }]);
    expect(all[0]!.problem).toHaveLength(500);
    expect(await unbegunOf(store, 'night')).toEqual([]);
    const later = { id: 'nightly-2', scheduledAt: 9, at: 9, problem: 'y' };
    await noteUnbegun(store, 'nightly', 'f2', later);
    await forgetUnbegun(store, 'nightly', 5);
    expect((await unbegunOf(store, 'nightly')).map(({ id }) => id)).toEqual(['nightly-2']);
  });

  it('keeps every entry of those that write at once', async () => {
    await create();
    await Promise.all(Array.from({ length: 20 }, () => append('paused')));
    expect(await entriesOf(store, 'nightly')).toHaveLength(21);
  });

  it('gives computed params the types of the plan, above those that were given', () => {
    const computed = { n: '{{ scheduled.ms }}', day: '{{ scheduled.date }}' };
    const schema = { properties: { n: { type: 'integer' }, day: { type: 'string' } } };
    const file = { text: '', folder: '/', schema: () => schema };
    const { params } = planAt({ ...source, computed }, 1_000, () => file);
    expect(params).toEqual({ n: 1_000, day: '1970-01-01' });
  });
});
