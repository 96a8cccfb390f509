import { type Change, type Entry, type State, sameState } from '../../files/change.js';
import type { Claim, Voice } from '../rules.js';

/*
 * Who agrees on a path. Claims come in merge order: whoever builds on others comes after them.
 *  1. What builds on a camp goes on with it: its change began with that very state.
 *  2. What says the same joins, and so does what merges without conflict: a camp's state holds the work of all of it.
 *  3. Anything else is a camp of its own. One camp is no collision.
 */

/** What one brief or instance did to a path. */
export interface PathClaim extends Omit<Change, 'path'> {
  readonly by: Voice;
}

/** A state of a path, and everyone whose work is in it. */
export type Camp = Claim<State>;

/** The three-way merge of two texts that come of one; undefined where they do not merge. */
export type MergeText = (before: Entry, ours: Entry, theirs: Entry) => Promise<Entry | undefined>;

export async function campsOf(claims: readonly PathClaim[], merge: MergeText): Promise<readonly Camp[]> {
  const camps: Camp[] = [];
  for (const { by, before, after } of claims) {
    const n = firstOf(
      camps.findIndex(({ value }) => sameState(value, before)),
      camps.findIndex(({ value }) => sameState(value, after)),
    );
    if (n !== undefined) camps[n] = { value: after, by: [...camps[n]!.by, by] };
    else await joinOrFound(camps, { by, before, after }, merge);
  }
  return camps;
}

const firstOf = (...places: readonly number[]): number | undefined => places.find((place) => place >= 0);

async function joinOrFound(
  camps: Camp[],
  { by, before, after }: ClaimStates,
  merge: MergeText,
): Promise<void> {
  for (const [n, { value, by: members }] of camps.entries()) {
    const merged = before && value && after && (await merge(before, value, after));
    if (!merged) continue;
    camps[n] = { value: merged, by: [...members, by] };
    return;
  }
  camps.push({ value: after, by: [by] });
}

interface ClaimStates {
  readonly by: Voice;
  readonly before: State;
  readonly after: State;
}
