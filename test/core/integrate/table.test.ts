import { describe, expect, it } from 'vitest';
import { answerOf, draftOf } from '../../../src/core/integrate/report.js';
import { tablesOf } from '../../../src/core/integrate/table.js';
import type { Json } from '../../../src/core/outcome/canonical.js';
import { compiled } from '../plan/support.js';

const BRIEFS = `briefs:
  - { id: dig, run: [node, d.mjs, '{{ item }}'], forEach: { in: [b, a] }, parse: json }
  - { id: licences, run: [node, l.mjs], parse: json }
`;
const HEAD = `muster: 1\nname: x\nbrief: Which?\n${BRIEFS}`;

interface Said {
  readonly brief: string;
  readonly key?: string;
  readonly value: Json;
}
const SAID: readonly Said[] = [
  { brief: 'dig', key: 'b', value: { rows: [{ cost: 2, name: 'B', region: 'EU' }] } },
  { brief: 'dig', key: 'a', value: { rows: [{ cost: 1, name: 'A', region: 'US' }] } },
  { brief: 'licences', value: { rows: [{ extra: [1], name: 'A', region: 'US' }], total: 3 } },
];

async function tables(integrate: string, said: readonly Said[] = SAID, how?: { from: boolean }) {
  const { plan } = await compiled(`${HEAD}${integrate}`);
  const label = ({ brief, key }: Said) => (key === undefined ? brief : `${brief}[${key}]`);
  const row = { status: 'succeeded', tries: 1 } as const;
  const draft = draftOf({
    plan,
    ledger: said.map((one) => {
      const { value: _, ...named } = one;
      return { ...named, ...row, ref: { digest: label(one), size: 1, type: 'application/json' } };
    }),
    outputs: said.map((one) => ({ ...one, label: label(one) })),
  });
  return tablesOf(answerOf(draft), plan, how);
}

describe('tables of an answer', () => {
  it('have a row for each item, the key first, and other columns as they are first seen', async () => {
    const merged = 'integrate: { merge: { rows: { from: [dig, licences], at: $.rows, key: name } } }';
    expect(await tables(merged)).toEqual([
      {
        name: 'rows',
        columns: ['name', 'cost', 'region', 'extra'],
        rows: [
          ['B', 2, 'EU', undefined],
          ['A', 1, 'US', [1]],
        ],
      },
    ]);
    const [said] = await tables(merged, SAID, { from: true });
    expect(said!.columns.at(-1)).toBe('_from');
    expect(said!.rows.map((row) => row.at(-1))).toEqual([['dig[b]'], ['dig[a]', 'licences']]);
  });

  it('give items of groups one after the other, with those who said them', async () => {
    const grouped =
      'integrate: { merge: { rows: { from: [dig, licences], at: $.rows, key: [name], group: region } } }';
    const more = [...SAID, { brief: 'dig', key: 'c', value: { rows: [{ name: 'C', region: 'EU' }] } }];
    const [rows] = await tables(grouped, more, { from: true });
    expect(rows!.rows.map(([name]) => name)).toEqual(['B', 'C', 'A']);
    expect(rows!.rows.map((row) => row.at(-1))).toEqual([['dig[b]'], ['dig[c]'], ['dig[a]', 'licences']]);
  });

  it('have one row of what is one thing, and one column of what is no map', async () => {
    const [whole, totals] = await tables(
      'integrate: { merge: { whole: { from: [licences], at: $, deep: true }, totals: { from: [licences], at: $.total } } }',
      SAID,
      { from: true },
    );
    expect(whole).toMatchObject({ columns: ['rows', 'total', '_from'], rows: [[[{}], 3, ['licences']]] });
    expect(totals).toEqual({ name: 'totals', columns: ['value', '_from'], rows: [[3, ['licences']]] });
  });

  it('of what was not merged are the outputs of each brief, instances with their keys', async () => {
    const list = { brief: 'licences', value: [{ name: 'A' }, 'B'] };
    expect(await tables('', [SAID[0]!, list], { from: true })).toEqual([
      { name: 'dig', columns: ['key', 'output', '_from'], rows: [['b', SAID[0]!.value, ['dig[b]']]] },
      {
        name: 'licences',
        columns: ['value', 'name', '_from'],
        rows: [
          [undefined, 'A', ['licences']],
          ['B', undefined, ['licences']],
        ],
      },
    ]);
  });

  it('have columns of their own beside fields that are called so', async () => {
    const odd = { brief: 'licences', value: { rows: [{ _from: 'x', value: 1 }, 'alone'] } };
    const [rows] = await tables(
      'integrate: { merge: { rows: { from: [licences], at: "$.rows[*]" } } }',
      [odd],
      {
        from: true,
      },
    );
    expect(rows!.columns).toEqual(['_value', '_from', 'value', '__from']);
    expect(rows!.rows).toEqual([
      [undefined, 'x', 1, ['licences']],
      ['alone', undefined, undefined, ['licences']],
    ]);
  });
});
