import type { Store } from '../../ports/store.js';
import { closedSince, type Indexed, listIndexed, unknownSince } from '../runIndex.js';
import { listStarts, type Start } from '../starts.js';

/** The index, and what is under way, at one moment. */
export interface Seen {
  /** Newest first. */
  readonly entries: readonly Indexed[];
  /** First execution run ids of the runs that may still put something into the store. */
  readonly open: ReadonlySet<string>;
  /** When runs ended that left no report, by first execution run id, ms since the epoch. */
  readonly ended: ReadonlyMap<string, number>;
  /** Starts that may still become runs. */
  readonly starts: readonly Start[];
  /** Names of all other starts. */
  readonly spent: readonly string[];
  /** When the earliest of what is under way began, ms since the epoch; `Infinity` where nothing is. */
  readonly since: number;
}

/** What may be over: a run without a report, opened `at` (ms since the epoch), or a start, announced then. */
export interface Unreported {
  readonly id: string;
  readonly at: number;
  /** First execution run id; absent for a start, of which it is not known yet. */
  readonly first?: string;
}
/** It will never leave a report, as far as can be known. */
export interface Over {
  /** ms since the epoch; absent where nobody knows any more. */
  readonly endedAt?: number;
}
/** Undefined where it may go on. */
export type IsOver = (run: Unreported) => Promise<Over | undefined>;

/** @param how `note`: what the service does not know any more is noted, so that the next one knows since when */
export async function see(store: Store, isOver: IsOver, how: { readonly note: boolean }): Promise<Seen> {
  const starts = await listStarts(store);
  const ended = new Map<string, number>();
  const open = new Set<string>();
  const entries = await Promise.all(
    (await listIndexed(store)).map(async (entry): Promise<Indexed> => {
      if (entry.closed) return entry;
      const { id, first, openedAt } = entry;
      const over = await isOver({ id, first, at: openedAt });
      if (!over) open.add(first);
      if (!over) return entry;
      // It may have ended with a report between the two looks.
      const now = await closedSince(store, entry);
      const at = over.endedAt ?? (now.closed ? undefined : await unknownSince(store, entry, how));
      if (!now.closed) ended.set(first, at ?? Number.POSITIVE_INFINITY);
      return now;
    }),
  );
  const opened = (start: Start) =>
    entries.some(({ id, openedAt }) => id === start.id && openedAt >= start.at);
  const waiting = await filtered(
    starts,
    async (start) => !opened(start) && !(await isOver({ id: start.id, at: start.at })),
  );
  const underWay = entries.filter(({ first }) => open.has(first));
  return {
    entries,
    open,
    ended,
    starts: waiting,
    spent: starts.filter((start) => !waiting.includes(start)).map(({ name }) => name),
    since: Math.min(...waiting.map(({ at }) => at), ...underWay.map(({ openedAt }) => openedAt)),
  };
}

async function filtered<T>(all: readonly T[], holds: (one: T) => Promise<boolean>): Promise<readonly T[]> {
  const held = await Promise.all(all.map(holds));
  return all.filter((_, i) => held[i]);
}
