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
export function nearest(items: readonly Json[], near: number): readonly number[] {
  const all = items.map(featuresOf);
  const rarity = new Map<string, number>();
  for (const { pairs } of all) for (const pair of pairs) rarity.set(pair, (rarity.get(pair) ?? 0) + 1);
  const kept = new Map<string, number[]>();
  return all.map((item, at) => {
    const rarest = [...item.pairs].sort((a, b) => rarity.get(a)! - rarity.get(b)! || (a < b ? -1 : 1));
    // Two that share enough have one of these in common.
    const telling = rarest.slice(0, rarest.length - Math.ceil(near * rarest.length) + 1);
    const candidates = new Set(telling.flatMap((pair) => kept.get(pair) ?? []));
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
export const alike = (a: Json, b: Json): number => shareOf(featuresOf(a).pairs, featuresOf(b).pairs);

interface Features {
  readonly pairs: ReadonlySet<string>;
  /** In order. */
  readonly figures: string;
}

const WORD = /[\p{L}\p{N}]+(?:[.,:/-]\p{N}+)*/gu;
const identity = identityBy('normalised');

function featuresOf(item: Json): Features {
  const words = identity(item).match(WORD) ?? [];
  // The first word begins a pair too, and the last one ends one.
  const pairs = new Set([...words, ''].map((word, n) => `${words[n - 1] ?? ''} ${word}`));
  return { pairs, figures: words.filter((word) => /\p{N}/u.test(word)).join(' ') };
}

function shareOf(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let both = 0;
  for (const one of a) if (b.has(one)) both++;
  return both / (a.size + b.size - both);
}
