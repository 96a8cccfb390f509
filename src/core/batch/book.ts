import type { BatchedRequest, Row } from '../outcome/rows.js';
import type { Said } from '../outcome/said.js';

/*
 * What was asked in batches for one unit, and what came of it: the fold of a log that whoever sends them writes to.
 *  1. A batch is on record before it is sent, under its number; so whoever goes on looks for it before sending it.
 *  2. What is said of a batch first counts: its id, an answer, that it is over.
 *  3. What no batch has answered goes into another, {@link ROUNDS} in all; after that it is left to be asked directly. A
 *     batch that there was no room for is no round.
 */
export interface Book {
  /** By number, from 1. */
  readonly batches: readonly Batched[];
  readonly said: ReadonlyMap<string, Said>;
  /** Keys of what no batch will answer. */
  readonly never: ReadonlySet<string>;
}
export interface Batched {
  readonly n: number;
  /** ms since the epoch. */
  readonly since: number;
  readonly requests: readonly BatchedRequest[];
  /** As the provider calls it; absent: nobody knows whether it took it. */
  readonly id?: string;
  readonly over?: { readonly why?: string; readonly noRoom?: true };
}

/** Most batches that ask the same. */
const ROUNDS = 3;

export const EMPTY_BOOK: Book = { batches: [], said: new Map(), never: new Set() };

export function foldBook(book: Book, row: Row): Book {
  switch (row.row) {
    case 'batch': {
      const { n, since, requests } = row;
      return n === book.batches.length + 1
        ? { ...book, batches: [...book.batches, { n, since, requests }] }
        : book;
    }
    case 'batch-id':
      return changed(book, row.n, (batch) => ({ ...batch, id: batch.id ?? row.id }));
    case 'said':
      return { ...book, said: new Map([...Object.entries(row.said), ...book.said]) };
    case 'batch-over': {
      const { n, why, noRoom, never = [] } = row;
      const over = { ...(why !== undefined && { why }), ...(noRoom && { noRoom }) };
      const next = changed(book, n, (batch) => ({ ...batch, over: batch.over ?? over }));
      return never.length > 0 ? { ...next, never: new Set([...book.never, ...never]) } : next;
    }
    default:
      return book;
  }
}

const changed = (book: Book, n: number, how: (batch: Batched) => Batched): Book => ({
  ...book,
  batches: book.batches.map((batch) => (batch.n === n ? how(batch) : batch)),
});

export const underWay = ({ batches }: Book): readonly Batched[] => batches.filter(({ over }) => !over);

/** Why the provider takes none; undefined where it does, as far as is known. */
export const refusal = ({ batches }: Book): string | undefined =>
  batches.find(({ over }) => over?.why !== undefined)?.over?.why;

/** Most requests of the next one: half as many as there was no room for the last time. */
export function roomFor({ batches }: Book): number {
  const last = batches.at(-1);
  return last?.over?.noRoom ? Math.max(1, Math.floor(last.requests.length / 2)) : Number.POSITIVE_INFINITY;
}

/** Instances that no batch has asked about yet. @param count of the fan; absent: it is a brief of its own */
export function unasked({ batches }: Book, count: number | undefined): readonly (number | undefined)[] {
  const asked = new Set(batches.flatMap(({ requests }) => requests.map(({ k }) => k)));
  const all = count === undefined ? [undefined] : Array.from({ length: count }, (_, k) => k);
  return all.filter((k) => !asked.has(k));
}

/** Requests that were sent, came back unanswered, and may be sent again. */
export function unanswered(book: Book): readonly BatchedRequest[] {
  const rounds = new Map<string, number>();
  for (const { requests, over } of book.batches)
    for (const { key } of requests) rounds.set(key, (rounds.get(key) ?? 0) + (over?.noRoom ? 0 : 1));
  const waiting = new Set(underWay(book).flatMap(({ requests }) => requests.map(({ key }) => key)));
  const once = new Map(book.batches.flatMap(({ requests }) => requests.map((one) => [one.key, one])));
  return [...once.values()].filter(
    ({ key }) =>
      !book.said.has(key) && !book.never.has(key) && !waiting.has(key) && rounds.get(key)! < ROUNDS,
  );
}
