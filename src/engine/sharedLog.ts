import type { Row } from '../core/outcome/rows.js';
import { encodeSegment } from '../core/outcome/segment.js';
import type { Store } from '../ports/store.js';
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
  let waiting: Waiting<S>[] = [];
  let committing = false;

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

  async function drain(): Promise<void> {
    committing = true;
    while (waiting.length > 0) {
      const group = waiting;
      waiting = [];
      try {
        await commit(group.map(({ writer }) => writer));
        for (const { done } of group) done();
      } catch (error) {
        for (const { fail } of group) fail(error);
      }
    }
    committing = false;
  }

  await readOn();
  return {
    get state() {
      return state;
    },
    readOn,
    append: (writer) =>
      new Promise<void>((done, fail) => {
        waiting.push({ writer, done, fail });
        if (!committing) void drain();
      }),
  };
}

interface Waiting<S> {
  readonly writer: Writer<S>;
  readonly done: () => void;
  readonly fail: (error: unknown) => void;
}
