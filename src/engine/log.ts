import { Failure } from '../core/outcome/failure.js';
import { EMPTY, foldSegment, type UnitState } from '../core/outcome/fold.js';
import { compareHolders, type Holder, type Ref } from '../core/outcome/outcome.js';
import type { Row } from '../core/outcome/rows.js';
import { decodeSegment, encodeSegment } from '../core/outcome/segment.js';
import type { Store } from '../ports/store.js';
import type { Encoded } from './artifacts.js';
import { groupCommit } from './groupCommit.js';
import { type Place, readSegment, segmentName } from './segments.js';

/*
 * The log of one unit, held by one holder.
 *  1. A segment number is created once; who loses the create reads what won (E2).
 *  2. It was a lower holder: fold its rows, ask the writers again what is still to be said, take the next number.
 *  3. It was a higher holder: this one is superseded, for good, for it never gets past that number. It must stop every
 *     effect and report nothing.
 *  4. It was this holder: an acknowledgement got lost. The same bytes are the commit; others are an earlier one.
 *  5. One commit is in flight; rows that come meanwhile wait and go together.
 *  6. `append` returns once its rows are durable and folded into `state`.
 */

/** Puts a body into the segment being written; the reference is good once the segment is durable. */
export type Put = (body: Encoded & { readonly digest: string }) => Ref;
/**
 * What a writer has to say, given what the log says so far; nothing, where a lower holder has said it already.
 * Asked again after every lost create.
 */
type Writer = (put: Put, state: UnitState) => readonly Row[];

export interface Log {
  readonly state: UnitState;
  /** @throws Failure `Superseded`, `StoreUnavailable` */
  append(writer: Writer): Promise<void>;
}

/**
 * Reads a unit's log to the first gap.
 * @throws Failure `Superseded` where a higher holder has written, `StoreUnavailable`, `ContractViolation`
 */
export async function openLog(store: Store, place: Place, holder: Holder): Promise<Log> {
  let state = EMPTY;
  let seq = 0;

  async function readOn(): Promise<void> {
    for (;;) {
      const segment = await readSegment(store, place, seq);
      if (!segment) return;
      if (compareHolders(segment.holder, holder) > 0) throw supersededBy(segment.holder, place);
      state = foldSegment(state, segment);
      seq++;
    }
  }

  async function commit(group: readonly Writer[]): Promise<void> {
    for (;;) {
      const { rows, bodies } = compose(group, { ...place, seq }, state);
      if (rows.length === 0) return;
      const bytes = encodeSegment(holder, rows, bodies);
      if ((await store.create(segmentName(place, seq), bytes)) === 'created') {
        state = foldSegment(state, decodeSegment(bytes));
        seq++;
        return;
      }
      const won = await store.read(segmentName(place, seq));
      await readOn();
      if (won && Buffer.compare(won, bytes) === 0) return;
    }
  }

  await readOn();
  // Whoever wrote the latest segment may have died before it was durable; this makes it so before anyone acts on it.
  if (seq > 0) await confirm(store, place, seq - 1);

  return {
    get state() {
      return state;
    },
    append: groupCommit(commit),
  };
}

function compose(
  writers: readonly Writer[],
  at: Place & { readonly seq: number },
  state: UnitState,
): { readonly rows: readonly Row[]; readonly bodies: readonly Uint8Array[] } {
  const bodies: Uint8Array[] = [];
  let offset = 0;
  const put: Put = ({ bytes, type, digest }) => {
    const { length } = bytes;
    const ref = { digest, size: length, type, at: { ...at, offset, length } };
    bodies.push(bytes);
    offset += length;
    return ref;
  };
  return { rows: writers.flatMap((writer) => writer(put, state)), bodies };
}

async function confirm(store: Store, place: Place, seq: number): Promise<void> {
  const name = segmentName(place, seq);
  const bytes = await store.read(name);
  if (bytes) await store.create(name, bytes);
}

const supersededBy = ({ dispatch, attempt }: Holder, { unit }: Place): Failure =>
  new Failure(
    'Superseded',
    `Unit ${unit} went on elsewhere (dispatch ${dispatch}, attempt ${attempt}) while this worker was not heard of. Nothing is to be done: what it did is not counted.`,
  );
