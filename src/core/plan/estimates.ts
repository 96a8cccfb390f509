import { type Brief, isGate } from './plan.js';

/** The median of those that are estimated and do work, ms: what the others are taken to last. Undefined where none is. */
export function medianEstimate(briefs: readonly Brief[]): number | undefined {
  const known = briefs
    .flatMap((brief) => (isGate(brief) ? [] : (brief.estimateMs ?? [])))
    .sort((a, b) => a - b);
  return known[Math.floor(known.length / 2)];
}
