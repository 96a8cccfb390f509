import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { needsOf, type UnitGraph } from '../../../src/core/graph/units.js';
import { buildWaves } from '../../../src/core/graph/waves.js';
import { scenarios } from '../schedule/support/scenario.js';

const RUNS = { numRuns: 500 };
const waveOf = (graph: UnitGraph) => {
  const waves = buildWaves(graph);
  return graph.units.map((_, u) => waves.findIndex((wave) => wave.includes(u)));
};

describe('the waves of a random plan', () => {
  it('hold every unit once, in plan order, and none is empty', () => {
    fc.assert(
      fc.property(scenarios(), ({ graph }) => {
        const waves = buildWaves(graph);
        expect(waves.flat().sort((a, b) => a - b)).toEqual([...graph.units.keys()]);
        for (const wave of waves) {
          expect(wave.length).toBeGreaterThan(0);
          expect([...wave].sort((a, b) => a - b)).toEqual(wave);
        }
      }),
      RUNS,
    );
  });

  it('put what a unit needs into earlier waves', () => {
    fc.assert(
      fc.property(scenarios(), ({ graph }) => {
        const wave = waveOf(graph);
        for (const u of graph.units.keys()) {
          for (const need of needsOf(graph, u)) expect(wave[need]).toBeLessThan(wave[u]!);
        }
      }),
      RUNS,
    );
  });

  it('put no two together that a capacity forbids together', () => {
    fc.assert(
      fc.property(scenarios(), ({ graph }) => {
        for (const wave of buildWaves(graph)) {
          for (const a of wave) {
            for (const b of wave) {
              if (a >= b) continue;
              for (const [c, amount] of graph.units[a]!.uses ?? []) {
                const other = graph.units[b]!.uses?.find(([at]) => at === c)?.[1] ?? 0;
                if (other > 0) expect(amount + other).toBeLessThanOrEqual(graph.capacities[c]!.capacity);
              }
            }
          }
        }
      }),
      RUNS,
    );
  });

  it('are as many as the longest path has units, where nothing conflicts', () => {
    fc.assert(
      fc.property(scenarios({ free: true }), ({ graph }) => {
        const longest = (u: number): number => 1 + Math.max(0, ...needsOf(graph, u).map(longest));
        expect(buildWaves(graph).length).toBe(Math.max(...[...graph.units.keys()].map(longest)));
      }),
      { numRuns: 500 },
    );
  });

  it('let the longer remaining path hold the lock first', () => {
    const unit = (rank: number) => ({
      kind: 'brief' as const,
      label: 'x',
      rank,
      timeoutMs: 1,
      heartbeatMs: 1,
      uses: [[0, 1] as const],
    });
    const graph: UnitGraph = {
      v: 1,
      units: [unit(1), unit(3), unit(2)],
      sets: [],
      capacities: [{ name: 'books', capacity: 1 }],
      concurrency: 10,
      waves: 'barrier',
      onFailure: 'continue',
    };
    expect(buildWaves(graph)).toEqual([[1], [2], [0]]);
  });
});
