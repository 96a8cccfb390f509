import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packed } from '../../src/core/integrate/packed.js';
import { type Made, reduced } from '../../src/core/integrate/reduce.js';
import type { Json } from '../../src/core/outcome/canonical.js';
import { Failure } from '../../src/core/outcome/failure.js';
import { type IntegrateEffects, integrateRun } from '../../src/engine/integrateRun.js';
import { readReport } from '../support/report.js';
import { effects, OPENED, RUN, recordRun, textOf } from './recordedRun.js';

const PLAN = `muster: 1
name: totals
brief: How much did each region sell?
params: { type: object, properties: { shops: { type: array, items: { type: string } } } }
requirements: [{ id: all, says: Nothing is lost., check: { reconcile: 'params.shops.size()', in: '$.regions' } }]
briefs:
  - { id: shop, run: [node, s.mjs, '{{ s }}'], forEach: { in: params.shops, as: s }, parse: json }
integrate:
  merge:
    regions: { from: [shop], at: $, reduce: byRegion, rank: { by: sold } }
`;
const SHOPS = ['a', 'b', 'c', 'd'];
const SOLD: { readonly [shop: string]: Json } = {
  a: { region: 'north', sold: 3 },
  b: { region: 'south', sold: 5 },
  c: { region: 'north', sold: 4 },
  d: { region: 'closed', sold: 0 },
};
type Call = IntegrateEffects['executors']['call'];
interface Item {
  readonly value: { readonly region: string; readonly sold: number };
  readonly by: readonly string[];
}
const itemsOf = ({ work }: Parameters<Call>[0]) =>
  (work.input as unknown as { items: readonly Item[] }).items;

/** Sums by region; of what is closed nothing. */
function byRegion(items: readonly Item[]): Json {
  const sums = new Map<string, { sold: number; from: number[] }>();
  for (const [n, { value }] of items.entries()) {
    if (value.region === 'closed') continue;
    const sum = sums.get(value.region) ?? { sold: 0, from: [] };
    sums.set(value.region, { sold: sum.sold + value.sold, from: [...sum.from, n] });
  }
  return [...sums].map(([region, { sold, from }]) => ({ value: { region, sold }, from }));
}
const calls: Call = async (task) => ({ output: { value: byRegion(itemsOf(task)) } });

async function integrated(call: Call) {
  const ends = Object.fromEntries(
    SHOPS.map((shop) => [`shop[${shop}]`, { status: 'succeeded', value: SOLD[shop]! } as const]),
  );
  const recorded = await recordRun(PLAN, ends, { keys: { shop: SHOPS }, params: { shops: SHOPS } });
  const note = { reason: 'completed', units: 'd', fans: { '0': 'ssss' } } as const;
  const result = await integrateRun(
    { run: RUN, plan: recorded.plan, note, now: OPENED + 9_000 },
    effects(recorded.store, { call }),
  );
  const report = readReport(await textOf(recorded.store, result.report.json));
  return { ...report.answer, result, text: await textOf(recorded.store, result.report.markdown) };
}

describe('a function that brings items together', () => {
  it('gives the collection; who said what goes into it is known, and what is in nothing is listed', async () => {
    const { data, provenance, dropped, requirements, result, text } = await integrated(calls);
    expect(data.regions).toEqual([
      { region: 'north', sold: 7 },
      { region: 'south', sold: 5 },
    ]);
    expect(provenance.items.regions).toEqual([['shop[a]', 'shop[c]'], ['shop[b]']]);
    expect(dropped).toEqual([{ in: 'regions', item: SOLD.d, by: ['shop[d]'] }]);
    expect(text).toContain('or its function made nothing of them');
    expect(requirements[0]).toMatchObject({ status: 'covered' });
    expect(result.status).toBe('complete');
  });

  it.each<[string, Call, RegExp]>([
    [
      'fails',
      () => Promise.reject(new Failure('CallFailed', 'byRegion broke.', { permanent: true })),
      /byRegion broke/,
    ],
    [
      'names items that it was not given',
      async () => ({ output: { value: [{ value: 1, from: [9] }] } }),
      /it names item 9, and was given 4/,
    ],
    [
      'says of nothing what it made it from',
      async () => ({ output: { value: [{ value: 1, from: [] }] } }),
      /does not fit/,
    ],
    ['gives no list', async () => ({ output: { value: 7 } }), /does not fit/],
  ])(
    'that %s leaves the items as they were said, and the answer is not complete',
    async (_, call, why) => {
      const { data, unreduced, result, text } = await integrated(call);
      expect(data.regions).toHaveLength(4);
      expect(unreduced).toMatchObject([{ in: 'regions', why: expect.stringMatching(why) }]);
      expect(result.status).toBe('partial');
      expect(text).toContain('`regions` not brought together');
    },
    20_000,
  );

  it('is given items in parts, and what it made of these once more, to the same end', async () => {
    const item = fc.record({ region: fc.constantFrom('n', 's', 'e'), sold: fc.nat(99) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(item, { maxLength: 60 }),
        fc.integer({ min: 80, max: 400 }),
        async (all, most) => {
          const said = all.map((value, n) => ({ value, voice: { label: `s${n}` } }));
          let nodes = 0;
          const reduction = await reduced(
            {
              ...{ name: 'regions', from: ['s'], at: '$', key: [], match: 'exact', conflicts: [] },
              reduce: 'byRegion',
            },
            said,
            async (parts, questionOf) => {
              nodes += parts.length;
              return parts.map((part) => {
                const { work } = questionOf(part);
                expect(tooLarge((work as { input: Json }).input, most)).toBe(false);
                return { value: byRegion(itemsOf({ work } as Parameters<Call>[0])) };
              });
            },
            most,
          );
          if (all.length > 30 && most < 100) expect(nodes).toBeGreaterThan(1);
          const made = 'made' in reduction ? reduction.made : [];
          if ('failure' in reduction) expect(reduction.failure).toMatch(/makes of \d+ bytes no less/);
          else {
            const whole = byRegion(said.map(({ value, voice }) => ({ value, by: [voice.label] })));
            const sorted = (list: readonly Made[]) =>
              list.map(({ value, from }) => JSON.stringify({ value, from })).sort();
            expect(sorted(made)).toEqual(sorted(whole as unknown as readonly Made[]));
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

it('is given no more than the bound, the names of briefs among it, of which an item shows twenty', async () => {
  const said = Array.from({ length: 400 }, (_, n) => ({
    value: { region: 'n', sold: n },
    voice: { label: `shop[${'x'.repeat(60)}${n}]` },
  }));
  const seen: Json[] = [];
  const reduction = await reduced(
    {
      ...{ name: 'regions', from: ['s'], at: '$', key: [], match: 'exact', conflicts: [] },
      reduce: 'byRegion',
    },
    said,
    async (parts, questionOf) =>
      parts.map((part) => {
        const { work } = questionOf(part);
        seen.push((work as unknown as { input: Json }).input);
        return { value: byRegion(itemsOf({ work } as Parameters<Call>[0])) };
      }),
    4_000,
  );
  expect(reduction).toMatchObject({ made: [{ value: { sold: (400 * 399) / 2 } }] });
  expect(seen.filter((input) => tooLarge(input, 4_000))).toEqual([]);
  const { items } = seen.at(-1) as unknown as { items: readonly { by: Json[]; more: number }[] };
  expect(items.every(({ by, more }) => by.length === 20 && more > 0)).toBe(true);
});

/** Beyond the bound, and not by one item alone. */
const tooLarge = (input: Json, most: number): boolean =>
  (input as unknown as { items: readonly Json[] }).items.length > 1 &&
  Buffer.byteLength(JSON.stringify(input)) > most;

describe('packs', () => {
  it('keep all things in order, within the bound but for what is larger by itself', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20)), fc.integer({ min: 1, max: 30 }), (sizes, most) => {
        const packs = packed(sizes, (size) => size, most);
        expect(packs.flat()).toEqual(sizes);
        for (const pack of packs)
          expect(pack.length === 1 || pack.reduce((a, b) => a + b, 0) <= most).toBe(true);
        for (const [n, pack] of packs.slice(1).entries())
          expect(packs[n]!.reduce((a, b) => a + b, 0) + pack[0]!).toBeGreaterThan(most);
      }),
    );
  });
});
