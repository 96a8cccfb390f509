import { coarser } from './dates.js';
import { saidOf } from './elsewhere.js';
import type { Known } from './known.js';
import type { Name } from './names.js';
import { around, holds, type Mention, namesIn } from './passages.js';
import { namesOfUnit } from './units.js';
import { wordsOf } from './words.js';

/** Whether a figure is in the same unit there; one that a source leaves out may be said beside it. */
export function sameUnit(said: Mention, held: Mention): boolean {
  const [ours, theirs] = [said.token.units, held.token.units];
  if (!ours || !theirs || ours.some((unit) => theirs.includes(unit))) return true;
  if (ours.includes('')) return !theirs.includes('%');
  if (!theirs.includes('')) return false;
  const names = ours.flatMap(namesOfUnit).map(wordsOf);
  return names.some((words) => words.length > 0 && holds(held.passage, words));
}

/**
 * Whether a figure of a statement is about what the same figure of a source is about.
 *  1. Certain names of the statement that the source knows must stand there, or be said of the same elsewhere (`elsewhere`).
 *  2. Labels, words for the figure and dates must do so only where something else of their kind stands in their place.
 */
export function fitting(said: Mention, known: Known): (held: Mention) => boolean {
  const names = namesAbout(said);
  const certain = names.filter(
    ({ strong, words, column }) => strong || (column === undefined && words.every(known.named)),
  );
  const wanted = certain.filter(({ words }) => known.name(words));
  const certainly = new Set(certain.flatMap(({ words }) => words));
  const perhaps = names.filter(({ column }) => column === undefined).flatMap(({ words }) => words);
  const called = [...new Set([...said.topics, ...perhaps])].filter((word) => !certainly.has(word));
  return (held) =>
    areSaid(wanted, said, held, known) &&
    sameLabels(names, said, held) &&
    sameTopics(called, said, held, known) &&
    sameDates(said, held, known);
}

export const namesAbout = ({ passage }: Mention): Name[] => namesIn(passage);

function areSaid(wanted: readonly Name[], said: Mention, held: Mention, known: Known): boolean {
  const [there, missing] = [true, false].map((is) =>
    wanted.filter(({ words }) => isNamed(words, held) === is),
  );
  return missing!.every(saidOf(there!, said, held, known));
}

/** All of the name, or a part of it that is a name there: `Moreau` for `Ada Moreau`. */
const isNamed = (words: readonly string[], held: Mention): boolean =>
  holds(held.passage, words) ||
  namesAbout(held).some((name) => name.words.every((word) => words.includes(word)));

/** Neither stands for a row, or an object, that goes by another value of the same field. */
function sameLabels(names: readonly Name[], { sentence }: Mention, held: Mention): boolean {
  const theirs = namesAbout(held).filter(({ words }) => !words.every((word) => sentence.has(word)));
  return names
    .filter(({ column, strong }) => column !== undefined && !strong)
    .every(({ column, words }) => holds(held.passage, words) || !theirs.some((one) => one.column === column));
}

/** Other words for a thing make it no other one: only where some figure is called more nearly so, and this one otherwise. */
function sameTopics(
  ours: readonly string[],
  { sentence, token }: Mention,
  held: Mention,
  known: Known,
): boolean {
  const { words, names } = held.passage;
  const shared = ours.filter((word) => words.has(word) || held.topics.includes(word));
  const lacking = ours.filter((word) => !holds(held.passage, [word]));
  if (!known.nearer(ours, lacking, shared.length, token)) return true;
  const units = new Set((token.units ?? []).flatMap(namesOfUnit));
  const said = (word: string) => sentence.has(word) || units.has(word);
  return held.topics.every(said) && names.every((name) => name.words.some(said));
}

function sameDates({ token, passage }: Mention, held: Mention, known: Known): boolean {
  if (token.kind === 'date') return true;
  const ours = [...around(passage)].flatMap(({ dates }) => dates);
  const theirs = [...around(held.passage)].flatMap(({ dates }) => dates);
  if (theirs.every((date) => ours.some((one) => areOne(one, date)))) return true;
  return ours.every((date) => !known.date(date) || theirs.some((one) => areOne(date, one)));
}

const areOne = (a: string, b: string): boolean => coarser(a).includes(b) || coarser(b).includes(a);
