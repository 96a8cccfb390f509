import { type Change, changesBetween } from '../core/explain/changes.js';
import type { RunView } from '../core/explain/runView.js';

/** What happened to a run; `at` is when it was seen, ms since the epoch. */
export type RunEvent = { readonly at: number } & (
  | Change
  | {
      readonly event: 'ended';
      /** A report is there, unless it is `terminated`, or `failed` with a `failure`. */
      readonly status: RunView['phase'];
      readonly failure?: RunView['failure'];
    }
);

export async function* eventsOf(views: AsyncIterable<RunView>): AsyncIterable<RunEvent> {
  let before: RunView | undefined;
  for await (const view of views) {
    // What a worker that does not answer last said is better than nothing.
    const after = view.progress || !before?.progress ? view : { ...view, progress: before.progress };
    const at = Date.now();
    for (const change of changesBetween(before, after)) yield { ...change, at };
    before = after;
    if (view.endedAt !== undefined)
      yield { event: 'ended', status: view.phase, ...(view.failure && { failure: view.failure }), at };
  }
}
