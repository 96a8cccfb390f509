import { Failure } from '../core/outcome/failure.js';
import type { Clock } from '../ports/clock.js';

/** What a stopped effect may still take to end: a command has 3 s between TERM and KILL. */
const GRACE_MS = 5_000;

/** A limit of time, ms, and the failure that going beyond it is. */
interface Limit {
  readonly ms: number;
  readonly late: () => Failure;
}

/**
 * Gives `work` a signal that aborts after `ms` with the failure `late()`, at `atMost`, with `outer` as `Cancelled`, or with
 * what it is told by `stop`. `pause` keeps `ms`, and not `atMost`, from running until what it gives back is called. An effect that does not end within {@link GRACE_MS} of that is waited for no longer.
 */
export async function stoppable<T>(
  { clock, ms, outer, late, atMost }: Limit & { clock: Clock; outer: AbortSignal; atMost?: Limit },
  work: (signal: AbortSignal, stop: (why: Failure) => void, pause: () => () => void) => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  const end = (why: Failure) => stop.abort(why);
  const time = countdown(clock, ms, () => end(late()));
  const undo: (() => void)[] = [time.end];
  if (atMost) undo.push(clock.after(atMost.ms, () => end(atMost.late())));
  const follow = () => end(new Failure('Cancelled', 'It was stopped while it ran.'));
  outer.addEventListener('abort', follow);
  undo.push(() => outer.removeEventListener('abort', follow));
  if (outer.aborted) follow();
  const abandoned = new Promise<never>((_, reject) => {
    const wait = () => undo.push(clock.after(GRACE_MS, () => reject(stop.signal.reason)));
    if (stop.signal.aborted) wait();
    else stop.signal.addEventListener('abort', wait);
  });
  try {
    stop.signal.throwIfAborted();
    return await Promise.race([work(stop.signal, end, time.pause), abandoned]);
  } catch (error) {
    // An effect that fails for another reason than the stop has come to an end of its own; anything else is the stop.
    throw stop.signal.aborted && !(error instanceof Failure) ? stop.signal.reason : error;
  } finally {
    for (const one of undo) one();
  }
}

/** Calls `then` after `ms` that count; while anything pauses it none do. */
export function countdown(clock: Clock, ms: number, then: () => void) {
  let left = ms;
  let since = clock.now();
  let cancel = clock.after(left, then);
  let pauses = 0;
  let isOver = false;
  return {
    pause(): () => void {
      if (pauses++ === 0) {
        cancel();
        left -= clock.now() - since;
      }
      let isPaused = true;
      return () => {
        if (!isPaused) return;
        isPaused = false;
        if (--pauses > 0 || isOver) return;
        since = clock.now();
        cancel = clock.after(Math.max(0, left), then);
      };
    },
    end(): void {
      isOver = true;
      cancel();
    },
  };
}

/** Calls `then` once nothing was heard for `ms`; for nothing without `ms`. */
export function onSilence(clock: Clock, ms: number | undefined, then: () => void) {
  const wait = () => (ms === undefined ? () => {} : clock.after(ms, then));
  let cancel = wait();
  return {
    heard(): void {
      cancel();
      cancel = wait();
    },
    end: () => cancel(),
  };
}
