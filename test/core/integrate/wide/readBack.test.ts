import fc from 'fast-check';
import { JSONPathEnvironment, type JSONValue } from 'json-p3';
import { describe, expect, it } from 'vitest';
import { pathOf } from '../../../../src/core/integrate/select.js';
import { canonical, type Json } from '../../../../src/core/outcome/canonical.js';
import { joined, readBack } from '../../../../src/core/outcome/readBack.js';
import { evaluate } from '../../../../src/core/plan/cel.js';

/** The same list, and how often a member of it was read. */
function counted<T>(all: readonly T[]): { readonly list: readonly T[]; readonly reads: () => number } {
  let reads = 0;
  const list = readBack(all.length, (n) => {
    reads++;
    return all[n]!;
  });
  return { list, reads: () => reads };
}

const anyList = fc.array(fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>, { maxLength: 12 });

describe('a list that is read back', () => {
  it('is an array to whoever reads it', () => {
    fc.assert(
      fc.property(anyList, anyList, (all, others) => {
        const { list } = counted(all);
        expect(Array.isArray(list)).toBe(true);
        expect(list).toEqual(all);
        expect([...list]).toEqual(all);
        expect(list.slice(1, 3)).toEqual(all.slice(1, 3));
        expect([...list.entries()]).toEqual([...all.entries()]);
        expect(Object.keys(list)).toEqual(Object.keys(all));
        expect(JSON.stringify({ list })).toBe(JSON.stringify({ list: all }));
        expect(canonical(list)).toBe(canonical(all));
        expect([...joined([list, [], counted(others).list])]).toEqual([...all, ...others]);
        for (const key of ['-1', '1.5', `${all.length}`, 'x', '01', '1e0', '0x1'])
          expect((list as unknown as { [key: string]: unknown })[key]).toBe(
            (all as unknown as { [key: string]: unknown })[key],
          );
      }),
    );
  });

  it('is not read by who only asks how long it is, or takes another', () => {
    const { list, reads } = counted([1, 2, 3]);
    expect(list.length).toBe(3);
    expect(reads()).toBe(0);
    expect(joined([list, list])[4]).toBe(2);
    expect(reads()).toBe(1);
  });

  it('is looked at one member after the other by an expression', () => {
    const { list, reads } = counted([{ n: 1 }, { n: 2 }, { n: 3 }]);
    expect(evaluate('data.rows.size()', { data: { rows: list } })).toBe(3);
    expect(reads()).toBe(0);
    expect(evaluate('data.rows.exists(row, row.n == 2)', { data: { rows: list } })).toBe(true);
  });
});

describe('a JSONPath', () => {
  const library = new JSONPathEnvironment();
  const PATHS = [
    '$',
    '$.rows',
    '$.rows[*]',
    '$.rows[*].a',
    '$.rows[1]',
    '$.rows[-1:]',
    '$.rows[::2].b',
    '$.rows[0, 2]',
    '$..a',
    '$..*',
    '$.rows[?@.a]',
    '$.rows[?@.a == $.rows[0].a]..b',
    "$['rows'][?count(@.*) > 1]",
  ];
  const leaf = fc.oneof(fc.integer(), fc.string({ maxLength: 2 }), fc.constant(null));
  const { tree } = fc.letrec<{ tree: Json }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 3 },
      leaf,
      fc.array(tie('tree'), { maxLength: 4 }),
      fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('tree'), { noNullPrototype: true }),
    ) as fc.Arbitrary<Json>,
  }));

  it('leads to what the library says, in its order, also in lists that are read back', () => {
    fc.assert(
      fc.property(fc.array(tree, { maxLength: 5 }), fc.constantFrom(...PATHS), (rows, text) => {
        const nodes = [...library.query(text, { rows } as unknown as JSONValue)];
        const wanted = nodes.map(({ location, value }) => ({ at: location, value }));
        expect([...pathOf(text).spots({ rows })]).toEqual(wanted);
        expect([...pathOf(text).spots({ rows: counted(rows).list })]).toEqual(wanted);
        expect(pathOf(text).count({ rows })).toBe(pathOf(text).items({ rows })?.length ?? 0);
      }),
      { numRuns: 500 },
    );
  });

  it('holds no list at once: it reads on as it is asked to', () => {
    const { list, reads } = counted(Array.from({ length: 1_000 }, (_, n) => ({ n })));
    const found = pathOf('$.rows[*].n').each({ rows: list })[Symbol.iterator]();
    found.next();
    found.next();
    expect(reads()).toBe(2);
  });

  it('leads to more members than a call can have arguments', () => {
    expect(pathOf('$.rows[*]').count({ rows: new Array(200_000).fill(1) })).toBe(200_000);
  });
});
