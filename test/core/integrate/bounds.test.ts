import { describe, expect, it } from 'vitest';
import { boundsOf } from '../../../src/core/integrate/bounds.js';
import { expectedOf } from '../../../src/core/integrate/expected.js';
import { type Rest, type Sketch, sketch } from '../schedule/support/graphs.js';
import { planOf } from './support.js';

/** Bounds of briefs that ran from and to the given times. */
function bounds(
  units: readonly Sketch[],
  spans: readonly (readonly [number, number] | undefined)[],
  rest?: Rest,
) {
  const graph = sketch(units, rest);
  const expected = expectedOf(planOf(graph), new Map());
  const rows = expected.map(({ brief }, u) => {
    const [started, ended] = spans[u] ?? [];
    return {
      brief,
      status: 'succeeded' as const,
      tries: 1,
      ...(started !== undefined && { started, ended: ended! }),
    };
  });
  const found = boundsOf(graph, rows, expected, 0);
  return found && { by: found.by, name: found.name, chain: found.chain.map(({ label }) => label).join(' ') };
}

describe('what bounded a run', () => {
  it('is the longest path, where every brief began when its last need had ended', () => {
    expect(
      bounds(
        [{}, {}, { success: [0, 1] }],
        [
          [0, 50],
          [0, 80],
          [80, 100],
        ],
      ),
    ).toEqual({ by: 'needs', chain: 'u1 u2' });
  });

  it('is a lock, where most of the time lay behind those that held it', () => {
    const scanner = { uses: { scanner: 1 } };
    const found = bounds(
      [{}, scanner, scanner, scanner],
      [
        [0, 10],
        [0, 40],
        [40, 80],
        [80, 120],
      ],
      { capacity: { scanner: 1 } },
    );
    expect(found).toEqual({ by: 'capacity', name: 'scanner', chain: 'u1 u2 u3' });
  });

  it('is the concurrency, where all places were taken', () => {
    const found = bounds(
      [{}, {}, {}, {}],
      [
        [0, 30],
        [0, 40],
        [30, 60],
        [40, 90],
      ],
      { concurrency: 2 },
    );
    expect(found).toEqual({ by: 'concurrency', chain: 'u1 u3' });
  });

  it('is the wave, where nothing was lacking but its end', () => {
    const found = bounds(
      [{}, {}, { success: [0] }],
      [
        [0, 5],
        [0, 50],
        [50, 120],
      ],
      { waves: 'barrier' },
    );
    expect(found).toEqual({ by: 'wave', chain: 'u1 u2' });
  });

  it('is the way to a worker, where nobody was in the way', () => {
    expect(
      bounds(
        [{}, { success: [0] }],
        [
          [0, 5],
          [500, 510],
        ],
      ),
    ).toEqual({ by: 'worker', chain: 'u0 u1' });
  });

  it('is not known of a run that carried out nothing', () => {
    expect(bounds([{}], [undefined])).toBeUndefined();
  });
});
