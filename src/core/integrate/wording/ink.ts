import { type Joined, joinedBy, type Marks } from './marks.js';
import { type Values, valuesIn } from './values.js';

/*
 * What a report says is worded once, in this folder, and set in each format by its own marks: `markdown/` and `html/`.
 * Words of briefs, plans and messages come in through `prose`, `code` and `brief` only, which escape them.
 */

export interface Ink<T> extends Marks<T>, Values<T> {
  readonly joined: Joined<T>;
  /** The first five, and how many more there are. */
  readonly some: (texts: readonly string[], set: (text: string) => T) => T;
}

const NAMED = 5;

export function inkOf<T>(marks: Marks<T>): Ink<T> {
  const { say } = marks;
  const joined = joinedBy(marks);
  return {
    ...marks,
    ...valuesIn(marks),
    joined,
    some(texts, set) {
      const more = texts.length > NAMED ? ` and ${texts.length - NAMED} more` : '';
      return say`${joined(texts.slice(0, NAMED).map(set), ', ')}${more}`;
    },
  };
}
