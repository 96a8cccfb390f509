import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Merged, merge } from '../../../src/core/integrate/merge.js';
import { identityBy } from '../../../src/core/integrate/sameness.js';
import type { Json, JsonObject } from '../../../src/core/outcome/canonical.js';
import { mergingPlan, output } from './support.js';

const rows = (...items: readonly JsonObject[]): JsonObject => ({ rows: items });

describe('merge', () => {
  it('joins what sources say of one item, each field from whoever has it', async () => {
    const plan = await mergingPlan(['a', 'b']);
    const merged = merge(plan, [
      output('a', rows({ vendor: 'Restate', cost: 1 })),
      output('b', rows({ vendor: 'Restate', licence: 'BSL' }, { vendor: 'DBOS' })),
    ]);
    expect(merged.data).toEqual({
      rows: [{ vendor: 'Restate', cost: 1, licence: 'BSL' }, { vendor: 'DBOS' }],
    });
    expect(merged.sources).toEqual({ rows: [['a', 'b'], ['b']] });
    expect([merged.conflicts, merged.duplicates, merged.silent]).toEqual([[], [], []]);
  });

  it('records a difference with every value, who said it, the rule that decided and what lost', async () => {
    const plan = await mergingPlan(['a', 'b', 'c'], { conflicts: [{ kind: 'prefer', brief: 'b' }] });
    const merged = merge(plan, [
      output('a', rows({ vendor: 'x', cost: 1 })),
      output('b', rows({ vendor: 'x', cost: 2 })),
      output('c', rows({ vendor: 'x', cost: 1 })),
    ]);
    expect(merged.data).toEqual({ rows: [{ vendor: 'x', cost: 2 }] });
    expect(merged.conflicts).toEqual([
      {
        in: 'rows',
        item: { vendor: 'x' },
        field: 'cost',
        values: [
          { value: 1, by: ['a', 'c'] },
          { value: 2, by: ['b'] },
        ],
        rule: 'prefer b',
        kept: 2,
        lost: [{ value: 1, by: ['a', 'c'] }],
      },
    ]);
    expect(merged.duplicates).toEqual([{ in: 'rows', item: { vendor: 'x' }, by: ['a', 'c'] }]);
  });

  it('keeps every value with who said it where no rule decides', async () => {
    const plan = await mergingPlan(['a', 'b'], { conflicts: [] });
    const { data, conflicts } = merge(plan, [
      output('a', rows({ vendor: 'x', cost: 1 })),
      output('b', rows({ vendor: 'x', cost: 2 })),
    ]);
    expect(data).toEqual({
      rows: [
        {
          vendor: 'x',
          cost: {
            keptBoth: [
              { value: 1, by: ['a'] },
              { value: 2, by: ['b'] },
            ],
          },
        },
      ],
    });
    expect(conflicts[0]).not.toHaveProperty('rule');
    expect(conflicts[0]!.lost).toEqual([]);
  });

  it('takes null for saying nothing: it contradicts no value and fills no field', async () => {
    const plan = await mergingPlan(['a', 'b'], { conflicts: [{ kind: 'prefer', brief: 'a' }] });
    const { data, conflicts } = merge(plan, [
      output('a', rows({ vendor: 'x', cost: null, since: null })),
      output('b', rows({ vendor: 'x', cost: 2, since: null })),
    ]);
    expect(data).toEqual({ rows: [{ vendor: 'x', cost: 2, since: null }] });
    expect(conflicts).toEqual([]);
  });

  it('keeps an item that lacks a key field as it is, for nobody can say what it is the same as', async () => {
    const plan = await mergingPlan(['a', 'b']);
    const { data } = merge(plan, [
      output('a', rows({ cost: 1 }, { vendor: null })),
      output('b', rows({ cost: 2 })),
    ]);
    expect(data.rows).toEqual([{ cost: 1 }, { vendor: null }, { cost: 2 }]);
  });

  it('without a key keeps everything side by side, exact duplicates once', async () => {
    const plan = await mergingPlan(['a', 'b'], { key: [], at: '$[*]' });
    const { data, duplicates, sources } = merge(plan, [output('a', ['x', 'y', 'x']), output('b', ['x'])]);
    expect(data).toEqual({ rows: ['x', 'y'] });
    expect(duplicates).toEqual([{ in: 'rows', item: 'x', by: ['a', 'a', 'b'] }]);
    expect(sources).toEqual({ rows: [['a', 'b'], ['a']] });
  });

  it('says which output has nothing where the merge looks, and takes an empty list for an answer', async () => {
    const plan = await mergingPlan(['a', 'b']);
    const { silent } = merge(plan, [output('a', { rowz: [] }), output('b', { rows: [] })]);
    expect(silent).toEqual([{ in: 'rows', by: 'a', at: '$.rows' }]);
  });

  it.each<['exact' | 'normalised', Json, Json, boolean]>([
    ['exact', 'MIT', 'mit', false],
    ['normalised', ' MIT\tlicence ', 'mit licence', true],
    ['normalised', '1,234,567.5', '1234567.5', true],
    ['normalised', 1234, '1,234', true],
    ['normalised', '1.10', '1.1', false],
    ['normalised', '1,2', '12', false],
    ['normalised', true, 'true', false],
    ['normalised', { a: 'X', b: [1] }, { b: ['1'], a: 'x' }, true],
    ['exact', 1, 1.0, true],
  ])('%s: %j and %j are the same: %s', (match, a, b, same) => {
    const identity = identityBy(match);
    expect(identity(a) === identity(b)).toBe(same);
  });

  it('is not led astray by fields named like parts of an object', async () => {
    const plan = await mergingPlan(['a']);
    const hostile = JSON.parse('{"vendor":"x","__proto__":{"cost":1},"constructor":2}') as JsonObject;
    const { data } = merge(plan, [output('a', rows(hostile))]);
    expect(JSON.stringify(data.rows)).toBe(JSON.stringify([hostile]));
    expect(({} as { cost?: number }).cost).toBeUndefined();
  });

  it('without a merge puts each output under its own id, those of a fan by key', async () => {
    const plan = await mergingPlan(['a', 'b']);
    const { forEach: _, ...brief } = plan.briefs[1]!;
    const fan = { ...brief, forEach: { source: { kind: 'list', items: [] }, as: 'x', max: 9 } } as const;
    const bare = { ...plan, briefs: [plan.briefs[0]!, fan], integrate: { merge: [] } };
    const outputs = [output('a', 'text'), output('b', 1, 'x'), output('b', 2, 'y')];
    expect(merge(bare, outputs).data).toEqual({
      a: 'text',
      b: [
        { key: 'x', output: 1 },
        { key: 'y', output: 2 },
      ],
    });
  });

  it('loses nothing: every value of every item is in the data or in a conflict, and every speaker is named', async () => {
    const base = await mergingPlan(['a', 'b', 'c']);
    const item = fc.dictionary(
      fc.constantFrom('vendor', 'cost', 'licence'),
      fc.constantFrom('x', 'X', 'y', 1, 2, true),
    );
    const said = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.array(item, { maxLength: 5 })), {
      maxLength: 3,
    });
    const rule = fc.constantFrom(
      { kind: 'majority' as const },
      { kind: 'keep-both' as const },
      { kind: 'prefer' as const, brief: 'b' },
    );
    fc.assert(
      fc.property(
        said,
        fc.constantFrom('exact' as const, 'normalised' as const),
        fc.array(rule, { maxLength: 2 }),
        (statements, match, conflicts) => {
          const plan = { ...base, integrate: { merge: [{ ...base.integrate.merge[0]!, match, conflicts }] } };
          const outputs = statements.map(([brief, items]) => output(brief, { rows: items }));
          const merged = merge(plan, outputs);
          for (const { label, value } of outputs)
            for (const one of (value as { rows: readonly JsonObject[] }).rows)
              expect(holds(merged, one, label, match)).toBe(true);
          expect(merged.sources.rows).toHaveLength((merged.data.rows as readonly Json[]).length);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('takes a time in proportion to the items: 10,000 of each of three sources in a few seconds', async () => {
    const plan = await mergingPlan(['a', 'b', 'c'], {
      match: 'normalised',
      conflicts: [{ kind: 'majority' }],
    });
    const items = (cost: number) =>
      Array.from({ length: 10_000 }, (_, n) => ({ vendor: `Vendor ${n}`, cost: n % 7 === 0 ? cost : 0 }));
    const merged = merge(
      plan,
      [1, 2, 1].map((cost, n) => output('abc'[n]!, { rows: items(cost) })),
    );
    expect(merged.data.rows).toHaveLength(10_000);
    expect(merged.conflicts).toHaveLength(1_429);
  });
});

/** Whether an item that `label` said is all there: in the data, or where sources differ, in the conflict. */
function holds(merged: Merged, item: JsonObject, label: string, match: 'exact' | 'normalised'): boolean {
  const same = identityBy(match);
  const keyed = 'vendor' in item;
  return (merged.data.rows as readonly JsonObject[]).some((kept, n) => {
    if (!merged.sources.rows![n]!.includes(label)) return false;
    if (!keyed) return same(kept) === same(item);
    if (!('vendor' in kept) || same(kept.vendor!) !== same(item.vendor!)) return false;
    return Object.entries(item).every(
      ([field, value]) =>
        same(kept[field]!) === same(value) ||
        merged.conflicts.some(
          (conflict) =>
            conflict.field === field &&
            same(conflict.item.vendor!) === same(item.vendor!) &&
            conflict.values.some((said) => same(said.value) === same(value) && said.by.includes(label)),
        ),
    );
  });
}
