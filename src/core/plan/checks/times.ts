import { type Draft, fallbackOf, placeOf, type WrittenBrief } from '../draft.js';
import { milliseconds } from '../durations.js';
import type { Problems } from '../problems.js';
import { DEFAULTS } from '../resolve.js';

/** Executors tell of progress every 250 ms: a shorter silence means nothing. */
const LEAST_STALL_MS = 1_000;

/** A limit that another one always comes before limits nothing. */
export function checkTimes(draft: Draft, problems: Problems): void {
  for (const brief of draft.briefs) {
    checkStall(brief, problems);
    const fallback = fallbackOf(brief);
    if (fallback) checkStall(fallback, problems);
  }
}

function checkStall(brief: WrittenBrief, problems: Problems): void {
  const { at, stall, timeout = DEFAULTS.timeout, within } = brief;
  if (stall === undefined || ['timeout', 'within'].some((key) => problems.doubts('briefs', at, key))) return;
  const path = [...placeOf(brief), 'stall'];
  const ms = milliseconds(stall);
  if (ms < LEAST_STALL_MS) problems.error(path, '`stall` is at least 1s.');
  const limits = { timeout, ...(within !== undefined && { within }) };
  const [first] = Object.entries(limits).filter(([, limit]) => milliseconds(limit) <= ms);
  if (first) {
    const [name, limit] = first;
    problems.error(
      path,
      `\`stall\` (${stall}) never comes before \`${name}\` (${limit}). Make it shorter, or \`${name}\` longer.`,
    );
  }
}
