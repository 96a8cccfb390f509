import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nameOf } from '../../../src/core/graph/node.js';
import { expectedOf, type LedgerInput, labelOf } from '../../../src/core/integrate/expected.js';
import { buildLedger, checkLedger } from '../../../src/core/integrate/ledger.js';
import { EMPTY } from '../../../src/core/outcome/fold.js';
import { STATUSES } from '../../../src/core/outcome/outcome.js';
import type { ClosingNote } from '../../../src/core/schedule/closing.js';
import { closingNote } from '../../../src/core/schedule/closing.js';
import { LETTERS, type Letter } from '../../../src/core/schedule/state.js';
import { drive } from '../schedule/support/drive.js';
import { sketch } from '../schedule/support/graphs.js';
import { type Scenario, scenarios } from '../schedule/support/scenario.js';
import { ended, planOf } from './support.js';

/** The ledger of a run driven to its end, where `recorded` says which ends are in the logs. */
function ledgerOf(scenario: Scenario, recorded: (node: string) => boolean, withNote = true) {
  const { graph } = scenario;
  const { state } = drive(scenario).at(-1)!;
  const note = closingNote(state);
  const expansions = new Map(
    Object.entries(note.fans).map(
      ([u, letters]) => [Number(u), [...letters].map((_, k) => `k${k}`)] as const,
    ),
  );
  const plan = planOf(graph);
  const states = new Map(
    expectedOf(plan, expansions).flatMap((one) => {
      const word = wordOf(note, one.u, one.k);
      // What was skipped, or not needed for a need's sake, no unit wrote.
      const status = STATUSES.find((known) => known === word && known !== 'skipped');
      return status && recorded(nameOf(one))
        ? [[nameOf(one), ended(one.brief, status, one.key)] as const]
        : [];
    }),
  );
  const input: LedgerInput = { plan, graph, expansions, states, ...(withNote && { note }) };
  return { input, note, rows: buildLedger(input), expected: expectedOf(plan, expansions) };
}

const wordOf = (note: ClosingNote, u: number, k?: number) =>
  LETTERS[(k === undefined ? note.units : note.fans[u]!)[k ?? u] as Letter];

describe('the ledger', () => {
  it('has one row for each expected brief and instance, in plan order, whatever the logs hold', () => {
    fc.assert(
      fc.property(scenarios(), fc.integer({ min: 1, max: 2 ** 20 }), fc.boolean(), (scenario, mask, note) => {
        const hidden = (node: string) => (mask >> ((node.length * 7 + Number.parseInt(node, 10)) % 20)) & 1;
        const { rows, expected } = ledgerOf(scenario, (node) => !hidden(node), note);
        expect(rows.map(labelOf)).toEqual(expected.map(labelOf));
      }),
      { numRuns: 500 },
    );
  });

  it('says of every brief what the dispatcher decided, and names a culprit for whatever it skipped', () => {
    fc.assert(
      fc.property(scenarios({ onFailure: 'continue' }), (scenario) => {
        const { rows, expected, note } = ledgerOf(scenario, () => true);
        for (const [n, { u, k }] of expected.entries()) {
          const word = wordOf(note, u, k);
          // A fan that opened on nothing is done, with nothing to show.
          expect(rows[n]!.status).toBe(word === 'done' ? 'not-needed' : word);
          if (word !== 'skipped') continue;
          const culprit = rows.find((row) => labelOf(row) === rows[n]!.because);
          expect(culprit?.status).not.toBe('skipped');
          expect(['succeeded', 'repaired', 'not-needed']).not.toContain(culprit?.status);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('of a run without a closing note knows what was recorded, and that the rest was not reached', () => {
    fc.assert(
      fc.property(scenarios(), (scenario) => {
        const { rows, input, expected } = ledgerOf(scenario, (node) => node.length % 2 === 0, false);
        for (const [n, one] of expected.entries()) {
          const final = input.states.get(nameOf(one))?.final;
          const open = one.k === undefined && input.expansions.has(one.u);
          expect(rows[n]!.status).toBe(final?.status ?? (open ? 'not-needed' : 'not-reached'));
        }
      }),
    );
  });

  const chain = sketch([{}, { success: [0] }, { success: [1] }]);
  const rowsOf = (
    letters: string,
    reason: ClosingNote['reason'],
    states: LedgerInput['states'] = new Map(),
  ) =>
    buildLedger({
      plan: planOf(chain),
      graph: chain,
      expansions: new Map(),
      states,
      note: { reason, units: letters, fans: {} },
    });

  it('names the first in a chain of skips, not the nearest', () => {
    const rows = rowsOf('fkk', 'completed', new Map([['0', ended('u0', 'failed')]]));
    expect(rows.map(({ status, because }) => [status, because])).toEqual([
      ['failed', undefined],
      ['skipped', 'u0'],
      ['skipped', 'u0'],
    ]);
  });

  it('spreads not-needed, and says from where', () => {
    const rows = rowsOf('nnn', 'completed', new Map([['0', ended('u0', 'not-needed')]]));
    expect(rows.map(({ because }) => because)).toEqual([undefined, 'u0', 'u0']);
  });

  it.each<[string, ClosingNote['reason'], string, string | undefined]>([
    ['f', 'completed', 'failed', 'StoreUnavailable'],
    ['r', 'completed', 'failed', 'StoreUnavailable'],
    ['s', 'completed', 'failed', 'StoreUnavailable'],
    ['c', 'cancelled', 'cancelled', 'Cancelled'],
    ['r', 'cancelled', 'cancelled', 'Cancelled'],
    ['c', 'deadline', 'cancelled', 'TimedOut'],
    ['.', 'cancelled', 'not-reached', 'Cancelled'],
    ['.', 'deadline', 'not-reached', 'TimedOut'],
    ['.', 'failed', 'not-reached', 'Cancelled'],
    ['m', 'completed', 'missing', undefined],
    ['b', 'completed', 'over-budget', undefined],
    ['x', 'completed', 'refused', 'InvalidInput'],
  ])(
    'a brief left as `%s` in a run that ended as %s, without a row, is %s',
    (letter, reason, status, type) => {
      const [row] = rowsOf(`${letter}kk`, reason);
      expect([row?.status, row?.reason?.type]).toEqual([status, type]);
    },
  );

  it('adds up what tries took, without the waits between them', () => {
    const base = ended('u0', 'succeeded');
    const first = {
      ...base.final!,
      try: 1,
      started: 0,
      ended: 100,
      usage: { inputTokens: 5, peakMemory: 9 },
    };
    const { status: _, ...rejected } = first;
    const second = { ...first, try: 2, started: 900, ended: 1_000, usage: { inputTokens: 7, peakMemory: 4 } };
    const state = { ...EMPTY, tries: 2, counted: [rejected, second], last: second, final: second };
    const [row] = rowsOf('s..', 'completed', new Map([['0', state]]));
    expect(row).toMatchObject({
      tries: 2,
      started: 0,
      ended: 1_000,
      busyMs: 200,
      usage: { inputTokens: 12, peakMemory: 9 },
    });
  });

  it('refuses to pass off a ledger that is not whole, or that rests on the record of another brief', () => {
    const expected = expectedOf(planOf(chain), new Map());
    const rows = rowsOf('sss', 'completed');
    expect(() => checkLedger(rows.slice(1), expected, new Map())).toThrow(/2 rows for 3 expected/);
    expect(() => checkLedger([...rows].reverse(), expected, new Map())).toThrow(/bug of Muster's/);
    expect(() => rowsOf('sss', 'completed', new Map([['0', ended('u2', 'succeeded')]]))).toThrow(/u0/);
  });
});
