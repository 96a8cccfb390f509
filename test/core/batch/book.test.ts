import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EMPTY_BOOK, foldBook, unanswered, unasked, underWay } from '../../../src/core/batch/book.js';
import type { Row } from '../../../src/core/outcome/rows.js';

const WIDTH = 12;
const key = (k: number) => `key ${k}`;
const request = (k: number) => ({ key: key(k), k });
const said = { text: '1', refusal: '', finish: 'stop', usage: {} };

describe('what was asked in batches', () => {
  it('asks about every instance until it is answered or was in three batches, and about none in two at a time', () => {
    // Of each request in each batch: whether an answer comes, nothing, or word that none ever will.
    const fates = fc.array(fc.constantFrom('said', 'nothing', 'never'), { minLength: 60, maxLength: 60 });
    fc.assert(
      fc.property(fates, fc.integer({ min: 1, max: WIDTH }), (fates, size) => {
        let book = EMPTY_BOOK;
        const rounds = new Map<number, number>();
        const add = (...rows: readonly Row[]) => {
          book = rows.reduce(foldBook, book);
        };
        for (let f = 0; ; ) {
          const open = [...unasked(book, WIDTH), ...unanswered(book).map(({ k }) => k)] as number[];
          if (open.length === 0) break;
          const n = book.batches.length + 1;
          const some = open.slice(0, size);
          expect(new Set(some).size).toBe(some.length);
          add({ row: 'batch', n, since: 0, requests: some.map(request) });
          for (const k of some) {
            rounds.set(k, (rounds.get(k) ?? 0) + 1);
            expect(unanswered(book).map(({ k }) => k)).not.toContain(k);
          }
          const fate = new Map(some.map((k) => [k, fates[f++ % fates.length]!]));
          const those = (what: string) => some.filter((k) => fate.get(k) === what).map(key);
          add(
            { row: 'said', said: Object.fromEntries(those('said').map((one) => [one, said])) },
            { row: 'batch-over', n, took: { tokens: 0, usd: 0 }, unmade: 0, never: those('never') },
          );
        }
        expect(underWay(book)).toEqual([]);
        for (let k = 0; k < WIDTH; k++)
          expect(book.said.has(key(k)) || book.never.has(key(k)) || rounds.get(k) === 3).toBe(true);
      }),
    );
  });

  it('goes by what was said first: of a number, of its id, of an answer', () => {
    const rows: readonly Row[] = [
      { row: 'batch', n: 1, since: 1, requests: [request(0)] },
      { row: 'batch', n: 1, since: 2, requests: [request(1)] },
      { row: 'batch-id', n: 1, id: 'a' },
      { row: 'batch-id', n: 1, id: 'b' },
      { row: 'said', said: { [key(0)]: said } },
      { row: 'said', said: { [key(0)]: { ...said, text: '2' } } },
    ];
    const book = rows.reduce(foldBook, EMPTY_BOOK);
    expect(book.batches).toMatchObject([{ n: 1, since: 1, requests: [request(0)], id: 'a' }]);
    expect(book.said.get(key(0))).toEqual(said);
  });
});
