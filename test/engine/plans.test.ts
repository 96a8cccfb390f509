import { describe, expect, it, vi } from 'vitest';
import { sha256 } from '../../src/adapters/digest.js';
import { memoryStore } from '../../src/adapters/stores/memory.js';
import { putValue, readBlob, readValue } from '../../src/engine/artifacts.js';
import { loadPlan, storePlan } from '../../src/engine/plans.js';
import { noGraph, planOf } from './setting.js';

const compiled = {
  plan: planOf({ id: 'dig' }),
  graph: noGraph,
  files: new Map([['f'.repeat(64), Buffer.from('notes')]]),
};

describe('a stored plan', () => {
  it('is one artifact with its graph, and its files lie beside it by digest', async () => {
    const store = memoryStore();
    const digest = await storePlan(store, compiled, sha256);
    expect(await loadPlan(store, digest)).toEqual({ plan: compiled.plan, graph: noGraph });
    expect(Buffer.from(await readBlob(store, 'f'.repeat(64))).toString()).toBe('notes');
    expect(await storePlan(store, compiled, sha256)).toBe(digest);
  });

  it('is read and parsed once for all who ask', async () => {
    const store = memoryStore();
    const digest = await storePlan(store, compiled, sha256);
    const read = vi.spyOn(store, 'read');
    await Promise.all(Array.from({ length: 100 }, () => loadPlan(store, digest)));
    expect(read).toHaveBeenCalledTimes(1);
  });

  it('that is not in the store is said, with what to do', async () => {
    await expect(loadPlan(memoryStore(), 'a'.repeat(64))).rejects.toThrow(
      /plan aaaaaaaaaaaa is not in this store.*doctor/,
    );
  });

  it.each(['some text', { a: 1 }, null])('is refused where it is none: %j', async (value) => {
    const store = memoryStore();
    const { digest } = await putValue(store, value, sha256);
    await expect(loadPlan(store, digest)).rejects.toMatchObject({
      type: 'InvalidInput',
      message: expect.stringContaining(`${digest.slice(0, 12)} is no plan`),
    });
  });

  it('of another format is refused, and the message says which', async () => {
    const store = memoryStore();
    const { digest } = await putValue(store, { plan: { v: 2 }, graph: { v: 1 } }, sha256);
    await expect(loadPlan(store, digest)).rejects.toThrow(/format 2; this version of Muster reads format 1/);
  });
});

describe('an artifact', () => {
  it.each([
    ['text', 'ä\u{feff}🦊'],
    ['an empty text', ''],
    ['text UTF-8 cannot carry', '\ud800'],
    ['a value', { b: [1, null], a: 'x' }],
  ])('that is %s reads back as it was', async (_, value) => {
    const store = memoryStore();
    const ref = await putValue(store, value, sha256);
    expect(await readValue(store, ref)).toEqual(value);
    expect(ref.digest).toBe(sha256(await readBlob(store, ref.digest)));
  });
});
