import fc from 'fast-check';
import type { Json, JsonObject } from '../../../src/core/outcome/canonical.js';
import { PAGES, type Page } from '../../core/integrate/evidence/records/pages.js';
import type { End } from '../recordedRun.js';
import type { Ends } from './survey.js';

/** A survey of any vendors with any figures, in which nothing is wrong. */
export interface Survey {
  readonly vendors: readonly string[];
  readonly plan: string;
  /** Pages that the briefs were given. */
  readonly files: { readonly [path: string]: string };
  readonly ends: Ends;
}

export interface Row extends JsonObject {
  readonly vendor: string;
  readonly price: number;
  readonly seats: number;
  readonly source: string;
}
export const LICENCES = ['open', 'closed', 'shared'];
/** Those that are called by an acronym, with what it stands for. */
const ACRONYMS: { readonly [short: string]: string } = {
  BSL: 'Business Source License',
  SSPL: 'Server Side Public License',
  MIT: 'MIT License',
  AGPL: 'Affero General Public License',
  ISC: 'Internet Software Consortium License',
};

const syllable = fc
  .tuple(fc.constantFrom(...'bdfgklmnprstvz'), fc.constantFrom(...'aeiou'))
  .map((both) => both.join(''));
const name = fc
  .array(syllable, { minLength: 3, maxLength: 4 })
  .map(([first = '', ...rest]) => `${first[0]!.toUpperCase()}${first.slice(1)}${rest.join('')}x`);

/** What checks there are is the same in all; in which order, is not. */
const REQUIREMENTS = (vendors: number): readonly string[] => [
  "{ id: all, says: Every vendor has a row., check: { covers: params.vendors, in: '$.rows[*].vendor' } }",
  "{ id: only, says: And nobody else., check: { cel: 'data.rows.all(r, r.vendor in params.vendors)' } }",
  `{ id: whole, says: Every row is whole., check: { in: '$.rows[*]', schema: { type: object, required: [vendor, price, seats, licence, source], additionalProperties: false, properties: { vendor: { type: string }, price: { type: integer }, seats: { type: integer }, licence: { enum: [${[...LICENCES, ...Object.keys(ACRONYMS)].join(', ')}] }, source: { type: string, maxLength: 200 } } } } }`,
  "{ id: sane, says: Prices are sane., check: { range: { min: 1, max: 10000 }, in: '$.rows[*].price' } }",
  "{ id: sourced, says: Sources are pages., check: { matches: '^https://[a-z]+[.]example/pricing$', in: '$.rows[*].source' } }",
  "{ id: own, says: No two have the same source., check: { unique: true, in: '$.rows[*].source' } }",
  "{ id: noted, says: Notes say who was looked at., check: { matches: '^[A-Z][a-z]+ was looked at[.]$', in: '$.notes[*]' } }",
  '{ id: kept, says: No row is lost., check: { reconcile: params.vendors.size() * 2, in: $.rows } }',
  '{ id: one, says: One note each., check: { reconcile: params.vendors.size(), in: $.notes } }',
  `{ id: said, says: One statement each., check: { count: { min: ${vendors}, max: ${vendors} }, in: $.statements } }`,
  "{ id: about, says: Each is spoken of., check: { covers: params.vendors, in: '$.statements[*].about' } }",
  ...['price', 'seats'].map(
    (field) =>
      `{ id: adds_${field}, says: Sums of ${field} are those of the rows., check: { cel: 'data.totals.filter(t, t.of == "${field}")[0].is == ${Array.from({ length: vendors }, (_, n) => `data.rows[${n}].${field}`).join(' + ')}' } }`,
  ),
  "{ id: found, says: The pages say so., check: { provenance: strict, against: inputs, in: '$.rows[*]' } }",
  "{ id: cited, says: The results say so., check: { provenance: strict, cites: cites, in: '$.statements[*]' } }",
];
const planOf = (requirements: readonly string[]): string => `muster: 1
name: survey
brief: What do the vendors cost?
params: { type: object, properties: { vendors: { type: array, items: { type: string } } } }
inputs: { pages: { glob: '*.md' } }
models: { default: m }
requirements:
${requirements.map((one) => `  - ${one}`).join('\n')}
briefs:
  - { id: dig, ask: 'Look at {{ vendor }}.', model: default, files: [pages], output: { type: object }, forEach: { in: params.vendors, as: vendor } }
  - { id: licences, run: [node, l.mjs], parse: json }
  - { id: totals, run: [node, t.mjs], parse: json }
  - { id: summary, run: [node, s.mjs], parse: json }
integrate:
  merge:
    rows: { from: [dig, licences], at: $.rows, key: vendor, conflicts: [fail] }
    notes: { from: [dig], at: $.notes }
    totals: { from: [totals], at: $.totals }
    statements: { from: [summary], at: $.statements }
`;

/** The same survey with one requirement alone. */
export const asking = (survey: Survey, id: string): Survey => ({
  ...survey,
  plan: survey.plan
    .split('\n')
    .filter((line) => !/^ {2}- \{ id: \w+, says:/.test(line) || line.includes(`id: ${id},`))
    .join('\n'),
});

const delivered = (value: Json): End => ({ status: 'succeeded', value });
const vendorOf = (licences: readonly string[]) =>
  fc.record({
    vendor: name,
    price: fc.integer({ min: 11, max: 9_999 }),
    seats: fc.integer({ min: 11, max: 9_999 }),
    licence: fc.constantFrom(...licences),
    /** Bytes that nothing is merged from: with many the output is an artifact of its own. */
    beside: fc.oneof({ weight: 15, arbitrary: fc.nat(200) }, { weight: 1, arbitrary: fc.constant(70_000) }),
  });
/** How a statement puts it. */
const wordings = fc.constantFrom<(row: Row) => string>(
  ({ vendor, price, seats }) => `${vendor} costs ${price} and has ${seats} seats.`,
  ({ vendor, price, seats }) => `At a price of ${price}, ${vendor} gives ${seats} seats.`,
  ({ vendor, price, seats }) => `${vendor}: ${seats} seats for ${price.toLocaleString('en')}.`,
);

const pageOfWords: Page = ({ name, price, seats, long }) =>
  `# ${name}\n\n${name} has a price of ${price} and ${seats} seats, under a licence that is ${long}:`;

export const surveys = surveysWith(LICENCES, [pageOfWords]);
/** The same where what a licence is called stands elsewhere on the page than the figures. */
export const acronymSurveys = surveysWith(Object.keys(ACRONYMS), Object.values(PAGES));

function surveysWith(licences: readonly string[], pages: readonly Page[]): fc.Arbitrary<Survey> {
  return (
    fc
      .uniqueArray(vendorOf(licences), { minLength: 2, maxLength: 4, selector: ({ vendor }) => vendor })
      // A figure that two have says nothing about either.
      .filter((all) => new Set(all.flatMap(({ price, seats }) => [price, seats])).size === 2 * all.length)
      .chain((all) =>
        fc.record({
          all: fc.constant(all),
          requirements: fc.shuffledSubarray([...REQUIREMENTS(all.length)], {
            minLength: REQUIREMENTS(all.length).length,
          }),
          wording: wordings,
          page: fc.constantFrom(...pages),
        }),
      )
      .map(({ all, requirements, wording, page }): Survey => {
        const rows = all.map(
          ({ vendor, price, seats }): Row => ({
            ...{ vendor, price, seats },
            source: `https://${vendor.toLowerCase()}.example/pricing`,
          }),
        );
        const sum = (of: 'price' | 'seats') => ({ of, is: rows.reduce((all, row) => all + row[of], 0) });
        const label = ({ vendor }: { readonly vendor: string }) => `dig[${vendor}]`;
        return {
          vendors: rows.map(({ vendor }) => vendor),
          plan: planOf(requirements),
          files: Object.fromEntries(
            all.map(({ vendor, price, seats, licence }, n) => [
              `${vendor.toLowerCase()}.md`,
              `${page({ name: vendor, price, seats, short: licence, long: ACRONYMS[licence] ?? licence })} ${rows[n]!.source}\n`,
            ]),
          ),
          ends: {
            ...Object.fromEntries(
              rows.map((row, n) => [
                label(row),
                delivered({
                  rows: [row],
                  notes: [`${row.vendor} was looked at.`],
                  log: 'x'.repeat(all[n]!.beside),
                }),
              ]),
            ),
            licences: delivered({ rows: all.map(({ vendor, licence }) => ({ vendor, licence })) }),
            totals: delivered({ totals: [sum('price'), sum('seats')] }),
            summary: delivered({
              statements: rows.map((row) => ({ about: row.vendor, text: wording(row), cites: [label(row)] })),
            }),
          },
        };
      })
  );
}
