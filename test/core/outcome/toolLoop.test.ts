import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  after,
  BEGINNING,
  carriedOut,
  mustAnswer,
  type Standing,
} from '../../../src/core/outcome/toolLoop.js';

const bounds = fc.record({
  turns: fc.integer({ min: 2, max: 30 }),
  calls: fc.integer({ min: 1, max: 40 }),
  parallel: fc.constant(1),
});

it('a loop has at most its turns and its calls, whatever a model wants, and its last turn may only answer', () => {
  fc.assert(
    fc.property(
      bounds,
      fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 30, maxLength: 30 }),
      (given, wants) => {
        let now: Standing | undefined = BEGINNING;
        let turns = 0;
        let called = 0;
        let last: Standing = BEGINNING;
        while (now) {
          last = now;
          if (called >= given.calls || turns === given.turns - 1) expect(mustAnswer(given, now)).toBe(true);
          const wanted = wants[turns++]!;
          called += carriedOut(given, now, wanted);
          now = after(given, now, wanted);
        }
        expect(turns).toBeLessThanOrEqual(given.turns);
        expect(called).toBeLessThanOrEqual(given.calls);
        // It ends with an answer, or where it might only have answered.
        expect(wants[turns - 1] === 0 || mustAnswer(given, last)).toBe(true);
        if (mustAnswer(given, last)) expect(carriedOut(given, last, 5)).toBe(0);
      },
    ),
  );
});
