import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { paced } from '../../../src/adapters/executors/paced.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('progress that comes too fast', () => {
  it('is told at once, then at most so often, and its latest is never lost', () => {
    const told: (readonly [number, number])[] = [];
    const begun = performance.now();
    const progress = paced(250, (n: number) => told.push([n, performance.now() - begun]));
    for (let n = 1; n <= 5; n++) {
      progress(n);
      vi.advanceTimersByTime(60);
    }
    vi.advanceTimersByTime(1_000);
    progress(6);
    expect(told).toEqual([
      [1, 0],
      [5, 250],
      [6, 1_300],
    ]);
  });

  it('is told by whoever blocks its thread, too: that needs no timer to fire', () => {
    const told: number[] = [];
    const progress = paced(250, (n: number) => told.push(n));
    const clock = vi.spyOn(performance, 'now');
    for (let ms = 0; ms <= 600; ms += 100) {
      clock.mockReturnValue(1_000 + ms);
      progress(ms);
    }
    expect(told).toEqual([0, 300, 600]);
  });
});
