/*
 * A tool loop: a model is asked, calls tools, is told what came of them, and is asked again, until it answers.
 *  1. Turns are answers of the model, counted from 1; calls are those of a turn, counted from 1 in each.
 *  2. In its last turn, and once its calls are spent, it may only answer. Calls for which none are left are not carried out.
 *  3. A model that calls tools all the same has spent its turns: there is no answer.
 */

/** Of one loop. */
export interface Bounds {
  /** Most answers of the model. */
  readonly turns: number;
  /** Most calls. */
  readonly calls: number;
  /** Most calls at a time. */
  readonly parallel: number;
}

/** Before a turn. */
export interface Standing {
  /** The turn that is next. */
  readonly turn: number;
  /** Calls that were carried out in all turns before. */
  readonly called: number;
}

export const BEGINNING: Standing = { turn: 1, called: 0 };

/** Whether the model is to answer now, without a tool. */
export const mustAnswer = ({ turns, calls }: Bounds, { turn, called }: Standing): boolean =>
  turn >= turns || called >= calls;

/** How many of the calls that a turn wants are carried out: the first. */
export const carriedOut = (bounds: Bounds, standing: Standing, wanted: number): number =>
  mustAnswer(bounds, standing) ? 0 : Math.min(wanted, bounds.calls - standing.called);

/** After a turn that wanted so many calls; undefined where the loop is over. */
export function after(bounds: Bounds, standing: Standing, wanted: number): Standing | undefined {
  if (wanted === 0 || standing.turn >= bounds.turns || (wanted > 0 && mustAnswer(bounds, standing)))
    return undefined;
  return { turn: standing.turn + 1, called: standing.called + carriedOut(bounds, standing, wanted) };
}
