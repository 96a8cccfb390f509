import type { Json } from '../../../../src/core/outcome/canonical.js';
import type { Reported } from './anyReport.js';
import { reported } from './reported.js';

/*
 * What merging and checking can tell of: groups, a map that several fill, values that differ decided by consensus, by date, by a
 * judge or by nobody, things said nearly the same, items beyond the top, a function that
 * makes nothing of some or of none, and statements that what they cite does not bear out.
 */
const MARKET = `muster: 1
name: market
brief: What do the vendors offer, in which region, and at what price?
requirements:
  - { id: lost, says: Nothing is lost., check: { reconcile: '10', in: '$.offers[*].items[*]' } }
  - { id: sane, says: Prices are sane., check: { range: { min: 1, max: 500 }, in: '$.offers[*].items[*].price' } }
  - { id: once, says: No vendor is there twice., check: { unique: true, in: '$.offers[*].items[*].vendor' } }
  - { id: borne, says: Claims stand in what they cite., check: { provenance: report, in: $.claims, cites: by } }
  - { id: strictly, says: Claims stand there strictly., check: { provenance: strict, in: $.claims, cites: by } }
briefs:
  - { id: web, run: [node, w.mjs], parse: json }
  - { id: press, run: [node, p.mjs], parse: json }
  - { id: calls, run: [node, c.mjs], parse: json }
integrate:
  merge:
    offers:
      from: [web, press, calls]
      at: $.offers
      key: vendor
      group: region
      compare: { price: { within: 2 % } }
      conflicts: [consensus: 2, newest: asOf]
      rank: { by: price, order: ascending, top: 4 }
    notes: { from: [web, press, calls], at: $.notes, near: 0.6 }
    terms: { from: [web, press], at: $.terms, deep: true, conflicts: [judge: capable, fail] }
    summary: { from: [calls], at: $.summary, deep: true }
    claims: { from: [calls], at: $.claims }
    themes: { from: [web, press], at: $.notes, reduce: themesOf }
    moods: { from: [calls], at: $.notes, reduce: moodsOf }
`;

const offer = (vendor: string, price: number, region: string, asOf = '2026-01-01', more = {}): Json => ({
  ...{ vendor, price, region, asOf },
  ...more,
});

export function market(): Promise<Reported> {
  const web: Json = {
    offers: [
      offer('Alder', 100, 'EU', '2026-01-02'),
      offer('Birch', 40, 'US'),
      offer('Cedar', 60, 'EU', '2026-01-03'),
      offer('Dogwood', 300, 'US'),
      offer('Elm', 900, 'EU'),
    ],
    notes: ['Prices of all vendors went up by 12 % in the year 2025.', 'Nobody sells by the hour.'],
    terms: {
      notice: '30 days',
      support: 'by mail',
      payment: { by: 'card', currency: 'EUR' },
      languages: ['en', 'de'],
    },
  };
  const press: Json = {
    offers: [offer('Alder', 101, 'EU'), offer('Birch', 55, 'US'), offer('Cedar', 75, 'EU', '2026-02-01')],
    notes: [
      'Prices of all vendors went up by 12 % in the year 2025, it says.',
      'Prices of all vendors went up by 13 % in the year 2025.',
    ],
    terms: {
      notice: '60 days',
      support: 'by phone',
      payment: { currency: 'EUR', days: 14 },
      languages: ['fr'],
    },
  };
  const calls: Json = {
    offers: [offer('Alder', 130, 'EU'), offer('Birch', 70, 'US')],
    notes: ['Nobody sells by the hour.'],
    summary: 'Alder asks most,\nBirch least.',
    claims: [
      { text: 'Cedar asks 60.', by: 'web' },
      { text: 'Birch asks 45 since 3 May 2025.', by: ['web', 'press'] },
      { text: 'Elm asks 900.', by: 'rumour' },
    ],
  };
  const ends = {
    web: { from: 0, to: 2, value: web },
    press: { from: 0.2, to: 3, value: press },
    calls: { from: 0.5, to: 4, value: calls },
  };
  return reported(MARKET, ends, {
    decided: {
      choices: ({ field }) =>
        field === 'support'
          ? { claim: 1, finding: 'The press names the number to call.' }
          : { finding: 'The judge chose another value when they stood in another order.' },
      reductions: new Map([
        ['themes', { made: [{ value: 'Prices rise.', from: [0, 2] }] }],
        ['moods', { failure: 'The function `moodsOf` is not there.' }],
      ]),
    },
    prose: {
      sections: [
        {
          title: 'Prices',
          paragraphs: [
            [
              { text: 'Alder asks 100.', cites: ['web', 'press'] },
              { text: 'Birch is said to ask less.', cites: ['calls'] },
            ],
          ],
          rejected: [
            {
              text: 'Elm asks 950.',
              cites: ['web'],
              findings: [{ token: '950', kind: 'figure', why: 'not in the cited result' }],
            },
          ],
          lacking: ['Dogwood'],
        },
        { title: 'Terms', paragraphs: [], failed: 'The model refused.' },
      ],
    },
    rounds: [
      [{ u: 0, label: 'web', findings: ['It is not so.'] }],
      [{ u: 1, label: 'press', findings: ['Nor that.'] }],
    ],
    integrator: {
      ...{ questions: 4, tries: 5, models: ['simulated-judge'] },
      usage: { inputTokens: 1_200, outputTokens: 80 },
    },
  });
}
