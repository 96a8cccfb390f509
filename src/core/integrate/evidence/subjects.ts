import type { Name } from './names.js';

/*
 * Whom a figure in running text is about:
 *  1. A name that no preposition introduces holds from where it stands until, after a figure, another one comes, also over
 *     the end of a sentence. What may be a common word puts no certain name out of its place.
 *  2. A name after a preposition holds for its clause, and for those after it in the sentence that have none.
 *  3. After a pronoun the next name comes in addition.
 */
export interface Subjects {
  name(name: Name, introduced: boolean): void;
  /** Names that hold now. @param placed a figure or date stands here */
  now(placed: boolean): readonly Name[];
  /** @param kept what was spoken of goes on to be */
  newSentence(pronoun: boolean, kept: boolean): void;
}

/** Of a long list of names the last ones hold. */
const MOST = 20;

export function subjects(initial: readonly Name[]): Subjects {
  let heads = [...initial];
  let others: Name[] = [];
  let headsUsed = true;
  let othersUsed = false;
  let adding = false;
  return {
    name(name, introduced) {
      if (introduced) {
        if (othersUsed) others = [];
        othersUsed = false;
        others = [...others, name].slice(-MOST);
        return;
      }
      if (headsUsed && !adding)
        heads = heads.filter((head) => initial.includes(head) || (head.strong && !name.strong));
      if (name.strong) headsUsed = false;
      heads = [...heads, name].slice(-MOST);
    },
    now(placed) {
      const all = [...heads, ...others];
      if (placed) {
        headsUsed = true;
        othersUsed = true;
      }
      return all;
    },
    newSentence(pronoun, kept) {
      adding = pronoun;
      others = [];
      headsUsed = true;
      if (!pronoun && !kept) heads = [...initial];
    },
  };
}
