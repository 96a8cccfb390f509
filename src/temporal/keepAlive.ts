import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

/** Deaths in a row, none of them after the child had been ready. */
const GIVE_UP = 5;

export interface Kept {
  readonly name: string;
  /** May reject once the signal has aborted. */
  start(signal: AbortSignal): Promise<ChildProcess>;
  /** Resolves when the child does its work; may reject or never settle. `gone` aborts when the child has ended. */
  ready(child: ChildProcess, gone: AbortSignal): Promise<void>;
  report(news: News): void;
}

/** A step in the life of a child. */
export type News =
  | { readonly kind: 'started'; readonly pid: number }
  | { readonly kind: 'ready' }
  | { readonly kind: 'died'; readonly how: string };

/**
 * Keeps one child process alive until the signal aborts: then its present child is left running, for the caller to end.
 * @throws Error when the child has died five times in a row without once being ready
 */
export async function keepAlive(kept: Kept, signal: AbortSignal): Promise<void> {
  for (let deaths = 0; !signal.aborted; ) {
    const child = await kept.start(signal).catch((error: unknown) => {
      if (signal.aborted) return undefined;
      throw error;
    });
    if (!child) return;
    if (child.pid !== undefined) kept.report({ kind: 'started', pid: child.pid });
    const gone = new AbortController();
    const ended = endOf(child).finally(() => gone.abort());
    kept.ready(child, gone.signal).then(
      () => {
        if (gone.signal.aborted) return;
        deaths = 0;
        kept.report({ kind: 'ready' });
      },
      () => {},
    );
    const how = await Promise.race([ended, aborted(signal)]);
    if (how === undefined) return;
    deaths++;
    kept.report({ kind: 'died', how });
    if (deaths === GIVE_UP)
      throw new Error(`The ${kept.name} died ${deaths} times in a row before it was ready (${how}).`);
    await sleep(Math.min(50 * 4 ** (deaths - 1), 5_000), undefined, { signal }).catch(() => {});
  }
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}
