import { describe, expect, it } from 'vitest';
import { checkerOf } from '../../../../src/core/integrate/evidence/check.js';
import type { Json, JsonObject } from '../../../../src/core/outcome/canonical.js';
import { PAGES, type Page, type Product, says } from './records/pages.js';

/** What is not borne out of a row, where these sources say what they say. */
const findings = (sources: readonly Json[], row: JsonObject): readonly string[] =>
  checkerOf(new Map([['a', sources.map((value) => ({ value }))]]))({
    text: Object.entries(row)
      .map(([key, value]) => `${key}: ${value}`)
      .join('\n'),
    cites: ['a'],
  }).map(({ token, why }) => `${token} ${why}`);
const OTHER = 'about another subject';

const PRODUCTS: readonly Product[] = [
  { name: 'Badolex', price: 341, seats: 5120, short: 'BSL', long: 'Business Source License' },
  { name: 'Temikax', price: 877, seats: 1290, short: 'SSPL', long: 'Server Side Public License' },
  { name: 'Norifax', price: 55, seats: 640, short: 'MIT', long: 'MIT License' },
  { name: 'Quellux', price: 1200, seats: 77, short: 'AGPL', long: 'Affero General Public License' },
];
const rowOf = ({ name, price, seats, short }: Product, more: JsonObject = {}): JsonObject => ({
  ...{ vendor: name, price, seats, licence: short },
  ...more,
});
const others = PRODUCTS.flatMap((one) =>
  PRODUCTS.filter((other) => other !== one).map((other) => ({ one, other })),
);
/** Each product with a page of its own, and all on one. */
const SOURCES: readonly (readonly [string, (page: Page) => readonly Json[]])[] = [
  ['pages of their own', (page) => PRODUCTS.map(page)],
  ['one page', (page) => [PRODUCTS.map(page).join('\n')]],
];

describe.each(SOURCES)(
  'a row whose acronym stands in another clause than its figures, on %s',
  (_, sourcesOf) => {
    it.each(Object.entries(PAGES))('is borne out: %s', (_, page) => {
      expect(PRODUCTS.map((one) => findings(sourcesOf(page), rowOf(one)))).toEqual(PRODUCTS.map(() => []));
    });
    it.each(Object.entries(PAGES))('is not with an acronym that is altered, or nowhere: %s', (_, page) => {
      for (const one of PRODUCTS)
        for (const licence of [`${one.short}X`, one.short.slice(1), 'BSD'])
          expect(findings(sourcesOf(page), rowOf(one, { licence })), says(one)).not.toEqual([]);
    });
    it.each(Object.entries(PAGES))('is not with an acronym of another: %s', (_, page) => {
      for (const { one, other } of others)
        expect(findings(sourcesOf(page), rowOf(one, { licence: other.short })), says(one)).not.toEqual([]);
    });
    it.each(Object.entries(PAGES))('is not with a figure of another: %s', (_, page) => {
      for (const { one, other } of others)
        for (const field of ['price', 'seats'] as const)
          expect(findings(sourcesOf(page), rowOf(one, { [field]: other[field] })), says(one)).not.toEqual([]);
    });
    it.each(Object.entries(PAGES))('is not under the name of another: %s', (_, page) => {
      for (const { one, other } of others)
        expect(findings(sourcesOf(page), rowOf(one, { vendor: other.name })), says(one)).not.toEqual([]);
    });
  },
);

describe('what a source says in several clauses', () => {
  it.each<[string, Json, JsonObject]>([
    [
      'beside another of which it says something in the same sentence',
      'Orion costs 20. Vega costs 30. Orion is under BSL and Vega is under SSPL.',
      { vendor: 'Vega', price: 30, licence: 'SSPL' },
    ],
    [
      'with a figure that is called otherwise',
      'The product Orion costs 20. Under BSL it has 50 seats.',
      { vendor: 'Orion', price: 20, licence: 'BSL' },
    ],
    [
      'in another record',
      [
        { vendor: 'Orion', price: 20 },
        { vendor: 'Orion', licence: 'BSL', terms: 4 },
      ],
      { vendor: 'Orion', price: 20, licence: 'BSL' },
    ],
    [
      'of a place, and not in capitals',
      'The company Orion has a staff of 20. It is based in Porto.',
      { vendor: 'Orion', staff: 20, city: 'Porto' },
    ],
  ])('is borne out as one row: %s', (_, source, row) => {
    expect(findings([source].flat(), row)).toEqual([]);
  });

  it.each<[string, Json, JsonObject, number]>([
    [
      'the other is said of both, and the figure of one',
      'The product Orion is under BSL. The product Vega costs 7 under BSL.',
      { vendor: 'Orion', price: 7, licence: 'BSL' },
      7,
    ],
    [
      'the other clause has a figure of its own',
      'The company Orion has a staff of 20. In Porto it has 30.',
      { vendor: 'Orion', staff: 20, city: 'Porto' },
      20,
    ],
    [
      'the other record has a figure of its own',
      [
        { vendor: 'Orion', staff: 20 },
        { vendor: 'Orion', city: 'Porto', staff: 30 },
      ],
      { vendor: 'Orion', staff: 20, city: 'Porto' },
      20,
    ],
    [
      'somebody else stands beside the figure',
      'The company Orion has a staff of 20 in Oslo. The company Orion is in Porto too.',
      { vendor: 'Orion', staff: 20, city: 'Porto' },
      20,
    ],
    [
      'somebody else stands above the figure',
      '# Orion\n\n## Oslo\n\nThe Oslo office has a staff of 20.\n\n## Offices\n\nThe company Orion is in Porto too.',
      { vendor: 'Orion', staff: 20, city: 'Porto' },
      20,
    ],
    [
      'another of the same family has the figure',
      'The product Orion Cloud costs 20. The product Orion Local is free software.',
      { vendor: 'Orion', product: 'Orion Local', price: 20 },
      20,
    ],
    [
      'somebody else is spoken of in between',
      'The product Orion costs 20. The product Vega, unlike Orion, is under BSL.',
      { vendor: 'Orion', price: 20, licence: 'BSL' },
      20,
    ],
    [
      'two are spoken of at once',
      'The product Orion costs 20. The products Orion and Vega come from Porto and Oslo.',
      { vendor: 'Orion', price: 20, city: 'Oslo' },
      20,
    ],
    [
      'each heading has its own',
      '# Orion\n\n## Oslo\n\nIt has a staff of 20.\n\n## Porto\n\nIt has a staff of 30.',
      { vendor: 'Orion', staff: 20, city: 'Porto' },
      20,
    ],
  ])('is not borne out as one row where %s', (_, source, row, figure) => {
    expect(findings([source].flat(), row)).toContain(`${figure} ${OTHER}`);
  });
});
