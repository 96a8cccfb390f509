import type { Json } from '../../outcome/canonical.js';
import { coarser } from './dates.js';
import { type Labels, labelsOf } from './labels.js';
import { pageOf } from './links.js';
import { type Clause, holds, type Mention, namesIn, type Passage } from './passages.js';
import { hasWords, plainText } from './quotations.js';
import { emptyReading, readText, readValue } from './read.js';
import type { Part } from './statement.js';
import type { Token } from './token.js';

/** What one source holds, to be looked up. */
export interface Shelf {
  readonly mentions: ReadonlyMap<string, readonly Mention[]>;
  /** Keys of links and identifiers. */
  readonly keys: ReadonlySet<string>;
  readonly passages: ReadonlyMap<string, readonly Passage[]>;
  /** By each of its words, what a figure is called; each once, however many figures are called so. */
  readonly topics: ReadonlyMap<string, readonly Called[]>;
  /** By each word of what they name or are about. */
  readonly clauses: ReadonlyMap<string, readonly Clause[]>;
  /** Values of fields and columns. */
  readonly labels: Labels;
  /** Words of what is certainly a name. */
  readonly named: ReadonlySet<string>;
  /** Passages and figures of it. */
  readonly size: number;
  /** Whether it has these words as they are. */
  readonly says: (words: string) => boolean;
}

/** What a figure is called. */
interface Called {
  readonly words: ReadonlySet<string>;
  readonly token: Token;
}

export function shelfOf(part: Part): Shelf {
  const reading = emptyReading();
  if ('value' in part) readValue(part.value, reading);
  else readText(part.text, reading);
  const mentions = new Map<string, Mention[]>();
  const topics = new Map<string, Called[]>();
  const called = new Set<string>();
  for (const mention of reading.mentions) {
    for (const key of mention.token.keys) for (const one of coarser(key)) push(mentions, one, mention);
    const name = [...mention.topics, ...(mention.token.units ?? [])].join(' ');
    if (called.has(name)) continue;
    called.add(name);
    const words = new Set(mention.topics);
    for (const topic of words) push(topics, topic, { words, token: mention.token });
  }
  const passages = new Map<string, Passage[]>();
  const named = new Set<string>();
  for (const passage of reading.passages) {
    for (const word of passage.words) push(passages, word, passage);
    for (const { words, strong } of passage.names) if (strong) for (const word of words) named.add(word);
  }
  for (const { name } of reading.names) if (name.strong) for (const word of name.words) named.add(word);
  const clauses = new Map<string, Clause[]>();
  for (const clause of reading.clauses) {
    const about = [...clause.own, ...namesIn(clause.passage)].flatMap(({ words }) => words);
    for (const word of new Set(about)) push(clauses, word, clause);
  }
  const keys = reading.tokens.flatMap(({ kind, keys }) => (kind === 'link' || kind === 'name' ? keys : []));
  let plain: readonly string[] | undefined;
  return {
    ...{ mentions, passages, topics, named, clauses },
    size: reading.passages.length + reading.mentions.length,
    keys: new Set(keys.flatMap((key) => [key, ...(key.startsWith('link ') ? [pageOf(key)] : [])])),
    labels: labelsOf(
      reading.passages.flatMap(({ names }) => names.filter(({ column }) => column !== undefined)),
    ),
    says(words) {
      plain ??= ('value' in part ? [...stringsOf(part.value)] : [part.text]).map(plainText);
      return plain.some((text) => hasWords(text, words));
    },
  };
}

/** Whether something of it speaks of all these words at once. */
export function knows({ passages }: Pick<Shelf, 'passages'>, words: readonly string[]): boolean {
  const lists = words.map((word) => passages.get(word) ?? []);
  const fewest = lists.reduce((least, list) => (list.length < least.length ? list : least));
  return (
    fewest.some((passage) => holds(passage, words)) ||
    (words.length > 1 && lists.some((list) => list.some((passage) => holds(passage, words))))
  );
}

export function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

function* stringsOf(value: Json): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (value !== null && typeof value === 'object')
    for (const member of Object.values(value)) yield* stringsOf(member);
}
