import type { Muster } from '../client.js';
import { type Change, changesBetween } from '../core/explain/changes.js';
import type { RunView } from '../core/explain/runView.js';
import type { OnInterrupt } from './interrupts.js';
import type { Screen } from './screen.js';
import { changeLine } from './views/changes.js';
import { goesOn } from './views/farewell.js';
import { liveView } from './views/live.js';

/*
 * A run as a person follows it.
 *  1. Ctrl-C leaves the run to itself; it never harms it.
 *  2. Where `cancellable`, a second one within 3 s cancels, and the run is followed to its report.
 *  3. One more after that leaves at once.
 */
export interface Following {
  readonly muster: Muster;
  readonly screen: Screen;
  readonly onInterrupt: OnInterrupt;
  readonly cancellable: boolean;
  readonly now: () => number;
  /** Time for the second ctrl-C, ms. */
  readonly secondChanceMs?: number;
}

/** The last view, of a run that has ended; undefined where it was left to itself. */
export async function follow(id: string, following: Following): Promise<RunView | undefined> {
  const { muster, screen, onInterrupt, cancellable, now, secondChanceMs = 3_000 } = following;
  const leave = new AbortController();
  const show = shower(screen, now, cancellable);
  let last: RunView | undefined;
  let cancelling: Promise<unknown> | undefined;
  let timer: NodeJS.Timeout | undefined;

  const stopListening = onInterrupt(() => {
    if (!timer) {
      show.pause();
      screen.progress((look) => goesOn(last?.name ?? 'The run', id, cancellable, look));
      timer = setTimeout(() => leave.abort(), cancellable ? secondChanceMs : 0);
    } else if (cancellable && !cancelling && !leave.signal.aborted) {
      clearTimeout(timer);
      screen.progress(() => [`Cancelling ${id}: what runs is stopped, then the report follows.`]);
      cancelling = muster.cancel(id);
      cancelling.catch(() => {}); // shown where it is awaited
      show.resume();
    } else {
      if (cancelling) screen.progress(() => [`The rest happens without you.   muster watch ${id}`]);
      leave.abort();
    }
  });
  try {
    for await (const view of muster.views(id, { signal: leave.signal })) {
      await cancelling;
      if (leave.signal.aborted) break;
      last = view;
      show.view(view);
    }
  } finally {
    clearTimeout(timer);
    stopListening();
    show.pause();
  }
  return last?.endedAt === undefined ? undefined : last;
}

const ENDING = 'ctrl-C leaves it to end by itself';

/** Puts each view where it belongs: redrawn on a terminal, as lines of change elsewhere, as events for a machine. */
function shower(screen: Screen, now: () => number, cancellable: boolean) {
  const hint = cancellable ? 'ctrl-C leaves it running, twice cancels' : 'ctrl-C leaves it running';
  let before: RunView | undefined;
  let answeredAt = now();
  let silenceTold = false;
  let paused = false;
  let countedAt = Number.NEGATIVE_INFINITY;

  /** Counts change with every brief: for people every ten seconds will do. */
  const tell = (change: Change, view: RunView) => {
    screen.event({ ...change, at: now() });
    if (screen.live || paused) return;
    if (change.event === 'counts' && !screen.wishes.verbose && now() - countedAt < 10_000) return;
    if (change.event === 'counts') countedAt = now();
    const at = { ms: now() - view.startedAt, now: now() };
    screen.progress((look) =>
      [changeLine(change, at, look, screen.wishes.verbose === true)].filter((line) => line !== undefined),
    );
  };

  return {
    view(view: RunView) {
      if (view.answered) answeredAt = now();
      const silentMs = now() - answeredAt;
      // What a silent worker last said is better than nothing; the line about its silence stands below it.
      const shown =
        view.progress || !before?.progress || view.endedAt !== undefined
          ? view
          : { ...view, phase: before.phase, progress: before.progress };
      for (const change of changesBetween(before, shown)) tell(change, shown);
      if (silentMs > 3_000 !== silenceTold) {
        silenceTold = silentMs > 3_000;
        if (silenceTold) tell({ event: 'no-worker' }, shown);
      }
      before = shown;
      if (!paused)
        screen.live?.draw((look) =>
          liveView(
            { view: shown, now: now(), silentMs, hint: shown.phase === 'stopping' ? ENDING : hint },
            look,
          ),
        );
    },
    pause() {
      paused = true;
      screen.live?.clear();
    },
    resume() {
      paused = false;
    },
  };
}
