import { describe, expect, it } from 'vitest';
import * as dispatcher from '../../../src/core/schedule/step.js';
import { PLANTED } from './planted.js';
import { chaos, type Dispatcher } from './support/chaos.js';
import { withPlanted } from './support/planted.js';
import { random, scenario } from './support/scenario.js';

/** A seed stands for one run from its first event to its last. */
function run(seed: number, by: Dispatcher) {
  const draw = random(seed);
  const size = 1 + Math.floor(draw() * 16);
  const onFailure = draw() < 0.15 ? 'stop' : 'continue';
  return chaos(scenario(size, seed, { timed: true, gates: true, onFailure }), by);
}

/** Of MUSTER_CHAOS events, from seed MUSTER_SEED on: what is found is found again from its seed. */
const EVENTS = Number(process.env.MUSTER_CHAOS ?? 30_000);
const FIRST = Number(process.env.MUSTER_SEED ?? 1);

describe('a dispatcher in a world that crashes, loses, repeats and reorders', () => {
  it(`does nothing wrong in ${EVENTS.toLocaleString('en')} events`, { timeout: 3_600_000 }, () => {
    let events = 0;
    for (let seed = FIRST; events < EVENTS; seed++) {
      const { wrong, events: told } = run(seed, dispatcher);
      if (wrong.length > 0) expect({ seed, wrong }).toEqual({ seed, wrong: [] });
      events += told;
    }
  });

  it.each(PLANTED)('is found out where $bug', async (planted) => {
    expect(await withPlanted(planted, found)).toEqual(expect.any(String));
  });

  it('is not found out where the same is put for the same', async () => {
    const same = PLANTED.map((planted) => ({ ...planted, put: planted.find }));
    expect(await withPlanted(same[0]!, found)).toBeUndefined();
  });
});

/** The first thing that is wrong; a dispatcher may also be so wrong that it fails itself. */
function found(bad: Dispatcher): string | undefined {
  let events = 0;
  for (let seed = FIRST; events < EVENTS; seed++)
    try {
      const { wrong, events: told } = run(seed, bad);
      if (wrong[0] !== undefined) return wrong[0];
      events += told;
    } catch (error) {
      return (error as Error).message;
    }
  return undefined;
}
