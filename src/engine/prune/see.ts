import type { Store } from '../../ports/store.js';
import { type Indexed, listIndexed } from '../runIndex.js';
import { listStarts, type Start } from '../starts.js';

/** The index, and what is under way, at one moment. */
export interface Seen {
  /** Newest first. */
  readonly entries: readonly Indexed[];
  /** First execution run ids of the runs that may still put something into the store. */
  readonly open: ReadonlySet<string>;
  /** Starts that may still become runs. */
  readonly starts: readonly Start[];
  /** Names of all other starts. */
  readonly spent: readonly string[];
  /** When the earliest of what is under way began, ms since the epoch; `Infinity` where nothing is. */
  readonly since: number;
}

/**
 * Whether what was opened or announced `at` (ms since the epoch) under that id, and has left no report, will never leave
 * one, as far as can be known.
 */
export type IsOver = (run: { readonly id: string; readonly at: number }) => Promise<boolean>;

export async function see(store: Store, isOver: IsOver): Promise<Seen> {
  const starts = await listStarts(store);
  const entries = await listIndexed(store);
  const open = await filtered(
    entries.filter(({ closed }) => !closed),
    async ({ id, openedAt }) => !(await isOver({ id, at: openedAt })),
  );
  const opened = (start: Start) =>
    entries.some(({ id, openedAt }) => id === start.id && openedAt >= start.at);
  const waiting = await filtered(starts, async (start) => !opened(start) && !(await isOver(start)));
  return {
    entries,
    open: new Set(open.map(({ first }) => first)),
    starts: waiting,
    spent: starts.filter((start) => !waiting.includes(start)).map(({ name }) => name),
    since: Math.min(...waiting.map(({ at }) => at), ...open.map(({ openedAt }) => openedAt)),
  };
}

async function filtered<T>(all: readonly T[], holds: (one: T) => Promise<boolean>): Promise<readonly T[]> {
  const held = await Promise.all(all.map(holds));
  return all.filter((_, i) => held[i]);
}

/** Asks only once about each. */
export function remembered(isOver: IsOver): IsOver {
  const said = new Map<string, Promise<boolean>>();
  return (run) => {
    const key = `${run.id} ${run.at}`;
    const known = said.get(key) ?? isOver(run);
    said.set(key, known);
    return known;
  };
}
