import type { Json, JsonObject } from '../../outcome/canonical.js';
import { blocksOf } from './blocks.js';
import { type Mark, markOf } from './decimals.js';
import { type Entry, fieldOf, keyWords, passageOf, SHORT } from './fields.js';
import { type Labels, labelsIn } from './labels.js';
import { type Passage, type Reading, wordSet } from './passages.js';
import { datesOf, readProse } from './prose.js';
import { subjects } from './subjects.js';

export const emptyReading = (): Reading => ({
  ...{ tokens: [], mentions: [], passages: [], names: [], clauses: [] },
  fields: new Map(),
});

/** Reads a text with its headings, lists and tables. @param labels of a statement: what its sources call things */
export function readText(text: string, reading: Reading, labels?: readonly Labels[], within?: Passage): void {
  const mark = markOf(text);
  let about = subjects([]);
  let headings: { readonly level: number; readonly passage: Passage }[] = [];
  for (const block of blocksOf(text)) {
    const above = headings.at(-1)?.passage ?? within;
    const place = { ...(above && { within: above }), ...(labels && { labels }) };
    switch (block.kind) {
      case 'heading': {
        headings = headings.filter(({ level }) => level < block.level);
        const passage = headingOf(block.text, headings.at(-1)?.passage ?? within);
        headings.push({ level: block.level, passage });
        about = subjects([]);
        readProse(block.text, { ...place, heading: true, mark }, reading);
        break;
      }
      case 'record':
        readRecord(block.entries, { ...place, mark }, reading);
        break;
      case 'item':
      case 'prose':
        if (block.kind === 'item') about = subjects([]);
        readProse(block.text, { ...place, about, mark: markOf(block.text) ?? mark }, reading);
    }
  }
}

/** One word of a heading may be a name, or `Price`. */
function headingOf(text: string, within?: Passage): Passage {
  const { names, ...passage } = passageOf([['', text]], within);
  return { ...passage, names: names.map((name) => ({ ...name, strong: name.words.length > 1 })) };
}

/** Reads a value: each object with the fields of those that it stands in. */
export function readValue(value: Json, reading: Reading, key = '', within?: Passage): void {
  if (value === null || typeof value === 'boolean') return;
  if (Array.isArray(value)) for (const member of value) readValue(member, reading, key, within);
  else if (typeof value === 'string' && within === undefined) readText(value, reading);
  else if (typeof value === 'object')
    readRecord(
      Object.entries(value as JsonObject),
      { ...(within && { within: named(key, within) }) },
      reading,
    );
  else readField(key, value as string | number, within, {}, reading);
}

interface Around {
  readonly within?: Passage;
  readonly mark?: Mark | undefined;
  readonly labels?: readonly Labels[];
}

/** Fields of one thing: the short ones say what the figures among them are about. */
function readRecord(entries: readonly Entry[], { within, mark, labels }: Around, reading: Reading): void {
  const passage = passageOf(entries, within, labels);
  reading.passages.push(passage);
  const from = reading.mentions.length;
  for (const [key, value] of entries)
    for (const one of Array.isArray(value) ? (value as readonly Json[]) : [value])
      if (typeof one === 'string' || typeof one === 'number')
        readField(key, one, passage, { mark, ...(labels && { labels }) }, reading);
      else readValue(one, reading, key, passage);
  if (passage.names.length === 0) return;
  const mentions = reading.mentions.slice(from).filter((one) => one.passage.within?.within === passage);
  reading.clauses.push({ passage, own: passage.names, words: passage.words, beside: [], mentions });
}

function readField(
  key: string,
  value: string | number,
  within: Passage | undefined,
  { mark, labels }: Around,
  reading: Reading,
): void {
  const text = typeof value === 'number' ? `${value}` : value;
  if (text.trim() === '') return;
  if (text.length > SHORT || text.includes('\n')) {
    readText(text, reading, labels, within && named(key, within));
    return;
  }
  const { field, names, dates } = fieldOf(key, reading);
  const heads = labels ? [...names, ...labelsIn(key, labels)] : names;
  const keys = dates.flatMap(datesOf);
  const inField: Passage = { words: wordSet(field), names: [], dates: keys, ...(within && { within }) };
  const from = reading.mentions.length;
  // A number of JSON has a point; a text in a cell is read as its table or its value has it.
  const place = {
    within: inField,
    heads,
    field,
    cell: true,
    mark: typeof value === 'number' ? ('point' as const) : (markOf(text) ?? mark),
  };
  readProse(text, { ...place, ...(labels && { labels }) }, reading);
  if (dates.length === 0) return;
  // What a column of 2024 holds is of 2024.
  const { passage = inField, sentence = inField.words } = reading.mentions[from] ?? {};
  for (const token of dates) reading.mentions.push({ token, passage, topics: [], sentence });
}

const named = (key: string, within: Passage): Passage => ({
  words: wordSet(keyWords(key)),
  names: [],
  dates: [],
  within,
});
