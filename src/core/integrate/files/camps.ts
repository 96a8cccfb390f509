import { type Change, type Entry, type State, sameState } from '../../files/change.js';
import type { Claim, Voice } from '../rules.js';

/*
 * Who agrees on a path. Claims come in merge order: whoever builds on others comes after them.
 *  1. What builds on a camp goes on with it: its change began with that very state.
 *  2. What says what a camp once said joins, and so does what merges without conflict: a camp's state holds the work of
 *     all of it.
 *  3. Anything else is a camp of its own. One camp is no collision.
 *  4. A change that began with something else than the base, and with nobody's work, is a result of another run that is
 *     used again: what the base has there today has a say, too.
 */

/** What one brief or instance did to a path. */
export interface PathClaim extends Change {
  readonly by: Voice;
}

/** A state of a path, and everyone whose work is in it. */
export interface Camp extends Claim<State> {
  /** Every state that it went through. */
  readonly states: readonly State[];
}

/** The three-way merge of two texts that come of one; undefined where they do not merge. */
export type MergeText = (before: Entry, ours: Entry, theirs: Entry) => Promise<Entry | undefined>;

/** What workspaces begin with, where it stands against what a brief left. No brief has such a name. */
export const BASE: Voice = { brief: '', label: 'the base' };

export async function campsOf(
  claims: readonly PathClaim[],
  base: State,
  merge: MergeText,
): Promise<readonly Camp[]> {
  const { before: first, after: left } = claims[0]!;
  const old = base && !sameState(first, base) && !sameState(left, base);
  const camps: Camp[] = old ? [{ value: base, by: [BASE], states: [base] }] : [];
  for (const claim of claims) {
    const { by, before, after } = claim;
    const on = camps.findIndex(({ value }) => sameState(value, before));
    const same = camps.findIndex(({ states }) => states.some((state) => sameState(state, after)));
    if (on >= 0) camps[on] = joined(camps[on]!, by, after);
    else if (same >= 0) camps[same] = joined(camps[same]!, by, camps[same]!.value);
    else await joinOrFound(camps, claim, merge);
  }
  return camps;
}

const joined = (camp: Camp, by: Voice, value: State): Camp => ({
  value,
  by: [...camp.by, by],
  states: [...camp.states, value],
});

async function joinOrFound(camps: Camp[], { by, before, after }: PathClaim, merge: MergeText): Promise<void> {
  for (const [n, camp] of camps.entries()) {
    const merged = before && camp.value && after && (await merge(before, camp.value, after));
    if (!merged) continue;
    camps[n] = joined(camp, by, merged);
    return;
  }
  camps.push({ value: after, by: [by], states: [after] });
}
