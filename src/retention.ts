import { randomBytes } from 'node:crypto';
import { systemClock } from './adapters/clock.js';
import { type Describing, overBy } from './client/prune.js';
import type { Retention } from './config.js';
import { anyGoes, type Pruned } from './engine/prune/prune.js';
import type { Over, Unreported } from './engine/prune/see.js';
import type { Store } from './ports/store.js';
import { threadPool } from './threads/pool.js';
import type { PruneTask } from './threads/prune.js';

export interface RetentionOptions {
  readonly retention: Retention;
  readonly store: Store;
  /** The state folder. */
  readonly home: string;
  readonly storeRoot: string;
  readonly runs: Describing;
  /** Gets a line for whatever was removed, or went wrong. */
  readonly onEvent: (line: string) => void;
}

const EVERY_MS = 3_600_000;
/** What no run goes with is looked for once in so long, ms: it takes reading all logs. */
const SWEEP_MS = 86_400_000;

/** Applies a retention now and every hour, in a thread of its own, until it is stopped; it holds up no exit. */
export function keepHouse(options: RetentionOptions): { stop(): Promise<void> } {
  const { onEvent } = options;
  const threads = threadPool<PruneTask, Pruned | 'busy'>(new URL('./threads/prune.js', import.meta.url), 1);
  let stopped = false;
  let swept = Number.NEGATIVE_INFINITY;
  const apply = () =>
    once(options, swept, async (task) => {
      const pruned = await threads.run(task);
      swept = Date.now();
      return pruned;
    }).catch((error: Error) => {
      if (!stopped) onEvent(`retention: ${error.message}`);
    });
  void apply();
  const timer = setInterval(apply, EVERY_MS).unref();
  return {
    async stop() {
      stopped = true;
      clearInterval(timer);
      await threads.destroy();
    },
  };
}

/** Where no run goes, which the index alone tells, nothing is begun, but for a sweep now and then. @param swept when the last was */
async function once(
  { retention, store, home, storeRoot, runs, onEvent }: RetentionOptions,
  swept: number,
  inThread: (task: PruneTask) => Promise<Pruned | 'busy'>,
): Promise<void> {
  const over: (Unreported & Over)[] = [];
  const isOver = async (run: Unreported) => {
    const said = await overBy(async () => runs)(run);
    if (said) over.push({ ...run, ...said });
    return said;
  };
  const goes = await anyGoes(retention, { store, clock: systemClock, isOver });
  if (!goes && Date.now() - swept < SWEEP_MS) return;
  const token = randomBytes(8).toString('hex');
  const pruned = await inThread({ home, storeRoot, criteria: retention, token, over });
  // Another one is at work, on the same.
  if (pruned !== 'busy') for (const line of linesOf(pruned)) onEvent(line);
}

function linesOf({ removed: { runs, artifacts, bytes }, kept }: Pruned): readonly string[] {
  const ids = runs.length > 0 ? ` (${runs.map(({ id }) => id).join(', ')})` : '';
  const what = `${runs.length} runs${ids}, ${artifacts} artifacts, ${(bytes / 1e6).toFixed(1)} MB`;
  return [
    ...(runs.length > 0 || bytes > 0 ? [`retention: removed ${what}`] : []),
    ...kept.uncleared.map(({ id, problem }) => `retention: copies of the report of ${id} stay: ${problem}`),
  ];
}
