import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Limits } from '../../../src/core/govern/lease.js';
import { random } from '../schedule/support/scenario.js';
import { World } from './world.js';

const LIMITS: Limits = { requests: 50, tokens: 20_000, windowMs: 60_000 };

describe('what workers are granted', () => {
  it('never comes to more than the allowance in any window, whatever is lost, late, killed or skewed', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 1, max: 6 }),
        fc.record({ requests: fc.integer({ min: 1, max: 60 }), tokens: fc.integer({ min: 100, max: 5000 }) }),
        fc.constantFrom(0, 0.1, 0.5),
        fc.constantFrom(0, 1 / 20_000),
        (seed, workers, stated, lost, killed) => {
          const chance = random(seed);
          const limits = { ...stated, windowMs: 6_000 };
          const world = new World({ limits, workers, chance, lost, killed, skewed: true, latencyMs: 300 });
          for (let t = 0; t < 40_000; t += 200)
            world.at(t, () => {
              const worker = world.workers[Math.floor(chance() * workers)]!;
              worker.want(`r${Math.floor(chance() * 3)}`, Math.ceil(chance() * 1_000));
            });
          world.until(60_000);
          expect(world.most(() => 1)).toBeLessThanOrEqual(limits.requests);
          expect(world.most(({ tokens }) => tokens)).toBeLessThanOrEqual(limits.tokens);
        },
      ),
      { numRuns: 60 },
    );
  });

  it.each([
    ['requests', 300],
    ['tokens', 900],
  ])('is used to more than nine tenths where %s are what there is too little of', (_, tokens) => {
    const chance = random(7);
    const world = new World({ limits: LIMITS, workers: 4, chance });
    for (let n = 0; n < 1_600; n++)
      world.workers[n % 4]!.want(n % 8 < 4 ? 'a' : 'b', Math.ceil(tokens * (0.7 + 0.6 * chance())));
    world.until(1_260_000);
    const used = world.arrived.filter(({ at }) => at >= 60_000);
    const windows = 20;
    const share = Math.max(
      used.length / (LIMITS.requests! * windows),
      used.reduce((sum, one) => sum + one.tokens, 0) / (LIMITS.tokens! * windows),
    );
    const of = (run: string) => used.filter((one) => one.run === run).length / used.length;
    expect(share).toBeGreaterThan(0.9);
    expect(of('a')).toBeGreaterThan(0.45);
    expect(of('a')).toBeLessThan(0.55);
  });

  it('is divided by run, wherever the calls of a run wait', () => {
    const chance = random(11);
    const world = new World({ limits: LIMITS, workers: 4, chance });
    for (let n = 0; n < 1_200; n++) world.workers[n % 4]!.want('many', 300);
    for (let n = 0; n < 600; n++) world.workers[3]!.want('few', 300);
    world.until(1_260_000);
    const used = world.arrived.filter(({ at }) => at >= 60_000);
    const few = used.filter(({ run }) => run === 'few').length / used.length;
    expect(few).toBeGreaterThan(0.47);
    expect(few).toBeLessThan(0.55);
  });
});
