import { randomBytes } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { sha256 } from './adapters/digest.js';
import { OPEN_POLICY, type Policy } from './adapters/executors/policy.js';
import { runExecutor } from './adapters/executors/run.js';
import { surroundings } from './adapters/folder.js';
import type { StatusAnswer, WavesAnswer } from './contracts/messages.js';
import { type InlinePlan, type RunInput, type RunResult, taskQueueOf } from './contracts/run.js';
import { progressOf, type RunProgress } from './core/explain/progress.js';
import { Failure } from './core/outcome/failure.js';
import { type Compiled, compile, type Source } from './core/plan/compile.js';
import type { Plan } from './core/plan/plan.js';
import { blobName } from './engine/artifacts.js';
import { integrateRun } from './engine/integrateRun.js';
import { type Mark, mark } from './engine/marks.js';
import { keysOfFans } from './engine/outputs.js';
import { placeOf } from './engine/places.js';
import { loadPlan, storePlan } from './engine/plans.js';
import { findRun, hasRun, listRuns, type RunEntry } from './engine/runIndex.js';
import type { Store } from './ports/store.js';
import { type Described, type Runs, runsOf, taken } from './temporal/runs.js';

export interface MusterOptions {
  readonly store: Store;
  /** Connects when first needed: `check`, `list`, `result` and `salvage` work without a service. */
  readonly connect: () => Promise<Client>;
  /** Where `check` looks for commands (PATH), and the environment of a `verify` command that `salvage` runs here. */
  readonly env?: { readonly [name: string]: string | undefined };
  /** What `salvage` may run; any command unless told. */
  readonly policy?: Partial<Policy>;
}

/** A run as it stands. */
export interface RunView {
  readonly id: string;
  readonly name: string;
  readonly phase:
    | 'compiling'
    | 'running'
    | 'stopping'
    | 'integrating'
    | 'complete'
    | 'partial'
    | 'failed'
    | 'cancelled'
    | 'terminated';
  /** ms since the epoch. */
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly deadlineAt?: number;
  /** Absent where no worker answers, or none has read the plan yet. */
  readonly progress?: RunProgress;
  /** Whether a worker answered just now. */
  readonly answered: boolean;
  /** Why it ended without a report. */
  readonly failure?: { readonly type: string; readonly message: string };
}

export interface RunReport {
  readonly entry: RunEntry;
  /** `report.json` and `report.md` as stored. */
  readonly json: string;
  readonly markdown: string;
}

/** Muster as a program uses it: plans in, runs followed, reports out. */
export interface Muster {
  /** Compiles a plan; nothing is started or stored. */
  check(source: Source): Promise<Compiled>;
  /**
   * Starts a compiled plan, or one given as JSON that the worker will compile.
   * @throws Failure `InvalidInput` where the id is taken.
   */
  start(
    plan: (Compiled & { ok: true }) | InlinePlan,
    options?: { readonly id?: string },
  ): Promise<{ id: string; first: string }>;
  /**
   * Starts a run that uses again what another delivered, wherever nothing it was made from has changed; that one must
   * have ended. Without `plan`, the very plan it had, files and params as they were then.
   * @throws Failure `InvalidInput` where there is no such run, or it is still open
   */
  rerun(
    id: string,
    options?: { readonly plan?: Compiled & { ok: true }; readonly id?: string },
  ): Promise<{ id: string; first: string }>;
  /** The plan of a run, as it was compiled. @throws Failure `InvalidInput` where there is no such run */
  planOf(id: string): Promise<Plan>;
  /**
   * Marks the result of a brief (`dig`, or an instance: `dig[pricing]`): a bad one is never used again.
   * @returns whether that changed anything
   * @throws Failure `InvalidInput` where there is no such run or brief
   */
  mark(id: string, brief: string, as: Mark): Promise<boolean>;
  /** Newest first; from the store, also when Temporal has forgotten. */
  list(): Promise<readonly RunEntry[]>;
  /** Undefined where neither the store nor Temporal knows the run. `id` may be any unambiguous beginning of one. */
  status(id: string): Promise<RunView | undefined>;
  /** The view whenever it may have changed, until the run has ended. */
  watch(
    id: string,
    options?: { readonly everyMs?: number; readonly signal?: AbortSignal },
  ): AsyncIterable<RunView>;
  /** The stored report; undefined while there is none. */
  result(id: string): Promise<RunReport | undefined>;
  /**
   * Integrates what a run left that no code could finish: terminated by hand, or history lost. Kept as the run's
   * report where the service says that the run is over.
   */
  salvage(id: string): Promise<RunReport>;
  /** Asks the run to stop; it still integrates. False where no run of that id is open. */
  cancel(id: string): Promise<boolean>;
  waves(id: string): Promise<WavesAnswer | undefined>;
  /** The recorded history, for replay. */
  history(id: string): Promise<unknown>;
}

const RUN_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

export function createMuster({ store, connect, env = {}, policy = {} }: MusterOptions): Muster {
  let connecting: Promise<Runs> | undefined;
  const service = () => {
    connecting ??= connect().then((client) => runsOf(client, taskQueueOf(store)));
    // Who found no service may ask again later.
    connecting.catch(() => {
      connecting = undefined;
    });
    return connecting;
  };

  async function status(given: string): Promise<RunView | undefined> {
    const entry = await findRun(store, given);
    if (entry?.closed) return closedView(entry, entry.closed);
    const id = entry?.id ?? given;
    const runs = await service();
    const described = await runs.describe(id);
    if (!described) return undefined;
    const base = { id, name: entry?.name ?? id, startedAt: described.startedAt };
    if (!described.open) return { ...base, ...(await unreported(runs, id, described)) };
    const answer = await runs.status(id);
    if (!answer) return { ...base, phase: 'compiling', answered: false };
    return {
      ...base,
      phase: answer.phase === 'closed' ? 'integrating' : answer.phase,
      answered: true,
      ...(answer.deadlineAt === undefined ? {} : { deadlineAt: answer.deadlineAt }),
      ...(entry && answer.plan ? { progress: await progressNow(store, entry, answer, described) } : {}),
    };
  }

  async function* watch(
    given: string,
    options: { everyMs?: number; signal?: AbortSignal } = {},
  ): AsyncIterable<RunView> {
    let over = false;
    let wake = () => {};
    for (let followed = false; !options.signal?.aborted; ) {
      const view = await status(given);
      if (view) yield view;
      if (!view || view.endedAt !== undefined) return;
      if (!followed) {
        followed = true;
        const end = () => {
          over = true;
          wake();
        };
        // Only the run's own end cuts a wait short; where it cannot be awaited, looking now and then will do.
        (await service()).result(view.id).then(end, (error) => error instanceof Failure && end());
      }
      if (!over)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, options.everyMs ?? 500);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      over = false;
    }
  }

  /** Whether the service says so; unknown is no. */
  async function isOver(id: string): Promise<boolean> {
    const described = await service()
      .then((runs) => runs.describe(id))
      .catch(() => undefined);
    return described !== undefined && !described.open;
  }

  async function report(entry: RunEntry, { report }: Pick<RunResult, 'report'>): Promise<RunReport> {
    const text = async (digest: string) => new TextDecoder().decode(await store.read(blobName(digest)));
    return { entry, json: await text(report.json), markdown: await text(report.markdown) };
  }

  /** `input` is made once it is clear that the run can be started. */
  async function begin(
    id = randomBytes(4).toString('hex'),
    input: () => Promise<RunInput & { readonly summary: string }>,
  ): Promise<{ id: string; first: string }> {
    if (!RUN_ID.test(id))
      throw new Failure(
        'InvalidInput',
        `\`${id.slice(0, 80)}\` is no id of a run: letters, digits, \`.\`, \`_\` and \`-\`, at most 100, beginning with a letter or digit.`,
      );
    if (await hasRun(store, id)) throw taken(id);
    const runs = await service();
    const { summary, ...given } = await input();
    return { id, ...(await runs.start(id, given, summary)) };
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
    check: (source) => compile(source, surroundings(env.PATH)),
    start: (plan, { id } = {}) =>
      begin(id, async () =>
        'inline' in plan
          ? { plan, summary: 'a plan given as JSON' }
          : { plan: { digest: await storePlan(store, plan, sha256) }, summary: summaryOf(plan.plan) },
      ),
    async rerun(given, { plan, id } = {}) {
      const base = await known(given);
      if (!base.closed && (await (await service()).describe(base.id))?.open)
        throw new Failure(
          'InvalidInput',
          `${base.id} has not ended. Wait for it (muster watch ${base.id}), or stop it (muster cancel ${base.id}).`,
        );
      return begin(id, async () => ({
        plan: { digest: plan ? await storePlan(store, plan, sha256) : base.plan },
        base: { id: base.id, first: base.first, plan: base.plan },
        summary: summaryOf(plan?.plan ?? (await loadPlan(store, base.plan)).plan),
      }));
    },
    planOf: async (given) => (await loadPlan(store, (await known(given)).plan)).plan,
    async mark(given, brief, as) {
      const { first, plan } = await known(given);
      return mark(store, await placeOf(store, { first, plan }, brief), as);
    },
    list: () => listRuns(store),
    status,
    watch,
    async result(given) {
      const entry = await findRun(store, given);
      return entry?.closed && report(entry, entry.closed);
    },
    async salvage(given) {
      const entry = await known(given);
      const input = { run: { id: entry.id, first: entry.first }, plan: entry.plan, now: Date.now() };
      const result = await integrateRun(
        { ...input, over: await isOver(entry.id) },
        {
          store,
          digest: sha256,
          verify: runExecutor({ policy: { ...OPEN_POLICY, ...policy }, env }),
          signal: new AbortController().signal,
        },
      );
      return report((await findRun(store, entry.id)) ?? entry, result);
    },
    async cancel(given) {
      const id = (await findRun(store, given))?.id ?? given;
      const runs = await service();
      if (!(await runs.describe(id))?.open) return false;
      await runs.cancel(id);
      return true;
    },
    waves: async (id) => (await service()).waves(id),
    history: async (id) => (await service()).history(id),
  };
}

function closedView(entry: RunEntry, closed: NonNullable<RunEntry['closed']>): RunView {
  const { id, name, openedAt } = entry;
  return { id, name, phase: closed.status, startedAt: openedAt, endedAt: closed.closedAt, answered: true };
}

/** A run that Temporal has closed and no integrator has: terminated, or failed before it could begin. */
async function unreported(runs: Runs, id: string, { state, endedAt }: Described) {
  const failure = await runs.result(id).then(
    () => undefined,
    (error: Error) => ({ type: error instanceof Failure ? error.type : state, message: error.message }),
  );
  return {
    phase: state === 'TERMINATED' ? ('terminated' as const) : ('failed' as const),
    answered: true,
    ...(endedAt === undefined ? {} : { endedAt }),
    ...(failure ? { failure } : {}),
  };
}

async function progressNow(store: Store, entry: RunEntry, answer: StatusAnswer, { pending }: Described) {
  const { plan, graph } = await loadPlan(store, entry.plan);
  const keys = await keysOfFans(store, entry.first, Object.keys(answer.fans).map(Number));
  return progressOf({
    plan,
    graph,
    waves: answer.waves,
    units: answer.units,
    fans: answer.fans,
    keys,
    pending: pending.map(({ node, beat, lastFailure, nextAt }) => ({
      node,
      ...beat,
      ...(lastFailure === undefined ? {} : { failure: lastFailure }),
      ...(nextAt === undefined ? {} : { nextAt }),
    })),
  });
}
