import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold, suspects } from '../../../src/core/outcome/fold.js';
import type { OutcomeRow, Row } from '../../../src/core/outcome/rows.js';
import type { Segment } from '../../../src/core/outcome/segment.js';
import { anyRow } from './arbitrary.js';

const by = (dispatch: number, attempt: number, ...rows: readonly Row[]): Segment => ({
  holder: { dispatch, attempt },
  rows,
  bodies: new Uint8Array(),
});
const row = (number: number, verdict: OutcomeRow['verdict'], more: Partial<OutcomeRow> = {}): OutcomeRow => ({
  row: 'outcome',
  brief: 'dig',
  try: number,
  verdict,
  started: 0,
  ended: 1,
  ...more,
});
const because = (message: string) => ({ reason: { type: 'OutputInvalid', message } as const });

describe('what a log says', () => {
  it('nothing was tried where nothing was written', () => {
    expect(fold([])).toMatchObject({ tries: 0, generation: 0, holders: [], findings: [], late: 0 });
  });

  it('a timed-out try counts as a try but keeps the generation; failed and rejected ones raise it', () => {
    const state = fold([
      by(1, 1, row(1, 'timed-out')),
      by(1, 2, row(2, 'failed')),
      by(1, 3, row(3, 'crashed')),
      by(1, 4, row(4, 'rejected')),
    ]);
    expect(state).toMatchObject({ tries: 4, generation: 2 });
  });

  it('the first row of a try is final; later rows of it are counted, never read', () => {
    const state = fold([
      by(1, 1, row(1, 'failed', { notBefore: 5 })),
      by(1, 2, row(1, 'succeeded', { status: 'succeeded' })),
    ]);
    expect(state.final).toBeUndefined();
    expect(state).toMatchObject({ tries: 1, generation: 1, late: 1, last: { notBefore: 5 } });
  });

  it('nothing follows the row that ended the brief', () => {
    const state = fold([
      by(1, 1, row(1, 'succeeded', { status: 'succeeded' })),
      by(1, 2, row(2, 'failed', { status: 'failed' }), row(0, 'cancelled', { status: 'cancelled' })),
    ]);
    expect(state).toMatchObject({ tries: 1, late: 2, final: { status: 'succeeded' } });
  });

  it('what was sent back and brought nothing better ends as it had, and says so', () => {
    const ref = { digest: 'd', size: 1, type: 'application/json' } as const;
    const delivered = by(1, 1, row(1, 'succeeded', { status: 'succeeded', ref }));
    const back = { row: 'again', time: 1, round: 1, findings: ['Wrong.'] } as const;
    const waiting = fold([delivered, by(2, 1, back)]);
    expect(waiting).toMatchObject({ generation: 1, findings: ['Wrong.'], stood: { ref } });
    expect(waiting.final).toBeUndefined();
    const fails = row(2, 'failed', { status: 'failed', ...because('It broke.') });
    expect(fold([delivered, by(2, 1, back, fails)]).final).toMatchObject({
      ...{ status: 'succeeded', ref, try: 2 },
      reason: {
        message: 'What it had delivered stands: carried out once more, it brought nothing. It broke.',
      },
    });
    const better = row(2, 'succeeded', { status: 'succeeded', ref: { ...ref, digest: 'e' } });
    expect(fold([delivered, by(2, 1, back, better)]).final).toMatchObject({ ref: { digest: 'e' } });
    const asked = fold([delivered, by(2, 1, { row: 'again', time: 1 }, fails)]);
    expect(asked.final).toMatchObject({ status: 'failed' });
  });

  it('the first inputs and the first expansion stand', () => {
    const state = fold([
      by(1, 1, { row: 'inputs', inputs: {} }, { row: 'expansion', keys: ['a'], items: [] }),
      by(1, 2, { row: 'inputs', inputs: { dig: [] } }, { row: 'expansion', keys: ['b'], items: [] }),
    ]);
    expect(state.inputs?.inputs).toEqual({});
    expect(state.expansion?.keys).toEqual(['a']);
  });

  it('findings are those of rejected tries, oldest first', () => {
    const state = fold([
      by(1, 1, row(1, 'rejected', because('no sources'))),
      by(1, 2, row(2, 'failed', because('a bug'))),
      by(1, 3, row(3, 'rejected', because('one source'))),
    ]);
    expect(state.findings).toEqual(['no sources', 'one source']);
  });

  it('is the same however the rows of a holder are spread over segments', () => {
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 12 }), fc.nat({ max: 12 }), (rows, cut) => {
        const split = fold([by(1, 1, ...rows.slice(0, cut)), by(1, 1, ...rows.slice(cut))]);
        expect(split).toEqual(fold([by(1, 1, ...rows)]));
      }),
    );
  });

  it('who is asked for once more ends anew, with as many tries as at first; the same time counts once', () => {
    const again = { row: 'again', time: 1 } as const;
    const inputs = { row: 'inputs', inputs: {} } as const;
    const before = [
      by(1, 1, inputs, row(1, 'failed', { notBefore: 5 })),
      by(1, 2, row(2, 'failed', { status: 'failed' })),
    ];
    const asked = fold([...before, by(2, 1, again)]);
    expect(asked).toMatchObject({ tries: 2, spent: 2, again: 1, late: 0 });
    expect([asked.final, asked.last, asked.inputs]).toEqual([undefined, undefined, undefined]);
    const ended = fold([
      ...before,
      by(2, 1, again, row(3, 'succeeded', { status: 'succeeded' })),
      by(2, 2, again),
    ]);
    expect(ended).toMatchObject({ tries: 3, final: { status: 'succeeded' } });
  });

  it('an ending, an expansion and inputs, once said, stay what they are until it is asked for once more', () => {
    const stays = anyRow.filter((one) => one.row !== 'again');
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 12 }), fc.array(stays, { maxLength: 12 }), (rows, more) => {
        const before = fold([by(1, 1, ...rows)]);
        const after = fold([by(1, 1, ...rows), by(1, 2, ...more)]);
        if (before.final) expect(after.final).toBe(before.final);
        if (before.expansion) expect(after.expansion).toBe(before.expansion);
        if (before.inputs) expect(after.inputs).toBe(before.inputs);
        expect(after.tries).toBeGreaterThanOrEqual(before.tries);
      }),
    );
  });
});

describe('who may have crashed', () => {
  const fence = { row: 'fence' } as const;
  const released = { row: 'released' } as const;

  it('nobody, for the first holder', () => {
    expect(suspects(fold([]), { dispatch: 1, attempt: 1 })).toBe(0);
  });
  it('the first holder, when it left nothing: it writes no fence', () => {
    expect(suspects(fold([]), { dispatch: 1, attempt: 2 })).toBe(1);
    expect(suspects(fold([by(1, 2, fence)]), { dispatch: 2, attempt: 1 })).toBe(2);
  });
  it('not one that left an outcome, an expansion or a farewell', () => {
    const state = fold([
      by(1, 1, released),
      by(1, 2, fence),
      by(1, 2, row(1, 'failed')),
      by(1, 3, fence, { row: 'expansion', keys: [], items: [] }),
      by(1, 4, fence),
      by(1, 4, released),
    ]);
    expect(suspects(state, { dispatch: 1, attempt: 5 })).toBe(0);
  });
  it('not the holder itself, nor one that never began an effect', () => {
    const state = fold([by(1, 1, row(1, 'failed')), by(1, 9, fence)]);
    expect(suspects(state, { dispatch: 1, attempt: 9 })).toBe(0);
    expect(suspects(state, { dispatch: 2, attempt: 1 })).toBe(1);
  });
});
