import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Row } from '../../../src/core/outcome/rows.js';
import { decodeSegment, encodeSegment } from '../../../src/core/outcome/segment.js';
import { anyRow } from './arbitrary.js';

const holder = { dispatch: 2, attempt: 7 };
const encode = (text: string) => new TextEncoder().encode(text);

describe('a log segment', () => {
  it('reads back as it was written, whatever its rows and bodies', () => {
    fc.assert(
      fc.property(
        fc.record({ dispatch: fc.integer({ min: 1 }), attempt: fc.integer({ min: 1 }) }),
        fc.array(anyRow),
        fc.array(fc.uint8Array({ maxLength: 200 })),
        (holder, rows, bodies) => {
          const segment = decodeSegment(encodeSegment(holder, rows, bodies));
          expect(segment.holder).toEqual(holder);
          expect(segment.rows).toEqual(rows);
          expect([...segment.bodies]).toEqual(bodies.flatMap((body) => [...body]));
        },
      ),
    );
  });

  it('is a line of JSON that names format, holder, rows and the length of what follows', () => {
    const bytes = encodeSegment(holder, [{ row: 'fence' }], [encode('ab'), encode('\n')]);
    expect(new TextDecoder().decode(bytes)).toBe(
      '{"v":1,"dispatch":2,"attempt":7,"rows":[{"row":"fence"}],"bodies":3}\nab\n',
    );
  });

  it('is not read when a byte is missing at its end, or one too many', () => {
    const bytes = encodeSegment(holder, [{ row: 'released' }], [encode('body')]);
    for (let end = 0; end < bytes.length; end++)
      expect(() => decodeSegment(bytes.subarray(0, end))).toThrow(/damaged/);
    expect(() => decodeSegment(Uint8Array.of(...bytes, 0))).toThrow(/4 bytes should follow its header, 5 do/);
  });

  it('of another format is refused, and the message says which', () => {
    const later = encode('{"v":2,"dispatch":1,"attempt":1,"rows":[],"bodies":0}\n');
    expect(() => decodeSegment(later)).toThrow(/format 2; this version of Muster reads format 1/);
  });

  it.each([
    ['no JSON', 'rows\n'],
    ['no object', 'null\n'],
    ['bytes that are no UTF-8', '\u{fffd}'],
    ['no holder', '{"v":1,"dispatch":0,"attempt":1,"rows":[],"bodies":0}\n'],
    ['no rows', '{"v":1,"dispatch":1,"attempt":1,"rows":{},"bodies":0}\n'],
    ['an unknown row', '{"v":1,"dispatch":1,"attempt":1,"rows":[{"row":"later"}],"bodies":0}\n'],
  ])('with %s is refused as damaged', (_, text) => {
    expect(() => decodeSegment(encode(text))).toThrow(expect.objectContaining({ type: 'ContractViolation' }));
  });
});

describe('rows', () => {
  it('keep text that would break a line in JSON or in JavaScript', () => {
    const row: Row = { row: 'decision', about: 'a\nb\u2028c', chose: '{"v":1}\n' };
    expect(decodeSegment(encodeSegment(holder, [row], [])).rows).toEqual([row]);
  });
});
