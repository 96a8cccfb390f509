import type { Row } from '../core/outcome/rows.js';
import { encodeSegment } from '../core/outcome/segment.js';
import type { Store } from '../ports/store.js';
import { groupCommit } from './groupCommit.js';
import { type Place, readSegment, segmentName } from './segments.js';

/*
 * A log that nobody holds: whoever has something to say writes.
 *  1. A segment number is created once. Whoever loses the create reads on, and says only what is still to be said then.
 *  2. One commit of a process is in flight; who comes meanwhile waits, and is asked in turn what there is to say, each
 *     knowing what those before have said.
 */

/** What there is to say, given what the log says; nothing: it is said already. */
type Writer<S> = (state: S) => readonly Row[];

export interface SharedLog<S> {
  readonly state: S;
  /** Takes in what others have written. @throws Failure `StoreUnavailable`, `ContractViolation` */
  readOn(): Promise<void>;
  /** Returns once it is durable and in {@link SharedLog.state}. @throws as `readOn` */
  append(writer: Writer<S>): Promise<void>;
}

/**
 * Reads it to its end.
 * @param fold pure; `adopted` is told each row once, in order
 * @throws Failure `StoreUnavailable`, `ContractViolation`
 */
export async function sharedLog<S>(
  store: Store,
  place: Place,
  { empty, fold, adopted }: { readonly empty: S; fold(state: S, row: Row): S; adopted?(row: Row): void },
): Promise<SharedLog<S>> {
  let state = empty;
  let seq = 0;

  function adopt(rows: readonly Row[], next: S): void {
    state = next;
    seq++;
    if (adopted) for (const row of rows) adopted(row);
  }

  async function readOn(): Promise<void> {
    for (;;) {
      const at = seq;
      const segment = await readSegment(store, place, at);
      if (!segment) return;
      // Others read on meanwhile.
      if (at === seq) adopt(segment.rows, segment.rows.reduce(fold, state));
    }
  }

  async function commit(group: readonly Writer<S>[]): Promise<void> {
    for (;;) {
      await readOn();
      const at = seq;
      let next = state;
      const rows: Row[] = [];
      for (const writer of group) {
        const said = writer(next);
        rows.push(...said);
        next = said.reduce(fold, next);
      }
      if (rows.length === 0) return;
      const bytes = encodeSegment({ dispatch: 1, attempt: 1 }, rows, []);
      if ((await store.create(segmentName(place, at), bytes)) !== 'created') continue;
      if (at === seq) adopt(rows, next);
      return;
    }
  }

  await readOn();
  return {
    get state() {
      return state;
    },
    readOn,
    append: groupCommit(commit),
  };
}

/** Opens logs of one kind. A process keeps the `most` that were wanted last; another is read anew, and nothing is lost. */
export function keptLogs<S>(
  most: number,
  how: { readonly empty: S; fold(state: S, row: Row): S },
): (store: Store, place: Place) => Promise<SharedLog<S>> {
  const kept = new WeakMap<Store, Map<string, Promise<SharedLog<S>>>>();
  return (store, place) => {
    const name = `${place.run}/${place.unit}`;
    const logs = kept.get(store) ?? new Map<string, Promise<SharedLog<S>>>();
    kept.set(store, logs);
    const log = logs.get(name) ?? sharedLog(store, place, how);
    logs.delete(name);
    logs.set(name, log);
    log.catch(() => logs.delete(name));
    if (logs.size > most) logs.delete(logs.keys().next().value!);
    return log;
  };
}
