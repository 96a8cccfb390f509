import { monitorEventLoopDelay } from 'node:perf_hooks';

/** What a worker tells the supervisor that started it. */
export type WorkerNews =
  | { readonly kind: 'ready' }
  | { readonly kind: 'loop'; readonly delayMs: number }
  | { readonly kind: 'said'; readonly line: string };

export interface Lifeline {
  ready(): void;
  /** A line for the supervisor's log. */
  say(line: string): void;
}

const EVERY_MS = 10_000;

/**
 * A worker's tie to its supervisor; without one (a worker started by hand) nothing happens.
 * @param onLost the supervisor is gone: finish what runs and end; called at once where it is gone already
 * @returns `ready` is to be called once the worker polls
 */
export function lifeline(onLost: () => void): Lifeline {
  if (!process.send) return { ready() {}, say() {} };
  // What is told to nobody is an error.
  const tell = (news: WorkerNews) => process.connected && process.send?.(news);
  // Gone during the worker's start-up, it has said so before anybody listened.
  if (process.connected) process.once('disconnect', onLost);
  else onLost();
  process.channel?.unref();
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  setInterval(() => {
    tell({ kind: 'loop', delayMs: Math.round(delay.percentile(99) / 1e6) });
    delay.reset();
  }, EVERY_MS).unref();
  return { ready: () => tell({ kind: 'ready' }), say: (line) => tell({ kind: 'said', line }) };
}
