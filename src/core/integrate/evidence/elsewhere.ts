import type { Known } from './known.js';
import { isAcronym, type Name } from './names.js';
import { type Clause, holds, type Mention, namesIn } from './passages.js';
import { isOfUnits } from './token.js';

/*
 * What a row says in one, a source may say in several clauses: `It costs 20. It is under the Business Source License (BSL).`
 * So a name that a statement has beside a figure, and the source has not, is borne out where
 *  1. another clause or record of the source says it of something that the figure is about, here and there, and of nobody else;
 *  2. nobody else stands beside the figure either: `Oslo has 4 rooms` is no figure of Porto's;
 *  3. and that other clause has no figure of its own which could be meant: `In Porto it has 9`.
 */

/** @param there names of the statement that the figure is about in the source too */
export function saidOf(
  there: readonly Name[],
  said: Mention,
  held: Mention,
  known: Known,
): (missing: Name) => boolean {
  return (missing) => {
    const isOther = othersOf(missing, there, said, known);
    if (namesIn(held.passage).some(isOther)) return false;
    return there.some((name) =>
      known
        .clauses([...name.words, ...missing.words])
        .some(
          (clause) =>
            missing.words.every((word) => clause.words.has(word)) &&
            isAbout(name, clause, isOther) &&
            !clause.mentions.some((other) => couldBe(other, said, clause)),
        ),
    );
  };
}

/** A clause is about what it names itself, or else about what the text before it was. */
function isAbout(
  { words }: Name,
  { own, words: named, passage, beside }: Clause,
  isOther: (name: Name) => boolean,
) {
  if (words.every((word) => named.has(word))) return !own.some(isOther);
  const about = namesIn(passage);
  return (
    about.some(
      (one) =>
        words.every((word) => one.words.includes(word)) || one.words.every((word) => words.includes(word)),
    ) && ![...about, ...beside].some(isOther)
  );
}

/** Whether a name of the source is somebody whom the statement does not name: in other letters, by its initials, in part. */
function othersOf(missing: Name, there: readonly Name[], { passage, sentence }: Mention, known: Known) {
  const isSaid = (word: string) => sentence.has(word) || holds(passage, [word]);
  return ({ words, strong, code = false }: Name): boolean => {
    if (!strong && !words.every(known.named)) return false;
    if (code && !missing.code) return false;
    if (words.every(isSaid) || [missing, ...there].some(standsFor(words))) return false;
    const has = ({ words: part }: Name) => part.every((word) => words.includes(word));
    if (has(missing)) return false;
    return !there.some(has) || missing.words.some((word) => words.includes(word));
  };
}

/** Whether an acronym has initials of these words, in their order, from the first one on. */
const standsFor =
  (words: readonly string[]) =>
  ({ text, words: [letters = '', ...more] }: Name): boolean => {
    if (more.length > 0 || !isAcronym(text) || letters[0] !== words[0]?.[0]) return false;
    let left = letters;
    for (const [initial] of words) if (initial === left[0]) left = left.slice(1);
    return left === '';
  };

/** Whether another figure is not told from the one that is said by its unit, or by what it is called. */
function couldBe(other: Mention, said: Mention, { words }: Clause): boolean {
  const { token, topics } = other;
  if (token.kind !== said.token.kind || token.keys.some((key) => said.token.keys.includes(key))) return false;
  if (!isOfUnits(token, said.token)) return false;
  const called = topics.filter((word) => !words.has(word));
  return called.length === 0 || called.some((word) => said.topics.includes(word));
}
