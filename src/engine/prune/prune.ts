import type { Clock } from '../../ports/clock.js';
import type { Store } from '../../ports/store.js';
import { forget } from '../forgotten.js';
import { type Indexed, partOf, type RunEntry } from '../runIndex.js';
import { oldUnbegun } from '../scheduleLog.js';
import { alone } from './alone.js';
import { type Because, type Choice, type Criteria, choose, confirm } from './choose.js';
import { clearAll, type Uncleared } from './clear.js';
import { logsIn, namesIn } from './names.js';
import { type IsOver, see } from './see.js';
import { type Taken, taking } from './take.js';
import { findUnused, type Sweep } from './unused.js';

/*
 * Removing runs, and all that nothing else refers to.
 *  1. A run that goes is `removing` first, and thereby gone for everybody else; only then is looked whether anybody pinned
 *     it, or began to repeat it, meanwhile. Those look whether it is `removing` after they have said what they do.
 *  2. One that nobody did is `removed` before anything of it goes: then nothing brings it back. What a prune that died left is
 *     whole, or is finished by the next one.
 *  3. Whoever stores what nothing refers to yet was known before, as a start or as an open run. What was stored or found
 *     since the earliest of them, or since this prune began, stays. What ended before the second look at the index has its
 *     logs listed after it.
 *  4. Only names of the forms that Muster gives are removed; nothing below `schedules/`, which is not of runs.
 */

export interface PruneEffects {
  readonly store: Store;
  readonly clock: Clock;
  /** Tells this prune from every other. */
  readonly token: string;
  readonly isOver: IsOver;
  /** Removes what lies outside the store for a run. */
  readonly clear: (run: Pick<RunEntry, 'id'>) => Promise<void>;
}

export interface PruneOptions {
  /** Tells the same, and changes nothing. */
  readonly dryRun?: boolean;
}

/** What was removed, or would be, and what stayed. */
export interface Pruned {
  readonly dryRun: boolean;
  readonly removed: {
    readonly runs: readonly NamedRun[];
    /** Plans, inputs, large outputs and reports that nothing refers to any more. */
    readonly artifacts: number;
    /** Of all that was removed from the store, logs included. */
    readonly bytes: number;
  };
  readonly kept: {
    readonly runs: readonly (NamedRun & { readonly because: Because })[];
    /** Artifacts of removed runs, by the run that refers to them too. */
    readonly artifacts: readonly { readonly run: string; readonly count: number }[];
    /** Results of removed runs that other runs may still use, as their brief's `cache` says. */
    readonly results: number;
    /** Artifacts and logs to which nothing refers; something under way may be about to. */
    readonly recent: number;
    /** Runs that were removed, but for what lies outside the store. */
    readonly uncleared: readonly Uncleared[];
  };
}
export interface NamedRun {
  readonly id: string;
  /** First execution run id. */
  readonly first: string;
  /** Of its plan. */
  readonly name: string;
}

/** Clocks of file systems are that coarse, ms. */
const COARSE_MS = 2_000;
/** So far may the clocks of two machines be apart where waiting costs nothing, ms: for logs of runs that no index lists. */
const SKEW_MS = 3_600_000;

/** Whether there is anything to do about runs, which is known without looking through the store. */
export async function anyGoes(
  criteria: Criteria,
  { store, clock, isOver }: Pick<PruneEffects, 'store' | 'clock' | 'isOver'>,
): Promise<boolean> {
  const seen = await see(store, isOver, { note: true });
  // What a prune that died was removing is hidden, also where it has to stay.
  return (
    seen.entries.some(({ removing }) => removing) || choose(seen, criteria, clock.now()).going.length > 0
  );
}

/**
 * @returns `busy` where another prune is at work
 * @throws Failure `StoreUnavailable`; `Superseded` where this one stood still for so long that another one has begun
 */
export async function prune(
  criteria: Criteria,
  { store, clock, token, clear, isOver }: PruneEffects,
  { dryRun = false }: PruneOptions = {},
): Promise<Pruned | 'busy'> {
  const now = clock.now();
  const note = !dryRun;
  if (dryRun) return sweep(async () => {});
  return alone(store, clock, token, ({ still }) => sweep(still));

  async function sweep(still: () => Promise<void>): Promise<Pruned> {
    const before = await see(store, isOver, { note });
    const choice = choose(before, criteria, now);
    await say(choice.going, 'removing');
    const names = await namesIn(store);
    const seen = await see(store, isOver, { note });
    const confirmed = confirm(choice, seen, criteria, now);
    await still();
    await Promise.all(dryRun ? [] : confirmed.spared.map(({ run }) => store.remove(partOf(run, 'removing'))));
    await still();
    await say(confirmed.going, 'removed');
    const { olderThanMs } = criteria;
    const unbegun = olderThanMs === undefined ? [] : await oldUnbegun(store, now - olderThanMs);
    if (!dryRun) await forget(store, [...confirmed.going, ...unbegun]);
    // Whatever ended between the two looks was under way at the first.
    const since = Math.min(before.since, seen.since);
    return removeAll(confirmed, { names, logs: await logsIn(store), seen: { ...seen, since }, still });
  }

  async function say(runs: readonly Indexed[], what: 'removing' | 'removed'): Promise<void> {
    if (!dryRun) await Promise.all(runs.map((run) => store.create(partOf(run, what), NOTHING)));
  }

  async function removeAll(
    { going, staying }: Choice,
    { names, logs: referring, seen, still }: Pick<Sweep, 'names' | 'logs' | 'seen' | 'still'>,
  ): Promise<Pruned> {
    const firsts = new Set(going.map(({ first }) => first));
    const unused = await findUnused({ store, now, names, logs: referring, seen, going: firsts, still });
    const take = taking(store, still, { dryRun });
    const earliest = Math.min(now, seen.since);
    const artifacts = await take(unused.artifacts, earliest - COARSE_MS);
    const logs: Taken[] = [];
    for (const { ofRuns, stray } of [unused.results, unused.logs, unused.marks])
      logs.push(await take(ofRuns), await take(stray, earliest - SKEW_MS));
    const entries = [await take(names.unopened, now - COARSE_MS), await take(seen.spent)];
    const uncleared = dryRun ? [] : await clearAll(going, seen, clear);
    // Without `opened` it is a run no more, and the rest of its entry is that of none.
    const most = Math.max(0, ...going.map(({ patches = 0 }) => patches));
    const patched = Array.from({ length: most }, (_, n) => `patched-${n + 1}` as const);
    for (const part of ['opened', 'closed', ...patched, 'pinned', 'unknown', 'removing', 'removed'] as const)
      entries.push(await take(going.map((run) => partOf(run, part))));
    return {
      dryRun,
      removed: {
        runs: going.map(named),
        artifacts: artifacts.names,
        bytes: sumOf([artifacts, ...logs, ...entries], 'bytes'),
      },
      kept: {
        runs: staying.map(({ run, because }) => ({ ...named(run), because })),
        artifacts: [...unused.shared].map(([run, count]) => ({ run, count })),
        results: unused.offered,
        recent: sumOf([artifacts, ...logs], 'young'),
        uncleared,
      },
    };
  }
}

const sumOf = (all: readonly Taken[], what: keyof Taken): number =>
  all.reduce((sum, one) => sum + one[what], 0);

const NOTHING = new Uint8Array();
const named = ({ id, first, name }: Indexed): NamedRun => ({ id, first, name });
