import { startsEarly } from '../graph/triggerRules.js';
import { needsOf, type WrittenBrief } from './draft.js';
import { milliseconds } from './durations.js';
import type { Await, Brief } from './plan.js';

/** When a brief may start, of all its needs and of single ones. */
export type Joins = Pick<Brief, 'join' | 'awaits'>;

/**
 * What of a need a brief has waited for when it starts: its delivery, an end of whatever kind, or no more than what its
 * join asked for by then.
 */
export type Awaited = 'delivery' | 'end' | 'some';

/** @param fan whether all instances of a fan are waited for, and not one brief or one instance */
export function awaitedOf({ join, awaits }: Joins, need: string, fan: boolean): Awaited {
  const { when = join, byMs } = awaits?.[need] ?? {};
  if (typeof when === 'number' || byMs !== undefined || (when && startsEarly(when))) return 'some';
  return when || fan ? 'end' : 'delivery';
}

/** The ids a brief waits for that have certainly ended when it starts. */
export const endedBefore = (brief: WrittenBrief): readonly string[] =>
  needsOf(brief).filter((id) => awaitedOf(joinsOf(brief), id, false) !== 'some');

export function joinsOf({ join, await: awaited = {}, optional = [] }: WrittenBrief): Joins {
  const awaits = {
    ...Object.fromEntries(optional.map((id) => [id, { when: 'all_done' } as const])),
    ...Object.fromEntries(Object.entries(awaited).map(([id, one]) => [id, awaitOf(one)])),
  };
  return { ...(join && { join }), ...(Object.keys(awaits).length > 0 && { awaits }) };
}

function awaitOf(written: NonNullable<WrittenBrief['await']>[string]): Await {
  if (typeof written === 'string') return { when: written };
  const { rule, atLeast, by, rest } = written;
  const when = atLeast ?? rule;
  return {
    ...(when !== undefined && { when }),
    ...(by !== undefined && { byMs: milliseconds(by) }),
    ...(rest && { rest }),
  };
}
