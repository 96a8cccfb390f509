import type { Clock } from '../../ports/clock.js';
import type { Store } from '../../ports/store.js';
import { forget } from '../forgotten.js';
import { type Indexed, partOf, type RunEntry } from '../runIndex.js';
import { alone } from './alone.js';
import { type Because, type Choice, type Criteria, choose } from './choose.js';
import { namesIn } from './names.js';
import { type IsOver, remembered, see } from './see.js';
import { type Taken, taking } from './take.js';
import { findUnused, type Sweep } from './unused.js';

/*
 * Removing runs, and all that nothing else refers to.
 *  1. A run that goes is `removing` first, and thereby gone for everybody else; only then is looked whether anybody pinned
 *     it, or began to repeat it, meanwhile. Those look whether it is `removing` after they have said what they do.
 *  2. One that nobody did is `removed` before anything of it goes: then nothing brings it back. What a prune that died left is
 *     whole, or is finished by the next one.
 *  3. Whoever stores what nothing refers to yet was known before, as a start or as an open run. What was stored or found
 *     since the earliest of them, or since this prune began, stays.
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

/** Whether any run would go, which is known without looking through the store. */
export async function anyGoes(
  criteria: Criteria,
  { store, clock, isOver }: Pick<PruneEffects, 'store' | 'clock' | 'isOver'>,
): Promise<boolean> {
  return choose(await see(store, isOver), criteria, clock.now()).going.length > 0;
}

/**
 * @returns `busy` where another prune is at work
 * @throws Failure `StoreUnavailable`; `Superseded` where this one stood still for so long that another one has begun
 */
export async function prune(
  criteria: Criteria,
  { store, clock, token, clear, ...effects }: PruneEffects,
  { dryRun = false }: PruneOptions = {},
): Promise<Pruned | 'busy'> {
  const now = clock.now();
  const isOver = remembered(effects.isOver);
  const choice = choose(await see(store, isOver), criteria, now);
  if (dryRun) {
    const names = await namesIn(store);
    return removeAll(choice, { names, seen: await see(store, isOver), still: async () => {} });
  }
  return alone(store, clock, token, async ({ still }) => {
    await say(choice.going, 'removing');
    const names = await namesIn(store);
    const seen = await see(store, isOver);
    const confirmed = choose(seen, {}, now);
    const spared = confirmed.staying.filter(({ run }) => run.removing);
    await Promise.all(spared.map(({ run }) => store.remove(partOf(run, 'removing'))));
    await say(confirmed.going, 'removed');
    return removeAll({ ...confirmed, staying: [...choice.staying, ...spared] }, { names, seen, still });
  });

  async function say(runs: readonly Indexed[], what: 'removing' | 'removed'): Promise<void> {
    await Promise.all(runs.map((run) => store.create(partOf(run, what), NOTHING)));
  }

  async function removeAll(
    { going, staying }: Choice,
    { names, seen, still }: Pick<Sweep, 'names' | 'seen' | 'still'>,
  ): Promise<Pruned> {
    const firsts = new Set(going.map(({ first }) => first));
    const unused = await findUnused({ store, now, names, seen, going: firsts, still });
    const take = taking(store, still, { dryRun });
    const since = Math.min(now, seen.since) - COARSE_MS;
    const artifacts = await take(unused.artifacts, since);
    const logs: Taken[] = [];
    for (const { ofRuns, stray } of [unused.results, unused.logs, unused.marks])
      logs.push(await take(ofRuns), await take(stray, since));
    const entries = [await take(names.unopened, now - COARSE_MS), await take(seen.spent)];
    if (!dryRun) await Promise.all([forget(store, going), ...going.map(clear)]);
    // Without `opened` it is a run no more, and the rest of its entry is that of none.
    for (const part of ['opened', 'closed', 'pinned', 'removing', 'removed'] as const)
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
      },
    };
  }
}

const sumOf = (all: readonly Taken[], what: keyof Taken): number =>
  all.reduce((sum, one) => sum + one[what], 0);

const NOTHING = new Uint8Array();
const named = ({ id, first, name }: Indexed): NamedRun => ({ id, first, name });
