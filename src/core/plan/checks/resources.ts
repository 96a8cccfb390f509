import { Failure } from '../../outcome/failure.js';
import { type Draft, fallbackOf, itemName, type WrittenBrief } from '../draft.js';
import { didYouMean } from '../nearest.js';
import type { Problems } from '../problems.js';
import { capacities, retryOf } from '../resolve.js';
import { longestWaitMs } from '../retry.js';
import { sharesWrites } from '../writes.js';

/** Waiting between tries with a lock held: longer than this deserves a word. */
const LONG_HOLD_MS = 60_000;

/** What briefs hold exists and is enough; a lock is not held for long while nothing happens. */
export function checkResources(draft: Draft, problems: Problems): void {
  const available = capacities(draft.document.resources);
  for (const brief of draft.briefs) {
    for (const [name, amount] of Object.entries(brief.uses ?? {})) {
      const path = ['briefs', brief.at, 'uses', name];
      const capacity = Object.hasOwn(available, name) ? available[name]! : undefined;
      if (capacity === undefined) {
        if (problems.doubts('resources')) continue;
        problems.error(
          path,
          `no resource is called \`${name}\`.${didYouMean(name, Object.keys(available)) || ' Declare it under `resources`.'}`,
        );
      } else if (amount > capacity) {
        problems.error(
          path,
          `wants ${amount} of \`${name}\`, and there are only ${capacity}. It could never start.`,
        );
      }
    }
    warnLongHold(brief, problems);
    warnSerialised(brief, problems);
  }
}

function warnLongHold(brief: WrittenBrief, problems: Problems): void {
  const held = Object.keys(brief.uses ?? {});
  if (held.length === 0) return;
  const fallback = fallbackOf(brief);
  const wait = longestWaitMs(retryOf(brief)) + (fallback ? longestWaitMs(retryOf(fallback)) : 0);
  if (wait <= LONG_HOLD_MS) return;
  problems.warning(
    ['briefs', brief.at, 'uses'],
    `\`${brief.id}\` may hold ${held.map((name) => `\`${name}\``).join(', ')} for ${Math.round(wait / 1000)} s while it waits between tries. ` +
      'Shorten `retry.backoff` or try less often.',
  );
}

function warnSerialised(brief: WrittenBrief, problems: Problems): void {
  const as = itemName(brief);
  if (as === undefined || !writesShared(brief.writes, as)) return;
  problems.warning(
    ['briefs', brief.at, 'writes'],
    `the instances of \`${brief.id}\` write the same paths, so they run one at a time. Put \`{{ key }}\` into the path.`,
  );
}

/** Templates that cannot be read are reported elsewhere. */
function writesShared(writes: readonly string[] | undefined, as: string): boolean {
  try {
    return sharesWrites(writes ?? [], as);
  } catch (error) {
    if (error instanceof Failure) return false;
    throw error;
  }
}
