import type { Store } from '../../ports/store.js';
import { digestNamed, listBlobs } from '../artifacts.js';
import { listMarks, placeMarked } from '../marks.js';
import { listOffered, placeOffered } from '../results.js';
import { entryNamed, listEntryNames } from '../runIndex.js';
import { listSegments, type Place, placeIn } from '../segments.js';

/** Every name that may go, as the store had it at one moment. Names of other forms are nobody's to remove. */
export interface Names {
  readonly artifacts: readonly { readonly name: string; readonly digest: string }[];
  readonly logs: readonly Owned[];
  readonly marks: readonly Owned[];
  readonly results: readonly Owned[];
  /** What lies in the index of runs that it does not list: they were not opened, or are not any more. */
  readonly unopened: readonly string[];
}
export interface Owned {
  readonly name: string;
  readonly place: Place;
}

export async function namesIn(store: Store): Promise<Names> {
  const [blobs, logs, marks, results, index] = await Promise.all([
    listBlobs(store),
    listSegments(store),
    listMarks(store),
    listOffered(store),
    listEntryNames(store),
  ]);
  const entries = new Set(index);
  return {
    artifacts: blobs.flatMap((name) => {
      const digest = digestNamed(name);
      return digest === undefined ? [] : [{ name, digest }];
    }),
    logs: owned(logs, placeIn),
    marks: owned(marks, placeMarked),
    results: owned(results, placeOffered),
    unopened: index.filter((name) => {
      const entry = entryNamed(name);
      return entry !== undefined && !entries.has(`${entry}.opened`);
    }),
  };
}

/** Logs of runs, by now. */
export const logsIn = async (store: Store): Promise<readonly Owned[]> =>
  owned(await listSegments(store), placeIn);

const owned = (names: readonly string[], placeOf: (name: string) => Place | undefined): readonly Owned[] =>
  names.flatMap((name) => {
    const place = placeOf(name);
    return place ? [{ name, place }] : [];
  });
