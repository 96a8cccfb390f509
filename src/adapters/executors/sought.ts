import type { Secret } from './secrets.js';
import { type Piece, type Writing, writingsOf } from './secretWritings.js';

/** Where secrets stand in a text. */
export interface Sought {
  /** Those that stand there, in the order in which they begin; they may overlap. Of one that was shortened, what there is. */
  whole(text: string): Iterable<{ readonly name: string; readonly at: number; readonly to: number }>;
  /** The longest part of one that a text begins or ends with. */
  partAt(cut: 'start' | 'end', text: string): Part | undefined;
}
interface Part {
  readonly name: string;
  readonly length: number;
}

/** Pieces in one expression: a longer one takes long to make. */
const AT_ONCE = 64;
/** Of a secret that is cut off, what is long enough to be worth taking out. */
const LEAST_PART = 4;
/** Of a secret that somebody shortened, what is long enough to be told from other words. */
const LEAST_SHORTENED = 8;
/** How programs say that there was more: `…`, `...`, and Node of bytes ` ... 4 more bytes`. */
const SHORTENED = /['"]?\s?(?:\.\.\.|…)/y;
/** Characters that one piece may take. */
const MOST_PER_PIECE = 24;
/** Characters that may be left of a piece that a cut goes through, as of `%2F`. */
const LEFT = 6;
/** A piece of which the end is cut off. */
const BEGUN = /(?:%[0-9a-f]{0,8}|\\{1,7}(?:u[0-9a-f]{0,3}|x[0-9a-f]?)?|&[#\w;]{0,8}|[\s:,\d])$/iy;

/** A way to write one secret, with expressions that are made when first needed. */
interface One {
  readonly name: string;
  readonly writing: Writing;
  readonly head: () => RegExp;
  readonly end: () => RegExp;
  readonly whole: () => readonly RegExp[];
}
const oneOf = (name: string, writing: Writing): One => ({
  ...{ name, writing },
  head: once(() => expression(writing.slice(0, LEAST_SHORTENED), 'y')),
  end: once(() => expression(writing.slice(-LEAST_PART), '')),
  whole: once(() => inParts(writing)),
});

/** Undefined where there is nothing to be sought. */
export function soughtOf(secrets: readonly Secret[]): Sought | undefined {
  const all = secrets
    .flatMap(({ name, value }) => writingsOf(value).map((writing) => oneOf(name, writing)))
    // Where one begins as another does, the longer is found.
    .sort((a, b) => b.writing.length - a.writing.length);
  if (all.length === 0) return undefined;
  const longest = all[0]!.writing.length * MOST_PER_PIECE;
  const candidatesIn = byBeginning(all);

  return {
    *whole(text) {
      for (const { at, candidates } of candidatesIn(text, 0))
        for (const { name, writing, head, whole } of candidates) {
          if (endAt([head()], text, at) === undefined) continue;
          const to = endAt(whole(), text, at) ?? shortenedAt(writing, text, at);
          if (to === undefined) continue;
          yield { name, at, to };
          break;
        }
    },
    partAt(cut, text) {
      let found: Part | undefined;
      const take = (name: string, length: number) => {
        if (length > (found?.length ?? 0)) found = { name, length };
      };
      if (cut === 'start') {
        const start = text.slice(0, longest);
        for (const { name, writing, end } of all) if (end().test(start)) take(name, atStart(writing, start));
      } else
        for (const { at, candidates } of candidatesIn(text, Math.max(0, text.length - longest)))
          for (const { name, writing } of candidates)
            if (endsAfter(writing, text, at)) take(name, text.length - at);
      return found;
    },
  };
}

/** Beyond ASCII all are one. */
const codeAt = (text: string, at: number): number => {
  const code = text.charCodeAt(at);
  return code < ASCII ? code : 0;
};
const ASCII = 128;

/** Places at which one may begin, by their first two characters: nothing else is fast enough for long texts. */
function byBeginning(all: readonly One[]) {
  const table = Array.from<One[] | undefined>({ length: ASCII * ASCII });
  const any = Array.from({ length: ASCII }, (_, code) => code);
  const codes = ({ first }: Piece) => [...first].map((sign) => codeAt(sign, 0));
  for (const one of all) {
    const [first, second] = one.writing;
    const isOneSign = first!.pattern.length === 1;
    const seconds = new Set(isOneSign && second ? codes(second) : any);
    for (const a of new Set(codes(first!)))
      for (const b of seconds) {
        const key = a * ASCII + b;
        const bucket = table[key];
        if (bucket) bucket.push(one);
        else table[key] = [one];
      }
  }
  return function* (text: string, from: number) {
    for (let at = from, a = codeAt(text, from); at < text.length; at++) {
      const b = codeAt(text, at + 1);
      const candidates = table[a * ASCII + b];
      if (candidates) yield { at, candidates };
      a = b;
    }
  };
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

const expression = (pieces: Writing, flags: string): RegExp =>
  new RegExp(pieces.map(({ pattern }) => pattern).join(''), flags);

const inParts = (writing: Writing): readonly RegExp[] =>
  Array.from({ length: Math.ceil(writing.length / AT_ONCE) }, (_, i) =>
    expression(writing.slice(i * AT_ONCE, (i + 1) * AT_ONCE), 'y'),
  );

/** Where what begins at a place ends. */
function endAt(parts: readonly RegExp[], text: string, from: number): number | undefined {
  let at = from;
  for (const part of parts) {
    part.lastIndex = at;
    if (!part.test(text)) return undefined;
    at = part.lastIndex;
  }
  return at;
}

/** Where what begins at a place ends, if it ends by saying that there was more. */
function shortenedAt(writing: Writing, text: string, at: number): number | undefined {
  const { count, to } = follow(writing, 0, text, at);
  if (count < LEAST_SHORTENED) return undefined;
  SHORTENED.lastIndex = to;
  return SHORTENED.test(text) ? to : undefined;
}

/** How many pieces, from the `n`th on, follow each other at a place, and where that ends. */
function follow(writing: Writing, n: number, text: string, from: number): { count: number; to: number } {
  let to = from;
  let count = 0;
  for (let i = n; i < writing.length; i++, count++) {
    const one = single(writing[i]!.pattern);
    one.lastIndex = to;
    if (!one.test(text)) break;
    to = one.lastIndex;
  }
  return { count, to };
}

const singles = new Map<string, RegExp>();
/** Of one piece; there are few different ones. */
function single(pattern: string): RegExp {
  const known = singles.get(pattern) ?? new RegExp(pattern, 'y');
  singles.set(pattern, known);
  return known;
}

/** Whether a secret begins at a place, and the text ends within it. */
function endsAfter(writing: Writing, text: string, at: number): boolean {
  const { count, to } = follow(writing, 0, text, at);
  if (count < LEAST_PART || count === writing.length) return false;
  BEGUN.lastIndex = to;
  return to === text.length || BEGUN.test(text);
}

/** Characters at the beginning of a text that are the end of a secret. */
function atStart(writing: Writing, text: string): number {
  for (let left = 0; left <= LEFT; left++)
    for (let n = 1; n <= writing.length - (left === 0 ? LEAST_PART : LEAST_PART + 2); n++) {
      const { count, to } = follow(writing, n, text, left);
      if (n + count === writing.length) return to;
    }
  return 0;
}
