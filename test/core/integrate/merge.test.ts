import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { itemsOf } from '../../../src/core/integrate/merge/items.js';
import type { Merged } from '../../../src/core/integrate/merge/merged.js';
import { merge } from '../../../src/core/integrate/merge.js';
import { identityBy } from '../../../src/core/integrate/sameness.js';
import { canonical, type Json, type JsonObject } from '../../../src/core/outcome/canonical.js';
import type { Rule } from '../../../src/core/plan/integration.js';
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

  it('compares each field as the plan says', async () => {
    const compare = { cost: { within: { kind: 'relative', by: 0.02 } }, weight: { unit: 'kg' } } as const;
    const plan = await mergingPlan(['a', 'b'], { compare });
    const { data, conflicts, agreement } = merge(plan, [
      output('a', rows({ vendor: 'x', cost: 100, weight: '1.5 kg', since: 2020 })),
      output('b', rows({ vendor: 'x', cost: '101', weight: '1500 g', since: 2021 })),
    ]);
    expect(data.rows).toMatchObject([{ cost: 100, weight: '1.5 kg' }]);
    expect(conflicts.map(({ field }) => field)).toEqual(['since']);
    expect(agreement).toEqual({ rows: { compared: 3, agreed: 2 } });
  });

  it('decides by another field of the items that say it', async () => {
    const plan = await mergingPlan(['a', 'b'], { conflicts: [{ kind: 'newest', field: 'asOf' }] });
    const { data, conflicts } = merge(plan, [
      output('a', rows({ vendor: 'x', cost: 1, asOf: '2024-01' })),
      output('b', rows({ vendor: 'x', cost: 2, asOf: '2024-02' })),
    ]);
    expect(data.rows).toEqual([{ vendor: 'x', cost: 2, asOf: '2024-02' }]);
    expect(conflicts.map(({ field, rule }) => [field, rule])).toEqual([
      ['cost', 'newest asOf'],
      ['asOf', 'newest asOf'],
    ]);
  });

  it('says how many agreed where the plan wants more', async () => {
    const plan = await mergingPlan(['a', 'b', 'c'], { conflicts: [{ kind: 'consensus', quorum: 3 }] });
    const { conflicts } = merge(
      plan,
      [1, 2, 1].map((cost, n) => output('abc'[n]!, rows({ vendor: 'x', cost }))),
    );
    expect(conflicts).toMatchObject([{ field: 'cost', quorum: { asked: 3, most: 2 }, lost: [] }]);
    expect(conflicts[0]).not.toHaveProperty('kept');
  });

  it('deep, merges maps within items field by field and unites lists', async () => {
    const plan = await mergingPlan(['a', 'b'], { deep: true, conflicts: [{ kind: 'prefer', brief: 'b' }] });
    const { data, conflicts } = merge(plan, [
      output('a', rows({ vendor: 'x', cost: { monthly: 1, yearly: 10 }, tags: ['p', 'q'] })),
      output('b', rows({ vendor: 'x', cost: { monthly: 2, once: 5 }, tags: ['q', 'r'] })),
    ]);
    expect(data.rows).toEqual([
      { vendor: 'x', cost: { monthly: 2, yearly: 10, once: 5 }, tags: ['p', 'q', 'r'] },
    ]);
    expect(conflicts.map(({ field }) => field)).toEqual(['cost.monthly']);
  });

  it('deep and without a key, takes all that is said for one thing', async () => {
    const plan = await mergingPlan(['a', 'b'], { deep: true, key: [], at: '$' });
    const { data, sources, conflicts } = merge(plan, [
      output('a', { port: 80, hosts: ['a'] }),
      output('b', { port: 81, hosts: ['b'], tls: true }),
    ]);
    expect(data.rows).toMatchObject({ hosts: ['a', 'b'], tls: true });
    expect(conflicts).toMatchObject([{ item: {}, field: 'port' }]);
    expect(sources).toEqual({ rows: [['a', 'b']] });
    expect(merge(plan, []).data).toEqual({ rows: null });
  });

  it('takes for one what is nearly the same, and keeps the words of all', async () => {
    const plan = await mergingPlan(['a', 'b'], { key: [], at: '$[*]', near: 0.5 });
    const said = ['retries are kept after a crash', 'the retries are kept after a crash', 'it has 3 modes'];
    const { data, duplicates, sources } = merge(plan, [
      output('a', [said[0]!, said[2]!]),
      output('b', [said[1]!, 'it has 4 modes']),
    ]);
    expect(data.rows).toEqual([said[0], said[2], 'it has 4 modes']);
    expect(sources.rows).toEqual([['a', 'b'], ['a'], ['b']]);
    expect(duplicates).toEqual([
      { in: 'rows', item: said[0], by: ['a', 'b'], near: [{ value: said[1], by: 'b', alike: 0.667 }] },
    ]);
  });

  it('ranks, leaves out what is beyond the top, and lists it', async () => {
    const plan = await mergingPlan(['a', 'b'], {
      rank: { by: 'score', order: 'descending', top: 2 },
    });
    const { data, dropped, sources } = merge(plan, [
      output('a', rows({ vendor: 'x', score: 1 }, { vendor: 'y' })),
      output('b', rows({ vendor: 'z', score: '1,000' })),
    ]);
    expect(data.rows).toEqual([
      { vendor: 'z', score: '1,000' },
      { vendor: 'x', score: 1 },
    ]);
    expect(sources.rows).toEqual([['b'], ['a']]);
    expect(dropped).toEqual([{ in: 'rows', item: { vendor: 'y' }, by: ['a'] }]);
  });

  it('ranks by what was said first where every value is kept', async () => {
    const rank = { by: 'cost', order: 'ascending' } as const;
    const plan = await mergingPlan(['a', 'b'], { conflicts: [{ kind: 'consensus', quorum: 3 }], rank });
    const { data, conflicts } = merge(plan, [
      output('a', rows({ vendor: 'x', cost: 9 }, { vendor: 'y', cost: 2 })),
      output('b', rows({ vendor: 'y', cost: 30 })),
    ]);
    expect((data.rows as readonly JsonObject[]).map(({ vendor }) => vendor)).toEqual(['y', 'x']);
    expect(conflicts).toMatchObject([{ quorum: { asked: 3, most: 1 } }]);
    const decided = await mergingPlan(['a', 'b'], {
      conflicts: [
        { kind: 'prefer', brief: 'a' },
        { kind: 'consensus', quorum: 3 },
      ],
    });
    const outputs = [
      output('a', rows({ vendor: 'y', cost: 2 })),
      output('b', rows({ vendor: 'y', cost: 3 })),
    ];
    expect(merge(decided, outputs).conflicts[0]).not.toHaveProperty('quorum');
  });

  it('groups, and names the sources of items in the order in which they stand', async () => {
    const plan = await mergingPlan(['a', 'b'], { group: ['region'] });
    const { data, sources } = merge(plan, [
      output('a', rows({ vendor: 'x', region: 'EU' }, { vendor: 'y', region: 'US' })),
      output('b', rows({ vendor: 'z', region: 'EU' }, { vendor: 'w' })),
    ]);
    expect(data.rows).toEqual([
      {
        region: 'EU',
        items: [
          { vendor: 'x', region: 'EU' },
          { vendor: 'z', region: 'EU' },
        ],
      },
      { region: 'US', items: [{ vendor: 'y', region: 'US' }] },
      { region: null, items: [{ vendor: 'w' }] },
    ]);
    expect(sources.rows).toEqual([['a'], ['b'], ['a'], ['b']]);
    expect(itemsOf(plan.integrate.merge[0]!, data.rows!)).toHaveLength(4);
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

  it('without a key, has every item said in the data, among the duplicates or among the dropped', async () => {
    const base = await mergingPlan(['a', 'b'], { key: [], at: '$[*]' });
    const item = fc.oneof(
      fc.record({ n: fc.nat(3), region: fc.constantFrom('EU', 'US') }),
      fc.constantFrom('one two three four', 'one two three five', 'six'),
    );
    fc.assert(
      fc.property(
        fc.array(fc.array(item, { maxLength: 6 }), { minLength: 2, maxLength: 2 }),
        fc.option(fc.constantFrom(0.3, 0.8), { nil: undefined }),
        fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
        fc.boolean(),
        (said, near, top, groups) => {
          const entry = {
            ...base.integrate.merge[0]!,
            ...(near !== undefined && { near }),
            ...(top !== undefined && { rank: { by: 'n', order: 'ascending' as const, top } }),
            ...(groups && { group: ['region'] }),
          };
          const outputs = said.map((items, n) => output('ab'[n]!, items as Json));
          const merged = merge({ ...base, integrate: { merge: [entry] } }, outputs);
          const items = itemsOf(entry, merged.data.rows!);
          const again = merged.duplicates.reduce((sum, { by }) => sum + by.length - 1, 0);
          expect(items.length + merged.dropped.length + again).toBe(said.flat().length);
          expect(merged.sources.rows).toHaveLength(items.length);
          for (const [n, { label }] of outputs.entries())
            for (const one of said[n]!) {
              const kept = [...items, ...merged.dropped.map(({ item }) => item)];
              const words = [
                ...kept,
                ...merged.duplicates.flatMap(({ near = [] }) => near.map(({ value }) => value)),
              ];
              expect(words).toContainEqual(one);
              expect([...merged.sources.rows!, ...merged.dropped.map(({ by }) => by)].flat()).toContain(
                label,
              );
            }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('comes to the same whoever is heard first, but for what no rule decides', async () => {
    const base = await mergingPlan(['a', 'b', 'c']);
    const item = fc.record({ vendor: fc.constantFrom('x', 'y'), cost: fc.nat(2), sure: fc.nat(2) });
    const rule = fc.constantFrom<Rule>(
      { kind: 'majority' },
      { kind: 'consensus', quorum: 2 },
      { kind: 'prefer', brief: 'b' },
      { kind: 'highest', field: 'sure' },
      { kind: 'prefer-where', field: 'sure', order: ['1', '2'] },
      { kind: 'fail' },
    );
    fc.assert(
      fc.property(
        fc.tuple(fc.array(item), fc.array(item), fc.array(item)),
        fc.array(rule, { maxLength: 3 }),
        fc.constantFrom([2, 1, 0], [1, 2, 0], [0, 2, 1]),
        (said, conflicts, order) => {
          const plan = { ...base, integrate: { merge: [{ ...base.integrate.merge[0]!, conflicts }] } };
          const outputs = said.map((items, n) => output('abc'[n]!, { rows: items }));
          const decided = (all: typeof outputs) =>
            merge(plan, all)
              .conflicts.map(({ item, field, rule, kept }) =>
                canonical({ item, field, rule: rule ?? '', kept: kept ?? '' }),
              )
              .sort();
          expect(decided(order.map((n) => outputs[n]!))).toEqual(decided(outputs));
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
