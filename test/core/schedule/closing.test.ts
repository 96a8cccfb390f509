import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ClosingNote, packed, unpacked } from '../../../src/core/schedule/closing.js';
import { LETTERS } from '../../../src/core/schedule/state.js';

const noteOf = (...fans: readonly string[]): ClosingNote => ({
  ...{ reason: 'completed', units: fans.map(() => 'd').join('') },
  fans: Object.fromEntries(fans.entries()),
});
const letters = fc
  .array(fc.tuple(fc.constantFrom(...Object.keys(LETTERS)), fc.integer({ min: 1, max: 40 })))
  .map((runs) => runs.map(([letter, length]) => letter.repeat(length)).join(''));

describe('the closing note', () => {
  it('comes out of its packing as it was, and is never larger for it', () => {
    fc.assert(
      fc.property(fc.array(letters, { maxLength: 4 }), (fans) => {
        const note = noteOf(...fans);
        expect(unpacked(packed(note))).toEqual(note);
        expect(unpacked(note)).toEqual(note);
        for (const [u, text] of Object.entries(packed(note).fans))
          expect(text.length).toBeLessThanOrEqual(note.fans[u]!.length);
      }),
    );
  });

  it('stays small of a fan-out of 20,000 with a failure in a hundred', () => {
    const wide = noteOf(`${'s'.repeat(99)}f`.repeat(200));
    expect(JSON.stringify(packed(wide)).length).toBeLessThan(1_000);
  });
});
