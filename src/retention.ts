import { randomBytes } from 'node:crypto';
import { systemClock } from './adapters/clock.js';
import { type Describing, overBy } from './client/prune.js';
import type { Retention } from './config.js';
import { anyGoes, type Pruned } from './engine/prune/prune.js';
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

/** Applies a retention now and every hour, in a thread of its own, until it is stopped; it holds up no exit. */
export function keepHouse(options: RetentionOptions): { stop(): Promise<void> } {
  const { onEvent } = options;
  const threads = threadPool<PruneTask, Pruned | 'busy'>(new URL('./threads/prune.js', import.meta.url), 1);
  let stopped = false;
  const apply = () =>
    once(options, threads.run).catch((error: Error) => {
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

/** Where no run goes, which the index alone tells, nothing is begun. */
async function once(
  { retention, store, home, storeRoot, runs, onEvent }: RetentionOptions,
  inThread: (task: PruneTask) => Promise<Pruned | 'busy'>,
): Promise<void> {
  const over: string[] = [];
  const isOver = async (run: { readonly id: string; readonly at: number }) => {
    const said = await overBy(async () => runs)(run);
    if (said) over.push(run.id);
    return said;
  };
  if (!(await anyGoes(retention, { store, clock: systemClock, isOver }))) return;
  const token = randomBytes(8).toString('hex');
  const pruned = await inThread({ home, storeRoot, criteria: retention, token, over });
  // Another one is at work, on the same.
  if (pruned !== 'busy') onEvent(wordsOf(pruned));
}

function wordsOf({ removed: { runs, artifacts, bytes } }: Pruned): string {
  const ids = runs.map(({ id }) => id).join(', ');
  return `retention: removed ${runs.length} runs (${ids}), ${artifacts} artifacts, ${(bytes / 1e6).toFixed(1)} MB`;
}
