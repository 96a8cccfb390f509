import { systemClock } from '../adapters/clock.js';
import { removeReports } from '../adapters/reports.js';
import { fileStore } from '../adapters/stores/file.js';
import type { Criteria } from '../engine/prune/choose.js';
import { type Pruned, prune } from '../engine/prune/prune.js';
import type { Over, Unreported } from '../engine/prune/see.js';

/** Plain data: it crosses into a thread. */
export interface PruneTask {
  /** The state folder, in which copies of reports lie. */
  readonly home: string;
  readonly storeRoot: string;
  readonly criteria: Criteria;
  /** Tells this prune from every other. */
  readonly token: string;
  /** What is over without a report. */
  readonly over: readonly (Unreported & Over)[];
}

/** Entry of a thread that prunes a store: reading through all logs must hold up no heartbeat. */
export default async ({ home, storeRoot, criteria, token, over }: PruneTask): Promise<Pruned | 'busy'> =>
  prune(criteria, {
    store: await fileStore(storeRoot),
    clock: systemClock,
    token,
    isOver: async ({ id, first, at }) =>
      over.find((one) => one.id === id && one.first === first && one.at === at),
    clear: async ({ id }) => removeReports(home, id),
  });
