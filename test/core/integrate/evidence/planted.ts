import type { Json } from '../../../../src/core/outcome/canonical.js';
import { formats, withDigitChanged } from './formats.js';
import { languages } from './records/languages.js';
import { prose } from './records/prose.js';
import type { Claim, SourceRecord } from './records/record.js';
import { rows } from './records/rows.js';
import { tables } from './records/tables.js';

/*
 * Statements made by named alterations of hand-written records. They were chosen before there was code to judge them.
 */

export const records: readonly SourceRecord[] = [...prose, ...tables, ...rows, ...languages];

/** What was done to a claim. The first are still borne out by what they cite, all others are not. */
export const SUPPORTED = [
  'verbatim',
  'reworded',
  'reformatted number',
  'reformatted date',
  'merged from two',
] as const;
export const ALTERED = [
  'altered figure',
  'altered name',
  'altered date',
  'altered quotation',
  'invented link',
  'figure of another subject',
  'wrong brief',
  'no brief',
  'unknown id',
  'only one of two cited',
] as const;
export type Alteration = (typeof SUPPORTED)[number] | (typeof ALTERED)[number];

export interface Planted {
  readonly alteration: Alteration;
  readonly text: string;
  readonly cites: readonly string[];
}

export const plantedIn = (records: readonly SourceRecord[]): readonly Planted[] =>
  records.flatMap((record, n) => {
    const elsewhere = records[(n + 7) % records.length]!;
    return record.claims.flatMap((claim, c) => alterationsOf(record, claim, elsewhere, c));
  });

function alterationsOf(record: SourceRecord, claim: Claim, elsewhere: SourceRecord, c: number): Planted[] {
  const { text, figure, other, name, date, dates = [], quote, link, reworded = [] } = claim;
  const own = [record.label];
  const made: Planted[] = [];
  const add = (alteration: Alteration, altered: string | undefined, cites: readonly string[] = own) => {
    if (altered === text && alteration.startsWith('altered'))
      throw new Error(`${alteration} alters nothing: ${text}`);
    if (altered !== undefined) made.push({ alteration, text: altered, cites });
  };
  const put = ([written]: readonly [string, ...unknown[]], instead: string) => {
    if (!text.includes(written)) throw new Error(`\`${written}\` is not in: ${text}`);
    return text.replace(written, () => instead);
  };

  add('verbatim', text);
  for (const other of reworded) add('reworded', other);
  if (figure) {
    const [written, value] = figure;
    for (const format of formats(value, record.decimal))
      if (format !== written) add('reformatted number', put(figure, format));
    const digits = written.replace(/\D/g, '').length;
    for (const nth of new Set([0, digits - 1])) {
      const changed = withDigitChanged(written, nth);
      if (!stands(changed, record.value)) add('altered figure', put(figure, changed));
    }
    if (other !== undefined) add('figure of another subject', put(figure, other));
  }
  if (name) add('altered name', put(name, name[1]));
  if (date) {
    add('altered date', put(date, date[1]));
    for (const format of dates) if (format !== date[0]) add('reformatted date', put(date, format));
  }
  if (quote) {
    add('altered quotation', put(quote, quote[1]));
    if (quote[0].includes(' ')) add('altered quotation', put(quote, quote[0].replace(/ \S+/, '')));
  }
  if (link) {
    add('invented link', put(link, link[1]));
    add('invented link', put(link, link[0].replace('.example', '.test').replace('doi.org', 'dx.test')));
    add('invented link', put(link, `${link[0]}0`));
  }

  add('wrong brief', text, [elsewhere.label]);
  add('no brief', text, []);
  add('unknown id', text, [c % 2 === 0 ? 'nobody' : `${record.label}_2`]);
  if (c === 0) {
    const both = `${text.replace(/[^.|”»"]$/, '$&.')}\n${elsewhere.claims[0]!.text}`;
    add('merged from two', both, [record.label, elsewhere.label]);
    add('only one of two cited', both, own);
  }
  return made;
}

/** Whether the digits of a number stand in a record, whatever they are there. */
function stands(number: string, value: Json): boolean {
  const digits = number.replace(/\D/g, '');
  return JSON.stringify(value)
    .replace(/(?<=\d)[.,\s’](?=\d)/g, '')
    .split(/\D+/)
    .includes(digits);
}
