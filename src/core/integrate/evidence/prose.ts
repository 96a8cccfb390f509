import { clausesOf, type Span, sentencesOf } from './clauses.js';
import type { Mark } from './decimals.js';
import { type Labels, labelsIn } from './labels.js';
import { identifierName, type Name, namesIn } from './names.js';
import { onlyOf, pairsOf } from './pairs.js';
import { type Clause, type Passage, type Reading, wordSet } from './passages.js';
import { scan } from './scan.js';
import { type Subjects, subjects } from './subjects.js';
import { blanked, type Token } from './token.js';
import { topicsBy, topicsOf } from './topics.js';
import { ARTICLES, PREPOSITIONS, PRONOUNS, wordsOf } from './words.js';

/** What is known of a text before it is read. */
export interface Place {
  readonly within?: Passage;
  /** The field whose value it is: what its name speaks of. */
  readonly heads?: readonly Name[];
  readonly field?: readonly string[];
  /** What the text before it was about; absent where it begins anew. */
  readonly about?: Subjects;
  /** It stands alone in a cell: all of the row is one clause. */
  readonly cell?: boolean;
  /** What is named here holds for what stands below. */
  readonly heading?: boolean;
  readonly mark?: Mark | undefined;
  /** Of a statement what its sources call things; absent where a source is read. */
  readonly labels?: readonly Labels[];
}

/** Reads running text, sentence by sentence, into `reading`. */
export function readProse(text: string, place: Place, reading: Reading): void {
  const { tokens, rest } = scan(text, place.mark);
  const spoken = blanked(
    text,
    tokens.filter(({ kind }) => kind !== 'name'),
    ' ',
  );
  const identifiers = tokens.flatMap(({ kind, text, at }) =>
    kind === 'name' ? [identifierName(text, at)] : [],
  );
  const capitals = namesIn(rest, place.cell);
  const entities = [...identifiers, ...capitals, ...(place.labels ? labelsIn(text, place.labels) : [])].sort(
    (a, b) => a.at - b.at,
  );
  const about = place.about ?? subjects(place.heads ?? []);
  const spans = sentencesOf(rest);
  const tokensIn = bySpan(spans, tokens);
  const capitalsIn = bySpan(spans, capitals);
  const entitiesIn = bySpan(spans, entities);
  for (const token of tokens) reading.tokens.push(token);
  for (const [n, span] of spans.entries()) {
    const pronoun = PRONOUNS.has(wordsOf(rest.slice(span.from, span.from + 12))[0] ?? '');
    about.newSentence(pronoun, place.labels === undefined);
    const words = wordSet([...wordsOf(spoken.slice(span.from, span.to)), ...(place.field ?? [])]);
    const whole = { rest, spoken, span, words, tokens: tokensIn[n]!, entities: entitiesIn[n]! };
    const clauses = readSentence(whole, about, place);
    const mentions = clauses.flatMap((clause) => clause.mentions);
    for (const mention of mentions) reading.mentions.push(mention);
    if (!place.heading && !place.cell)
      for (const clause of clauses) if (clause.own.length > 0) reading.clauses.push(clause);
    reading.passages.push({ words, names: [], dates: [], ...(place.within && { within: place.within }) });
    for (const name of capitalsIn[n]!) reading.names.push({ name, beside: mentions });
  }
}

/** So many words of a clause go on to hold for the next. */
const CARRIED = 50;

interface Sentence {
  readonly rest: string;
  readonly spoken: string;
  readonly span: Span;
  readonly words: ReadonlySet<string>;
  readonly tokens: readonly Token[];
  readonly entities: readonly Name[];
}

function readSentence(sentence: Sentence, about: Subjects, { within, field = [] }: Place): Clause[] {
  const read: Clause[] = [];
  let dates: readonly string[] = [];
  let said: readonly string[] = [];
  const { tokens, entities, spoken, span } = sentence;
  const pairs = pairsOf(spoken.slice(span.from, span.to), tokens, entities);
  const clauses = clausesOf(sentence.rest, span);
  const tokensIn = bySpan(clauses, tokens);
  const entitiesIn = bySpan(clauses, entities);
  for (const [n, clause] of clauses.entries()) {
    const placed = tokensIn[n]!.filter(({ kind }) => kind === 'figure' || kind === 'date');
    const named = entitiesIn[n]!;
    for (const name of named) about.name(name, isIntroduced(sentence.rest, name.at));
    const names = about.now(placed.length > 0);
    const own = wordsOf(spoken.slice(clause.from, clause.to));
    // A clause that says nothing of its own goes on with what was said.
    const silent = topicsOf(own).length === 0;
    if (!silent) said = own.slice(-CARRIED);
    const inClause = placed.flatMap(datesOf);
    if (inClause.length > 0) dates = inClause;
    if (placed.length === 0 && named.length === 0) continue;
    const passage: Passage = {
      words: wordSet([...own, ...said, ...field, ...names.flatMap(({ words }) => words)]),
      ...{ names, dates, ...(within && { within }) },
    };
    const figures = placed.filter(({ kind }) => kind === 'figure');
    const topics = topicsBy(spoken, clause, figures);
    const mentions = placed.map((token) => {
      const of = silent || figures.length === 0 ? topicsOf(said) : (topics.get(token) ?? []);
      const name = pairs?.get(token);
      const mention = { token, passage, topics: [...topicsOf(field), ...of], sentence: sentence.words };
      return name ? onlyOf(name, mention) : mention;
    });
    const words = wordSet(named.flatMap(({ words }) => words));
    read.push({ passage, own: named, words, beside: entities, mentions });
  }
  return read;
}

/** Of things in their order those in each of these spans, which are in order too. */
function bySpan<T extends { readonly at: number }>(spans: readonly Span[], things: readonly T[]): T[][] {
  let n = 0;
  return spans.map(({ to }) => {
    const first = n;
    while (n < things.length && things[n]!.at < to) n++;
    return things.slice(first, n);
  });
}

export const datesOf = ({ keys }: Token): string[] => keys.filter((key) => key.startsWith('date '));

/** Whether a bracket, or a preposition stands before it, with no more than an article between them. */
function isIntroduced(rest: string, at: number): boolean {
  if (rest[at - 1] === '(') return true;
  const before = /[\p{L}\s'’]*$/u.exec(rest.slice(Math.max(0, at - 24), at))![0];
  return PREPOSITIONS.has(wordsOf(before).findLast((word) => !ARTICLES.has(word)) ?? '');
}
