import { describe, expect, it } from 'vitest';
import { cache } from '../../src/engine/cache.js';

describe('a cache', () => {
  it('keeps the latest used, up to its weight', async () => {
    const kept = cache<string>(10);
    let loads = 0;
    const get = (key: string) => kept.get(key, async () => ({ value: `${key}${++loads}`, weight: 4 }));
    expect([await get('a'), await get('b'), await get('a')]).toEqual(['a1', 'b2', 'a1']);
    await get('c'); // drops b, which was used longest ago
    expect([await get('a'), await get('c'), await get('b')]).toEqual(['a1', 'c3', 'b4']);
  });

  it('does not keep what is heavier than all it may hold, nor what was not found, nor a failure', async () => {
    const kept = cache<number>(10);
    let loads = 0;
    const load = async () => ({ value: ++loads, weight: 11 });
    expect([await kept.get('a', load), await kept.get('a', load)]).toEqual([1, 2]);
    expect(await kept.get('b', async () => undefined)).toBeUndefined();
    await expect(kept.get('b', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(await kept.get('b', async () => ({ value: 7, weight: 1 }))).toBe(7);
  });
});
