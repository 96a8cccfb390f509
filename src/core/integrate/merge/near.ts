import type { Json } from '../../outcome/canonical.js';
import { identityBy } from '../sameness.js';

/*
 * Items that say nearly the same:
 *  1. how alike two are is the share of their word pairs that both have (Jaccard);
 *  2. two whose figures differ are never one, however alike their words are;
 *  3. each item goes to the first kept one that is near enough, so what is removed is near to what stands for it;
 *  4. only items that have a rare pair in common are compared (prefix filtering), which leaves no near pair out.
 */

/** Of each item, by its place: the place of the one that stands for it, itself where none did before. */
export function nearest(items: Iterable<Json>, near: number): readonly number[] {
  const featuresOf = reader();
  const all: Features[] = [];
  for (const item of items) all.push(featuresOf(item));
  const rarity: number[] = [];
  for (const { pairs } of all) for (const pair of pairs) rarity[pair] = (rarity[pair] ?? 0) + 1;
  const kept = new Map<number, number[]>();
  return all.map((item, at) => {
    const rarest = item.pairs.slice().sort((a, b) => rarity[a]! - rarity[b]! || a - b);
    // Two that share enough have one of these in common.
    const telling = rarest.subarray(0, rarest.length - Math.ceil(near * rarest.length) + 1);
    const candidates = new Set([...telling].flatMap((pair) => kept.get(pair) ?? []));
    const found = [...candidates]
      .sort((a, b) => a - b)
      .find((one) => all[one]!.figures === item.figures && shareOf(all[one]!.pairs, item.pairs) >= near);
    if (found !== undefined) return found;
    for (const pair of telling) {
      const places = kept.get(pair);
      if (places) places.push(at);
      else kept.set(pair, [at]);
    }
    return at;
  });
}

/** What two items have in common of the word pairs that either has, from 0 to 1. */
export function alike(a: Json, b: Json): number {
  const featuresOf = reader();
  return shareOf(featuresOf(a).pairs, featuresOf(b).pairs);
}

interface Features {
  /** Numbers of its word pairs, each once, in order. */
  readonly pairs: Uint32Array;
  /** In order. */
  readonly figures: string;
}

const WORD = /[\p{L}\p{N}]+(?:[.,:/-]\p{N}+)*/gu;
const identity = identityBy('normalised');

/** Reads items; a word pair has one number, and its text is kept once, in whichever items it stands. */
function reader(): (item: Json) => Features {
  const numbers = new Map<string, number>();
  const numberOf = (pair: string): number => {
    const known = numbers.get(pair) ?? numbers.size;
    numbers.set(pair, known);
    return known;
  };
  return (item) => {
    const words = identity(item).match(WORD) ?? [];
    // The first word begins a pair too, and the last one ends one.
    const pairs = new Set([...words, ''].map((word, n) => numberOf(`${words[n - 1] ?? ''} ${word}`)));
    return {
      pairs: Uint32Array.from(pairs).sort(),
      figures: words.filter((word) => /\p{N}/u.test(word)).join(' '),
    };
  };
}

function shareOf(a: Uint32Array, b: Uint32Array): number {
  let both = 0;
  for (let n = 0, m = 0; n < a.length && m < b.length; ) {
    const [one, other] = [a[n]!, b[m]!];
    if (one === other) both++;
    if (one <= other) n++;
    if (other <= one) m++;
  }
  return both / (a.length + b.length - both);
}
