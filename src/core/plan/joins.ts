import { startsEarly } from '../graph/triggerRules.js';
import type { Brief } from './plan.js';

/**
 * What of a need a brief has waited for when it starts: its delivery, an end of whatever kind, or no more than what its
 * join asked for by then.
 */
export type Awaited = 'delivery' | 'end' | 'some';

/** @param fan whether all instances of a fan are waited for, and not one brief or one instance */
export function awaitedOf({ join, awaits }: Brief, need: string, fan: boolean): Awaited {
  const { when = join, byMs } = awaits?.[need] ?? {};
  if (typeof when === 'number' || byMs !== undefined || (when && startsEarly(when))) return 'some';
  return when || fan ? 'end' : 'delivery';
}
