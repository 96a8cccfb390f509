import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../adapters/clock.js';
import { Failure } from '../core/outcome/failure.js';
import type { Criteria } from '../engine/prune/choose.js';
import { type Pruned, type PruneEffects, prune } from '../engine/prune/prune.js';
import type { IsOver, Over, Unreported } from '../engine/prune/see.js';
import type { RunEntry } from '../engine/runIndex.js';
import type { Store } from '../ports/store.js';

/** Which runs go: those named; else those that no criterion keeps, and at least one has to be given. */
export interface PruneOptions {
  /** Ended longer ago, ms. */
  readonly olderThanMs?: number;
  /** The newest so many of each plan stay, by the plan's name. */
  readonly keep?: number;
  /** Whole ids. */
  readonly runs?: readonly string[];
  /** Tells what would be removed, and removes nothing. */
  readonly dryRun?: boolean;
  /** Called once where another prune is at work, which is waited for. */
  readonly onWait?: () => void;
}

/** Of the service: how a run stands; undefined where it knows none of that id. */
export interface Describing {
  describe(
    id: string,
  ): Promise<{ readonly open: boolean; readonly first: string; readonly endedAt?: number } | undefined>;
}

interface Around {
  readonly store: Store;
  readonly service: () => Promise<Describing>;
  /** @throws Failure `InvalidInput` where there is no such run */
  readonly known: (id: string) => Promise<RunEntry>;
  readonly clear?: PruneEffects['clear'];
}

export function pruneOn({ store, service, known, clear = async () => {} }: Around) {
  return async ({ dryRun = false, onWait, ...options }: PruneOptions): Promise<Pruned> => {
    const isOver = overBy(service);
    const criteria = await criteriaOf(options, known, service);
    const token = randomBytes(8).toString('hex');
    for (let waits = 0; ; waits++) {
      const done = await prune(criteria, { store, clock: systemClock, token, isOver, clear }, { dryRun });
      if (done !== 'busy') return done;
      if (waits === 0) onWait?.();
      await sleep(500);
    }
  };
}

async function criteriaOf(
  { olderThanMs, keep, runs }: PruneOptions,
  known: Around['known'],
  service: Around['service'],
): Promise<Criteria> {
  if (!runs && olderThanMs === undefined && keep === undefined)
    throw new Failure(
      'InvalidInput',
      'Nothing says which runs are to go: how old they are, how many stay, or their ids.',
    );
  for (const [what, value, least] of [
    ['olderThanMs', olderThanMs, 0],
    ['keep', keep, 1],
  ] as const)
    if (value !== undefined && !(value >= least))
      throw new Failure('InvalidInput', `\`${what}\` should be at least ${least}, and is ${value}.`);
  if (!runs)
    return { ...(olderThanMs !== undefined && { olderThanMs }), ...(keep !== undefined && { keep }) };
  const named = await Promise.all(runs.map(known));
  for (const [i, { id, first, closed, pinned, openedAt }] of named.entries()) {
    if (id !== runs[i])
      throw new Failure(
        'InvalidInput',
        `No run is called ${runs[i]}; ${id} only begins so. What is to be removed has to be named by its whole id.`,
      );
    if (pinned)
      throw new Failure('InvalidInput', `${id} is pinned. Take that back first: muster unpin ${id}`);
    if (!closed && !(await overSays(service, { id, first, at: openedAt })))
      throw new Failure(
        'InvalidInput',
        `${id} has not ended, as far as is known. Wait for it (muster watch ${id}), or stop it (muster cancel ${id}).`,
      );
  }
  return { runs: named.map(({ first }) => first) };
}

/** One that Temporal does not know may be known to another one; after so long it is not waited for, ms. */
const FORGOTTEN_MS = 7 * 86_400_000;

/** What Temporal says; where it does not answer, no run is known to be over. */
export const overBy =
  (service: () => Promise<Describing>): IsOver =>
  (run) =>
    over(service, run).catch(() => undefined);

/** @throws Failure `InvalidInput` where Temporal does not answer */
const overSays = (service: () => Promise<Describing>, run: Unreported): Promise<Over | undefined> =>
  over(service, run).catch((error: Error) => {
    throw new Failure(
      'InvalidInput',
      `${run.id} has left no report, and whether it has ended Temporal has to say, which does not answer: ${error.message}`,
      { cause: error },
    );
  });

async function over(
  service: () => Promise<Describing>,
  { id, first, at }: Unreported,
): Promise<Over | undefined> {
  const described = await (await service()).describe(id);
  // Another run of that id: an earlier one, where this is about a start, or a later one.
  const another = first === undefined ? (described?.endedAt ?? at) < at : described?.first !== first;
  if (!described || another) return Date.now() - at > FORGOTTEN_MS ? {} : undefined;
  if (described.open) return undefined;
  return described.endedAt === undefined ? {} : { endedAt: described.endedAt };
}
