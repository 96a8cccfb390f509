import { EMPTY, foldSegment, type UnitState } from '../core/outcome/fold.js';
import { decodeSegment, type Segment } from '../core/outcome/segment.js';
import type { Store } from '../ports/store.js';
import { cachePerStore } from './cache.js';

/**
 * Whose log: `unit` is `3`, `3.17` for instance 17 of fan 3, or `i` for the integrator; `b` is the purse of the run, `b3` and
 * `b3.17` are those of such as have a budget of their own; `q3` is what was asked in batches for unit 3. Of a tool loop (the
 * second try of it) `3.17-2.9` is its ninth turn, and `3.17-2.9.1` the first call of that.
 */
export interface Place {
  /** First execution run id. */
  readonly run: string;
  readonly unit: string;
}

export const segmentName = ({ run, unit }: Place, seq: number): string => `runs/${run}/${unit}_${seq}`;

/** Whose log a name belongs to; undefined for a name of another kind. */
export function placeIn(name: string): Place | undefined {
  const [, run, unit] =
    /^runs\/([^/]+)\/(i|b|q\d+|b?\d+(?:\.\d+)?|\d+(?:\.\d+)?-\d+\.\d+(?:\.\d+)?)_\d+$/.exec(name) ?? [];
  return run === undefined || unit === undefined ? undefined : { run, unit };
}

/** Names of the logs of one run, or of all. */
export const listSegments = (store: Store, run?: string): Promise<readonly string[]> =>
  store.list(run === undefined ? 'runs/' : `runs/${run}/`);

/** Segments never change, so they are kept: 1,000 instances that read one expansion parse it once. */
const segments = cachePerStore<Segment>(64 * 1024 * 1024);

/**
 * Undefined where the log has no segment of that number (yet).
 * @throws Failure `StoreUnavailable`, `ContractViolation`
 */
export function readSegment(store: Store, place: Place, seq: number): Promise<Segment | undefined> {
  const name = segmentName(place, seq);
  return segments(store).get(name, async () => {
    const bytes = await store.read(name);
    return bytes && { value: decodeSegment(bytes, name), weight: bytes.length * 2 };
  });
}

/**
 * What a unit's log says, for those who only read it; to its end, for an end may have been taken back since.
 * @throws Failure `StoreUnavailable`, `ContractViolation`
 */
export async function readState(store: Store, place: Place): Promise<UnitState> {
  let state = EMPTY;
  for (let seq = 0; !state.expansion; seq++) {
    const segment = await readSegment(store, place, seq);
    if (!segment) break;
    state = foldSegment(state, segment);
  }
  return state;
}
