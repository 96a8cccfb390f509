import type { NeedSet } from '../../../../src/core/graph/units.js';

/** How something ended, in the dispatcher's words; `done` is a fan that opened; undefined is not ended. */
export type Ended = string | undefined;
export type Conclusion = 'go' | 'skipped' | 'not-needed' | undefined;

/** One condition over some needs, written for the oracle alone. */
export interface Condition {
  readonly of: readonly number[];
  readonly when: string | number;
  readonly by: 'instances' | 'whole' | 'opening';
}

export const conditionsOf = ({ success = [], done = [], each = [], clauses = [] }: NeedSet): Condition[] => [
  { of: success, when: 'all_success', by: 'whole' },
  { of: done, when: 'all_success', by: 'whole' },
  { of: each, when: 'all_success', by: 'opening' },
  ...clauses.map(({ of, when }): Condition => ({ of, when, by: 'instances' })),
];

const GOOD = ['succeeded', 'repaired', 'done'];
const SHORT = ['partial', 'missing'];
const is = (words: readonly string[]) => (end: Ended) => end !== undefined && words.includes(end);
const good = is(GOOD);
const unneeded = is(['not-needed']);
const passed = is(['skipped']);
const short = is(SHORT);
const open = (end: Ended) => end === undefined;
const failed = (end: Ended) => !good(end) && !unneeded(end) && !passed(end) && !short(end) && !open(end);
const bad = (end: Ended) => failed(end) || passed(end);

/** Rules that may be met before all has ended. */
const EARLY: { readonly [rule: string]: (ends: readonly Ended[]) => boolean } = {
  always: () => true,
  one_success: (ends) => ends.some(good),
  one_failed: (ends) => ends.some(bad),
  one_done: (ends) => ends.some((end) => good(end) || failed(end) || short(end)),
};
const LATE: { readonly [rule: string]: (ends: readonly Ended[]) => boolean } = {
  all_success: (ends) => ends.every(good),
  all_failed: (ends) => ends.every(bad),
  all_done: () => true,
  all_done_min_one_success: (ends) => ends.some(good),
  all_skipped: (ends) => ends.every(unneeded),
  none_failed: (ends) => !ends.some(bad),
  none_failed_min_one_success: (ends) => !ends.some(bad) && ends.some(good),
  none_skipped: (ends) => !ends.some(unneeded),
};
/** Where these are not met, it was not to run as things went; the others' fault is a hole unless all of them were not needed. */
const NEVER_A_HOLE = ['all_failed', 'all_skipped', 'one_failed', 'none_skipped'];

/** @param unknown whether there may be more of them than are named here */
export function conclude(when: string | number, ends: readonly Ended[], unknown = false): Conclusion {
  if (typeof when === 'number') {
    const wanted = when >= 1 ? when : Math.ceil(Math.round(when * ends.length * 1e6) / 1e6);
    if (ends.filter(good).length >= wanted && !(when < 1 && unknown)) return 'go';
    if (unknown || ends.some(open)) return undefined;
    return ends.some((end) => bad(end) || short(end)) ? 'skipped' : 'not-needed';
  }
  if (EARLY[when]?.(ends)) return 'go';
  if (unknown || ends.some(open)) return undefined;
  if (LATE[when]?.(ends)) return 'go';
  if (NEVER_A_HOLE.includes(when)) return 'not-needed';
  if (when === 'none_failed') return 'skipped';
  return ends.some((end) => bad(end) || short(end)) ? 'skipped' : 'not-needed';
}

/** Of several conditions. */
export function together(all: readonly Conclusion[]): Conclusion {
  if (all.includes(undefined)) return undefined;
  if (all.includes('skipped')) return 'skipped';
  return all.includes('not-needed') ? 'not-needed' : 'go';
}
