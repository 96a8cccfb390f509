import { randomBytes } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { sha256 } from '../adapters/digest.js';
import { OPEN_POLICY, type Policy } from '../adapters/executors/policy.js';
import { runExecutor } from '../adapters/executors/run.js';
import { surroundings } from '../adapters/folder.js';
import { depotsFor } from '../adapters/git/depotsFor.js';
import type { WavesAnswer } from '../contracts/messages.js';
import { type InlinePlan, type RunInput, type RunResult, taskQueueOf } from '../contracts/run.js';
import type { RunView } from '../core/explain/runView.js';
import type { Report } from '../core/integrate/report.js';
import type { JsonObject } from '../core/outcome/canonical.js';
import { Failure } from '../core/outcome/failure.js';
import { type Compiled, compile, type Source } from '../core/plan/compile.js';
import type { Plan } from '../core/plan/plan.js';
import { listed } from '../core/plan/problems.js';
import type { PlanDocument } from '../core/plan/schema.js';
import { readBlob } from '../engine/artifacts.js';
import { integrateRun } from '../engine/integrateRun.js';
import { type Mark, mark } from '../engine/marks.js';
import { type KnownTrees, withMergedTree } from '../engine/mergedTree.js';
import { placeOf } from '../engine/places.js';
import { loadPlan, storePlan } from '../engine/plans.js';
import type { Pruned } from '../engine/prune/prune.js';
import { findRun, hasRun, listRuns, pinRun, type RunEntry, unpinRun } from '../engine/runIndex.js';
import { announce, withdraw } from '../engine/starts.js';
import type { Store } from '../ports/store.js';
import { type Runs, runsOf, Taken } from '../temporal/runs.js';
import { type Schedules as ServiceSchedules, schedulesOf } from '../temporal/schedules.js';
import { eventsOf, type RunEvent } from './events.js';
import { looker } from './look.js';
import { type PruneOptions, pruneOn } from './prune.js';
import { type Schedules, schedulesOn } from './schedules/schedules.js';

export interface MusterOptions {
  readonly store: Store;
  /** Connects when first needed: `check`, `list`, `result` and `salvage` work without a service. */
  readonly connect: () => Promise<Client>;
  /** Where `check` looks for commands (PATH), and the environment of a `verify` command that `salvage` runs here. */
  readonly env?: { readonly [name: string]: string | undefined };
  /** Folder for workspaces; one of the system's temporary ones unless told. */
  readonly workspaces?: string;
  /** What `salvage` may run; any command unless told. */
  readonly policy?: Partial<Policy>;
  /** Removes what lies outside the store for a run that is removed, such as copies of its report. */
  readonly clear?: (run: { readonly id: string }) => Promise<void>;
}

export interface RunReport {
  readonly entry: RunEntry;
  readonly report: Report;
  /** `report.json` and `report.md` as stored. */
  readonly json: string;
  readonly markdown: string;
}

/** A plan that is sound. */
export type Sound = Compiled & { readonly ok: true };
export type Startable = PlanDocument | Sound | InlinePlan;

export interface StartOptions {
  /** Of the run; a random one unless told. */
  readonly id?: string;
  /** For a plan as written: its params. */
  readonly params?: JsonObject;
  /** For a plan as written: absolute; its relative paths are relative to it, and its commands run there. */
  readonly folder?: string;
}
export interface Started {
  readonly id: string;
  /** First execution run id. */
  readonly first: string;
}

export interface WatchOptions {
  /** Between two looks, ms; 500 unless told. */
  readonly everyMs?: number;
  readonly signal?: AbortSignal;
}

/** Muster as a program uses it: plans in, runs followed, reports out. */
export interface Muster {
  /** Compiles a plan; nothing is started or stored. */
  check(source: Source): Promise<Compiled>;
  /**
   * Starts a plan: as written, or compiled before; or as JSON that the worker will compile, which then may run no
   * commands unless the worker's policy says so.
   * @throws Failure `InvalidPlan` naming every problem, `InvalidInput` where the id is taken.
   */
  start(plan: Startable, options?: StartOptions): Promise<Started>;
  /**
   * The same under an id of the caller's; where a run of that id and that very plan is there, however it stands, that
   * run. So whoever does not know whether it has started may ask again.
   * @throws Failure `InvalidInput` where the id belongs to another plan
   */
  startOrAttach(
    plan: Startable,
    options: StartOptions & { readonly id: string },
  ): Promise<Started & { readonly attached: boolean }>;
  /**
   * Starts a run that uses again what another delivered, wherever nothing it was made from has changed; that one must
   * have ended. Without `plan`, the very plan it had, files and params as they were then.
   * @throws Failure `InvalidInput` where there is no such run, or it is still open
   */
  rerun(id: string, options?: StartOptions & { readonly plan?: Startable }): Promise<Started>;
  /** The plan of a run, as it was compiled. @throws Failure `InvalidInput` where there is no such run */
  planOf(id: string): Promise<Plan>;
  /**
   * Marks the result of a brief (`dig`, or an instance: `dig[pricing]`): a bad one is never used again.
   * @returns whether that changed anything
   * @throws Failure `InvalidInput` where there is no such run or brief
   */
  mark(id: string, brief: string, as: Mark): Promise<boolean>;
  /**
   * Keeps a run, with all that it refers to, until it is unpinned.
   * @returns whether that changed anything
   * @throws Failure `InvalidInput` where there is no such run
   */
  pin(id: string): Promise<boolean>;
  unpin(id: string): Promise<boolean>;
  /**
   * Removes runs that have ended, and what nothing else refers to: logs, artifacts, marks. Waits for another prune that is
   * at work.
   * @throws Failure `InvalidInput` where no criterion is given, or a run is named that there is not, is open or is pinned
   */
  prune(options: PruneOptions): Promise<Pruned>;
  /** Newest first; from the store, also when Temporal has forgotten. */
  list(): Promise<readonly RunEntry[]>;
  /** Undefined where neither the store nor Temporal knows the run. `id` may be any unambiguous beginning of one. */
  status(id: string): Promise<RunView | undefined>;
  /** What happens to a run, as it happens, until it has ended; of what happened before, how it stood when asked. */
  watch(id: string, options?: WatchOptions): AsyncIterable<RunEvent>;
  /** The whole view whenever it may have changed, until the run has ended. */
  views(id: string, options?: WatchOptions): AsyncIterable<RunView>;
  /** The stored report; undefined while there is none. */
  result(id: string): Promise<RunReport | undefined>;
  /**
   * Integrates what a run left that no code could finish: terminated by hand, or history lost. Kept as the run's
   * report where the service says that the run is over.
   */
  salvage(id: string): Promise<RunReport>;
  /**
   * Writes the merged tree of a run whose briefs had workspaces of their own into a folder that is new or empty.
   * @param folder absolute
   * @throws Failure `InvalidInput` where there is no such tree, or the folder holds something
   */
  files(id: string, folder: string): Promise<void>;
  /** The same as a patch against what the workspaces began with, for `git apply` at the root of that. */
  patch(id: string): Promise<Uint8Array>;
  /** Asks the run to stop; it still integrates. False where no run of that id is open. */
  cancel(id: string): Promise<boolean>;
  readonly schedules: Schedules;
  waves(id: string): Promise<WavesAnswer | undefined>;
  /** The recorded history, for replay. */
  history(id: string): Promise<unknown>;
}

const RUN_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** Muster over a store and a connection of the caller's. */
export function musterOn({
  store,
  connect,
  env = {},
  policy = {},
  workspaces,
  clear,
}: MusterOptions): Muster {
  const taskQueue = taskQueueOf(store);
  let connecting: Promise<{ readonly runs: Runs; readonly schedules: ServiceSchedules }> | undefined;
  const connected = () => {
    connecting ??= connect().then((client) => ({
      runs: runsOf(client, taskQueue),
      schedules: schedulesOf(client, taskQueue),
    }));
    // Who found no service may ask again later.
    connecting.catch(() => {
      connecting = undefined;
    });
    return connecting;
  };
  const service = () => connected().then(({ runs }) => runs);

  const { status, views } = looker(store, service);

  /** Whether the service says so; unknown is no. */
  async function isOver(id: string): Promise<boolean> {
    const described = await service()
      .then((runs) => runs.describe(id))
      .catch(() => undefined);
    return described !== undefined && !described.open;
  }

  async function report(entry: RunEntry, { report }: Pick<RunResult, 'report'>): Promise<RunReport> {
    const text = async (digest: string) => new TextDecoder().decode(await readBlob(store, digest));
    const json = await text(report.json);
    return { entry, report: JSON.parse(json) as Report, json, markdown: await text(report.markdown) };
  }

  /** @param base the run that it repeats */
  async function begin(
    id: string,
    input: () => Promise<RunInput & { readonly summary: string }>,
    base?: RunEntry,
  ): Promise<Started> {
    if (!RUN_ID.test(id))
      throw new Failure(
        'InvalidInput',
        `\`${id.slice(0, 80)}\` is no id of a run: letters, digits, \`.\`, \`_\` and \`-\`, at most 100, beginning with a letter or digit.`,
      );
    if (await hasRun(store, id)) throw new Taken(id);
    // Only what can be started is stored.
    const runs = await service();
    const start = { id, at: Date.now(), ...(base && { base: base.first }) };
    const announced = await announce(store, start, anyId());
    try {
      // It may have been removed before that was announced.
      if (base) await known(base.id);
      const { summary, ...given } = await input();
      return { id, ...(await runs.start(id, given, summary)) };
    } catch (error) {
      // Of any other error nobody knows whether the run has started all the same.
      if (error instanceof Failure) await withdraw(store, announced);
      throw error;
    }
  }

  /** @throws Failure `InvalidInput` where that run has another plan */
  async function attach(id: string, plan: RunInput['plan']): Promise<string> {
    const entry = await findRun(store, id);
    const there = entry?.id === id ? entry : await (await service()).describe(id);
    if (!there) throw new Taken(id);
    if (!('digest' in plan) || there.plan === plan.digest) return there.first;
    throw new Failure(
      'InvalidInput',
      `The run ${id} has another plan, or other params or files. Give this one an id of its own.`,
    );
  }

  const withDepots = depotsFor(workspaces, env.PATH);

  async function merged<T>(given: string, work: (known: KnownTrees) => Promise<T>): Promise<T> {
    const entry = await known(given);
    if (!entry.closed)
      throw new Failure(
        'InvalidInput',
        `${entry.id} has no report yet. Wait for it: muster watch ${entry.id}`,
      );
    const { report: found } = await report(entry, entry.closed);
    return withDepots((depots) => withMergedTree({ store, depots }, found, work));
  }

  const anyId = (): string => randomBytes(4).toString('hex');
  const check = (source: Source) => compile(source, surroundings(env.PATH));

  async function sound(plan: PlanDocument | Sound, { params, folder }: StartOptions): Promise<Sound> {
    if ('ok' in plan) return plan;
    const document = plan as unknown as JsonObject;
    const compiled = await check({
      document,
      ...(params && { params }),
      ...(folder !== undefined && { folder }),
    });
    if (compiled.ok) return compiled;
    throw new Failure('InvalidPlan', listed(compiled.problems));
  }

  async function inputOf(
    plan: Startable,
    options: StartOptions,
  ): Promise<RunInput & { readonly summary: string }> {
    if ('inline' in plan) return { plan, summary: 'a plan given as JSON' };
    const compiled = await sound(plan, options);
    return { plan: { digest: await storePlan(store, compiled, sha256) }, summary: summaryOf(compiled.plan) };
  }

  async function known(given: string): Promise<RunEntry> {
    const entry = await findRun(store, given);
    if (entry) return entry;
    throw new Failure(
      'InvalidInput',
      `No run called ${given} has left anything in this store. See: muster list`,
    );
  }

  const summaryOf = ({ name, brief }: Plan): string => `${name}: ${brief}`;

  return {
    check,
    start: (plan, options = {}) => begin(options.id ?? anyId(), () => inputOf(plan, options)),
    async startOrAttach(plan, { id, ...options }) {
      const input = () => inputOf(plan, options);
      try {
        return { ...(await begin(id, input)), attached: false };
      } catch (error) {
        if (!(error instanceof Taken)) throw error;
        return { id, first: await attach(id, (await input()).plan), attached: true };
      }
    },
    async rerun(given, { plan, ...options } = {}) {
      const base = await known(given);
      if (!base.closed && (await (await service()).describe(base.id))?.open)
        throw new Failure(
          'InvalidInput',
          `${base.id} has not ended. Wait for it (muster watch ${base.id}), or stop it (muster cancel ${base.id}).`,
        );
      const input = async () => ({
        ...(plan
          ? await inputOf(plan, options)
          : {
              plan: { digest: base.plan },
              summary: summaryOf((await loadPlan(store, base.plan)).plan),
            }),
        base: { id: base.id, first: base.first, plan: base.plan },
      });
      return begin(options.id ?? anyId(), input, base);
    },
    planOf: async (given) => (await loadPlan(store, (await known(given)).plan)).plan,
    async mark(given, brief, as) {
      const { first, plan } = await known(given);
      return mark(store, await placeOf(store, { first, plan }, brief), as);
    },
    pin: async (given) => pinRun(store, await known(given)),
    unpin: async (given) => unpinRun(store, await known(given)),
    prune: pruneOn({ store, service, known, ...(clear && { clear }) }),
    list: () => listRuns(store),
    status,
    views,
    watch: (id, options) => eventsOf(views(id, options)),
    async result(given) {
      const entry = await findRun(store, given);
      return entry?.closed && report(entry, entry.closed);
    },
    async salvage(given) {
      const entry = await known(given);
      const input = { run: { id: entry.id, first: entry.first }, plan: entry.plan, now: Date.now() };
      const over = await isOver(entry.id);
      const result = await withDepots((depots) =>
        integrateRun(
          { ...input, over },
          {
            store,
            digest: sha256,
            depots,
            verify: runExecutor({ policy: { ...OPEN_POLICY, ...policy }, env }),
            signal: new AbortController().signal,
          },
        ),
      );
      return report((await findRun(store, entry.id)) ?? entry, result);
    },
    files: (given, folder) => merged(given, ({ depot, merged }) => depot.write(merged, folder)),
    patch: (given) => merged(given, ({ depot, base, merged }) => depot.patch(base, merged)),
    async cancel(given) {
      const id = (await findRun(store, given))?.id ?? given;
      const runs = await service();
      if (!(await runs.describe(id))?.open) return false;
      await runs.cancel(id);
      return true;
    },
    schedules: schedulesOn({
      store,
      service: () => connected().then(({ schedules }) => schedules),
      check,
    }),
    waves: async (id) => (await service()).waves(id),
    history: async (id) => (await service()).history(id),
  };
}
