import { describe, expect, it } from 'vitest';
import { derive } from '../../../src/core/integrate/derive.js';
import type { LedgerInput } from '../../../src/core/integrate/expected.js';
import { EMPTY, type UnitState } from '../../../src/core/outcome/fold.js';
import type { OutcomeRow } from '../../../src/core/outcome/rows.js';
import type { Letter } from '../../../src/core/schedule/state.js';
import { compiled } from '../plan/support.js';

const rejected: OutcomeRow = {
  row: 'outcome',
  brief: 'dig',
  try: 1,
  verdict: 'rejected',
  reason: { type: 'OutputInvalid', message: 'It has no rows.' },
  notBefore: 3_000,
  started: 1_000,
  ended: 2_000,
};
const TRIED: UnitState = { ...EMPTY, tries: 1, counted: [rejected], last: rejected };

/** A brief that was started in a run that completed, and of which no outcome is on record. */
async function started(letter: Letter, { state = EMPTY, brief = '', limits = '' }) {
  const { plan, graph } = await compiled(`muster: 1
name: test
brief: Do it.
${limits}
briefs: [{ id: dig, run: [node, x.mjs]${brief} }]
`);
  const note = { reason: 'completed', units: letter, fans: {} } as const;
  const input: LedgerInput = { plan, graph, expansions: new Map(), states: new Map([['0', state]]), note };
  return derive({ u: 0, brief: 'dig' }, input);
}

describe('a gate that asked', () => {
  const asked = { row: 'asked', ref: { digest: 'd', size: 1, type: 'application/json' }, since: 1 } as const;
  const state: UnitState = { ...EMPTY, asked };
  async function left(letter: Letter, reason?: 'cancelled' | 'deadline') {
    const { plan, graph } = await compiled(
      'muster: 1\nname: test\nbrief: Do it.\nbriefs: [{ id: go, gate: Go? }]\n',
    );
    const states = new Map([['0', state]]);
    const note = reason && ({ reason, units: letter, fans: {} } as const);
    return derive(
      { u: 0, brief: 'go' },
      { plan, graph, expansions: new Map(), states, ...(note && { note }) },
    );
  }

  it.each([
    ['w', 'cancelled', 'Cancelled', 'the run was cancelled before an answer came'],
    ['w', 'deadline', 'TimedOut', "the run's deadline passed before an answer came"],
    ['.', 'cancelled', 'Cancelled', 'the run was cancelled before its answer was taken up'],
  ] as const)('(%s) is cancelled where the run ended by %s, and why', async (letter, ending, type, why) => {
    expect(await left(letter, ending)).toEqual({
      status: 'cancelled',
      reason: { type, message: `It was waiting for an answer: ${why}.` },
    });
  });

  it('was not reached in a run that came to no end, and the salvage says that it asked', async () => {
    expect(await left('w')).toMatchObject({
      status: 'not-reached',
      reason: { message: expect.stringContaining('It was waiting for an answer') },
    });
  });
});

describe.each<Letter>(['f', 'r'])('a brief that was started and has no outcome on record (%s)', (letter) => {
  it('failed for the reason of its last try', async () => {
    expect(await started(letter, { state: TRIED, brief: ', within: 1h' })).toEqual({
      status: 'failed',
      reason: rejected.reason,
    });
  });

  it('is told as without a verdict, and nothing of its time, where its time was not limited', async () => {
    const { status, reason } = await started(letter, {});
    expect(status).toBe('failed');
    expect(reason?.type).not.toBe('TimedOut');
    expect(reason?.message).toMatch(/no verdict/);
    expect(reason?.message).not.toMatch(/within its time/);
  });

  it.each([{ brief: ', within: 1h' }, { limits: 'limits: { deadline: 1h }' }])(
    'ran out of time where it had %j',
    async (limit) => {
      expect(await started(letter, limit)).toMatchObject({
        status: 'failed',
        reason: { type: 'TimedOut' },
      });
    },
  );
});
