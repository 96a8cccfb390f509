import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../adapters/clock.js';
import { Failure } from '../core/outcome/failure.js';
import type { Criteria } from '../engine/prune/choose.js';
import { type Pruned, type PruneEffects, prune } from '../engine/prune/prune.js';
import type { RunEntry } from '../engine/runIndex.js';
import type { Store } from '../ports/store.js';

/** Which runs go: those named; else those that no criterion keeps, and at least one has to be given. */
export interface PruneOptions {
  /** Ended longer ago, ms. */
  readonly olderThanMs?: number;
  /** The newest so many of each plan stay, by the plan's name. */
  readonly keep?: number;
  /** Ids, or unambiguous beginnings. */
  readonly runs?: readonly string[];
  /** Tells what would be removed, and removes nothing. */
  readonly dryRun?: boolean;
  /** Called once where another prune is at work, which is waited for. */
  readonly onWait?: () => void;
}

/** Of the service: how a run stands; undefined where it knows none of that id. */
export interface Describing {
  describe(id: string): Promise<{ readonly open: boolean } | undefined>;
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
    const criteria = await criteriaOf(options, known, isOver);
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
  isOver: PruneEffects['isOver'],
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
  for (const { id, closed, pinned, openedAt } of named) {
    if (pinned)
      throw new Failure('InvalidInput', `${id} is pinned. Take that back first: muster unpin ${id}`);
    if (!closed && !(await isOver({ id, at: openedAt })))
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
  (service: () => Promise<Describing>): PruneEffects['isOver'] =>
  async ({ id, at }) => {
    try {
      const described = await (await service()).describe(id);
      return described ? !described.open : Date.now() - at > FORGOTTEN_MS;
    } catch {
      return false;
    }
  };
