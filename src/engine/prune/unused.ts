import { grouped } from '../../core/integrate/grouped.js';
import type { Store } from '../../ports/store.js';
import { isBad } from '../marks.js';
import { readOffered } from '../results.js';
import type { Indexed } from '../runIndex.js';
import type { Place } from '../segments.js';
import type { Names, Owned } from './names.js';
import { referredByLog, referredByRun } from './referred.js';
import type { Seen } from './see.js';

export interface Unused {
  readonly artifacts: readonly string[];
  /** To be removed in this order: a result that was marked bad must not outlast its mark. */
  readonly results: Loose;
  readonly logs: Loose;
  readonly marks: Loose;
  /** Artifacts of runs that go and that a run which stays refers to, by that run's id. */
  readonly shared: ReadonlyMap<string, number>;
  /** Results of runs that go or went which other runs may use. */
  readonly offered: number;
}
interface Loose {
  /** Of runs that go. */
  readonly ofRuns: readonly string[];
  /** Of runs that the index does not list. */
  readonly stray: readonly string[];
}

export interface Sweep {
  readonly store: Store;
  /** ms since the epoch. */
  readonly now: number;
  /** What may go: listed before `seen`. */
  readonly names: Names;
  /** What refers: listed after it. */
  readonly logs: readonly Owned[];
  readonly seen: Seen;
  /** First execution run ids. */
  readonly going: ReadonlySet<string>;
  /** To be called often. */
  readonly still: () => Promise<void>;
}

/** Marks what is referred to by the runs that stay, and by results that are offered; the rest is unused. */
export async function findUnused({
  store,
  now,
  names,
  logs: referring,
  seen,
  going,
  still,
}: Sweep): Promise<Unused> {
  const logs = grouped(referring, ({ place }) => place.run);
  const referred = async (run: Indexed) => {
    await still();
    return referredByRun(store, run, (logs.get(run.first) ?? []).map(nameOf));
  };
  const staying = seen.entries.filter(({ first }) => !going.has(first));
  const users = new Map<string, string>();
  for (const run of staying) for (const digest of await referred(run)) users.set(digest, run.id);
  const shared = new Map<string, number>();
  for (const run of seen.entries.filter(({ first }) => going.has(first)))
    for (const digest of await referred(run)) {
      const user = users.get(digest);
      if (user !== undefined) shared.set(user, (shared.get(user) ?? 0) + 1);
    }

  const known = new Set(staying.map(({ first }) => first));
  const loose = (all: readonly Owned[]) => all.filter(({ place }) => !known.has(place.run));
  const offered = await stillOffered(store, now, loose(names.results));
  const isOffered = ({ place }: Owned) => offered.has(keyOf(place));
  const inUse = new Set(users.keys());
  for (const { name } of loose(names.logs).filter(isOffered))
    for (const digest of await referredByLog(store, name)) inUse.add(digest);

  const unused = (all: readonly Owned[]): Loose => {
    const gone = loose(all).filter((one) => !isOffered(one));
    const ofRun = ({ place }: Owned) => going.has(place.run);
    return { ofRuns: gone.filter(ofRun).map(nameOf), stray: gone.filter((one) => !ofRun(one)).map(nameOf) };
  };
  return {
    artifacts: names.artifacts.filter(({ digest }) => !inUse.has(digest)).map(nameOf),
    results: unused(names.results),
    logs: unused(names.logs),
    marks: unused(names.marks),
    shared,
    offered: offered.size,
  };
}

const nameOf = ({ name }: { readonly name: string }): string => name;

/** Units whose result its brief still lets others use, and nobody called bad. */
async function stillOffered(
  store: Store,
  now: number,
  results: readonly Owned[],
): Promise<ReadonlySet<string>> {
  const offered = new Set<string>();
  for (const { name, place } of results) {
    const result = await readOffered(store, name);
    if (result && result.until > now && !(await isBad(store, place))) offered.add(keyOf(place));
  }
  return offered;
}

const keyOf = ({ run, unit }: Place): string => `${run}/${unit}`;
