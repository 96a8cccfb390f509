import { describe, expect, it, vi } from 'vitest';
import { sha256 } from '../../src/adapters/digest.js';
import { memoryStore } from '../../src/adapters/stores/memory.js';
import type { ExpansionRow, OutcomeRow, Row } from '../../src/core/outcome/rows.js';
import { encodeSegment } from '../../src/core/outcome/segment.js';
import { encodeValue, readRef, readValue } from '../../src/engine/artifacts.js';
import { openLog } from '../../src/engine/log.js';
import { readSegment, readState } from '../../src/engine/segments.js';
import type { Store } from '../../src/ports/store.js';
import { segmentsOf } from './setting.js';

const place = { run: 'first', unit: '0' };
const by = (attempt: number, dispatch = 1) => ({ dispatch, attempt });
const outcome = (number: number, more: Partial<OutcomeRow> = {}): OutcomeRow => ({
  row: 'outcome',
  brief: 'dig',
  try: number,
  verdict: 'failed',
  started: 0,
  ended: 0,
  ...more,
});
const written = (holder: { dispatch: number; attempt: number }, ...rows: Row[]) =>
  encodeSegment(holder, rows, []);

describe('the log of a unit', () => {
  it('is read to its first gap: what lies beyond was never committed in order', async () => {
    const store = memoryStore();
    await store.create('runs/first/0_0', written(by(1), outcome(1)));
    await store.create('runs/first/0_2', written(by(1), outcome(2)));
    const log = await openLog(store, place, by(2));
    expect(log.state.tries).toBe(1);
  });

  it('has one commit in flight; rows that come meanwhile wait and go together', async () => {
    const memory = memoryStore();
    let flying = 0;
    const store: Store = {
      ...memory,
      async create(name, bytes) {
        expect(++flying).toBe(1);
        await new Promise((then) => setTimeout(then, 5));
        flying--;
        return memory.create(name, bytes);
      },
    };
    const log = await openLog(store, place, by(1));
    await Promise.all(Array.from({ length: 40 }, (_, i) => log.append(() => [outcome(i + 1)])));
    const sizes = (await segmentsOf(memory, 0)).map(({ rows }) => rows.length);
    expect(sizes).toEqual([1, 39]);
    expect(log.state.tries).toBe(40);
  });

  it('points into the bodies of the segment that is really written, after lost creates too', async () => {
    const store = memoryStore();
    const log = await openLog(store, place, by(2));
    await store.create('runs/first/0_0', written(by(1), outcome(1)));
    const body = (value: string) => ({ ...encodeValue(value), digest: sha256(value) });
    await Promise.all([
      log.append((put) => [outcome(2, { ref: put(body('ä')) })]),
      log.append((put) => [outcome(3, { ref: put(body('bb')), status: 'failed' })]),
    ]);
    const { final, last } = log.state;
    expect(last?.ref?.at).toMatchObject({ run: 'first', unit: '0', length: 2 });
    expect(final?.ref && (await readValue(store, final.ref))).toBe('bb');
    const rows = (await segmentsOf(store, 0)).flatMap((segment) => segment.rows) as OutcomeRow[];
    expect(rows[1]?.ref && (await readValue(store, rows[1].ref))).toBe('ä');
    expect(
      rows[2]?.ref && new TextDecoder().decode(await readRef(store, rows[2].ref, { offset: 1, length: 9 })),
    ).toBe('b');
  });

  it('lost to a lower holder: its rows are folded, and the writer is asked what is still to be said', async () => {
    const store = memoryStore();
    const log = await openLog(store, place, by(2));
    await store.create('runs/first/0_0', written(by(1), outcome(1, { status: 'failed' })));
    await log.append((_, state) => (state.final ? [] : [outcome(1, { status: 'failed' })]));
    expect(log.state).toMatchObject({ tries: 1, late: 0 });
    expect(await segmentsOf(store, 0)).toHaveLength(1);
  });

  it('lost to a higher holder: superseded, for this row and for every later one', async () => {
    const store = memoryStore();
    const log = await openLog(store, place, by(1));
    await store.create('runs/first/0_0', written(by(1, 2), { row: 'fence' }));
    const append = () => log.append(() => [outcome(1)]);
    await expect(append()).rejects.toMatchObject({ type: 'Superseded' });
    await expect(append()).rejects.toMatchObject({ type: 'Superseded' });
    expect(await segmentsOf(store, 0)).toHaveLength(1);
    await expect(openLog(store, place, by(9))).rejects.toMatchObject({ type: 'Superseded' });
  });

  it('lost to itself, the acknowledgement gone: what is there is its own, written once', async () => {
    const memory = memoryStore();
    const store: Store = {
      ...memory,
      create: async (name, bytes) => {
        await memory.create(name, bytes);
        return 'exists';
      },
    };
    const log = await openLog(store, place, by(1));
    await log.append(() => [outcome(1)]);
    expect(log.state).toMatchObject({ tries: 1, late: 0 });
    expect(await segmentsOf(memory, 0)).toHaveLength(1);
  });

  it('goes on after the store was away, and takes what it wrote then for its own', async () => {
    const memory = memoryStore();
    let away = true;
    const store: Store = {
      ...memory,
      create: async (name, bytes) => {
        const done = await memory.create(name, bytes);
        if (away) throw new Error('no answer');
        return done;
      },
    };
    const log = await openLog(store, place, by(1));
    await expect(log.append(() => [outcome(1)])).rejects.toThrow('no answer');
    away = false;
    await log.append((_, state) => (state.tries > 0 ? [] : [outcome(1)]));
    expect(log.state).toMatchObject({ tries: 1, late: 0 });
  });

  it('written by whom it may: it is durable before whoever comes next acts on it', async () => {
    const store = memoryStore();
    await store.create('runs/first/0_0', written(by(1), outcome(1, { status: 'succeeded' })));
    const create = vi.spyOn(store, 'create');
    await openLog(store, place, by(2));
    expect(create).toHaveBeenCalledWith('runs/first/0_0', expect.anything());
  });
});

describe('a segment read by many', () => {
  it('is read and parsed once, though a thousand ask for it at once and again', async () => {
    const store = memoryStore();
    const row: ExpansionRow = { row: 'expansion', keys: ['a'], items: [] };
    await store.create('runs/first/0_0', written(by(1), row));
    const read = vi.spyOn(store, 'read');
    const all = await Promise.all(Array.from({ length: 1_000 }, () => readState(store, place)));
    const again = await readSegment(store, place, 0);
    expect(read.mock.calls.filter(([name]) => name.endsWith('_0'))).toHaveLength(1);
    expect(new Set(all.map(({ expansion }) => expansion))).toEqual(new Set([again?.rows[0]]));
  });

  it('that is not there yet is looked for again', async () => {
    const store = memoryStore();
    expect(await readSegment(store, place, 0)).toBeUndefined();
    await store.create('runs/first/0_0', written(by(1), { row: 'fence' }));
    expect(await readSegment(store, place, 0)).toBeDefined();
  });
});
