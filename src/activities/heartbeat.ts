import { Context } from '@temporalio/activity';
import type { Beat } from '../contracts/unit.js';

/** What an activity holds while its heart beats. */
export interface Beating {
  readonly beat: (beat: Beat) => void;
  readonly signal: AbortSignal;
  /** Why the signal aborted: asked to stop, this worker goes away, or somebody else holds the unit by now. */
  readonly abortedBecause: () => 'cancelled' | 'shutdown' | 'lost';
}

/** A brief that ends sooner costs the server no heartbeat at all. */
const FIRST_MS = 1_000;

/**
 * Runs `work` with a heartbeat on a timer, begun before anything slow, that re-sends the latest details: a bare
 * heartbeat would wipe them, and only heartbeats bring cancellation.
 */
export async function beating<R>(work: (beating: Beating) => Promise<R>): Promise<R> {
  const context = Context.current();
  const every = Math.min(5_000, (context.info.heartbeatTimeoutMs ?? 15_000) / 3);
  let latest: Beat = { doing: 'reading', try: 0, attempts: context.info.attempt };
  let timer = setTimeout(
    function send() {
      context.heartbeat(latest);
      timer = setTimeout(send, every);
    },
    Math.min(FIRST_MS, every),
  );
  try {
    return await work({
      beat: (beat) => {
        latest = beat;
      },
      signal: context.cancellationSignal,
      abortedBecause: () => {
        const why = context.cancellationDetails;
        if (why?.cancelRequested) return 'cancelled';
        return why?.workerShutdown || why?.paused || why?.reset ? 'shutdown' : 'lost';
      },
    });
  } finally {
    clearTimeout(timer);
  }
}
