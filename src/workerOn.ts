import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MessageChannel } from 'node:worker_threads';
import { Client } from '@temporalio/client';
import { type NativeConnection, type WorkerOptions as TemporalOptions, Worker } from '@temporalio/worker';
import { createActivities } from './activities/index.js';
import { systemClock } from './adapters/clock.js';
import { sha256 } from './adapters/digest.js';
import { providerBatches } from './adapters/executors/batches.js';
import { beside } from './adapters/executors/beside.js';
import { functionNames, type InlineFunctions, saidTools } from './adapters/executors/call.js';
import { checkPolicy } from './adapters/executors/checkPolicy.js';
import { byKind, executors } from './adapters/executors/compose.js';
import { governed } from './adapters/executors/governed.js';
import { isolatedExecutor } from './adapters/executors/isolated.js';
import { OPEN_POLICY, type Policy } from './adapters/executors/policy.js';
import { GRACE_MS } from './adapters/executors/processGroup.js';
import { checkModel, hostOf, isSetUp } from './adapters/executors/provider.js';
import { redactorOf } from './adapters/executors/redactor.js';
import { filesDigest } from './adapters/folder.js';
import { functionsDigest } from './adapters/functionsDigest.js';
import { depots } from './adapters/git/depots.js';
import { checkGit } from './adapters/git/git.js';
import { gates } from './adapters/governing/gates.js';
import { serveAdmission } from './adapters/governing/overPort.js';
import { readPlan } from './adapters/planFile.js';
import { fileStore } from './adapters/stores/file.js';
import { functionTools } from './adapters/tools/functionTools.js';
import { workerTools } from './adapters/tools/tools.js';
import { type RunResult, type ToRepair, taskQueueOf } from './contracts/run.js';
import { Failure } from './core/outcome/failure.js';
import type { Compiled, Source } from './core/plan/compile.js';
import type { Problem } from './core/plan/problems.js';
import type { AskWork } from './core/plan/render.js';
import type { Executor } from './ports/executor.js';
import type { Tool } from './ports/tools.js';
import { governors } from './temporal/governors.js';
import type { CompileTask } from './threads/compile.js';
import type { IntegrateTask } from './threads/integrate.js';
import { resultOf, runStoppable, type ThreadReply, threadPool } from './threads/pool.js';
import { VERSION } from './version.js';

export interface WorkerOnOptions {
  readonly connection: NativeConnection;
  readonly namespace?: string;
  /** Folder of the store; threads and child processes open it for themselves. */
  readonly storeRoot: string;
  /** Folder for the workspaces of briefs; `workspaces` beside the store unless told. */
  readonly workspaces?: string;
  /** URL of a module whose exported functions `call` may name; loaded in worker threads. */
  readonly functions?: string;
  /** Functions that run on the worker's own event loop: only what returns at once, or awaits. */
  readonly inline?: InlineFunctions;
  readonly policy?: Partial<Policy>;
  /** An OpenAI-compatible endpoint for `ask`. */
  readonly model?: { readonly baseURL?: string; readonly apiKey?: string };
  /** The worker's environment, of which commands get what the policy allows. */
  readonly env: { readonly [name: string]: string | undefined };
  /** Units at once on this worker; 200 unless told. */
  readonly concurrency?: number;
  /** How payloads are encoded, the same as at whoever starts runs; plain unless told. */
  readonly dataConverter?: TemporalOptions['dataConverter'];
}

export interface MusterWorker {
  readonly taskQueue: string;
  /** `host:port` of the service, where the settings named it. */
  readonly address?: string;
  /** Works until {@link MusterWorker.shutdown}; what is in flight then is handed back within 15 s. */
  run(): Promise<void>;
  shutdown(): void;
}

/** What every Muster worker runs with; a bench of something else uses the same. */
export const WORKER_TUNING = {
  maxConcurrentActivityTaskExecutions: 200,
  // Cancellation reaches an activity only through heartbeats: this bounds how long it takes.
  maxHeartbeatThrottleInterval: '5s',
  // What a dead worker had cached is given up soon, so that another can go on.
  stickyQueueScheduleToStartTimeout: '2s',
  shutdownGraceTime: '10s',
  shutdownForceTime: '20s',
} as const satisfies Partial<TemporalOptions>;

/** Reports put together at a time: one may wait for a model, and holds up no other. */
const INTEGRATIONS = 4;

/** What the integrator gets to end its command, TERM and KILL, once it is asked to; well before `shutdownForceTime`, ms. */
const STOPPING_MS = 2 * GRACE_MS;

/**
 * Puts a worker together over a connection of the caller's: adapters, activities, Temporal's worker.
 * @throws Error where the module of functions does not load, or the connection is closed.
 */
export async function workerOn(options: WorkerOnOptions): Promise<MusterWorker> {
  const { storeRoot, functions, inline = {}, model = {}, env } = options;
  const policy = { ...OPEN_POLICY, ...options.policy };
  const config = { policy, env, model, ...(functions === undefined ? {} : { functions }) };
  const reducers = functions === undefined ? [] : await functionNames(functions);
  const registered = [...Object.keys(inline), ...reducers];
  const redactor = redactorOf(config);
  const tools = workerTools({
    policy,
    env,
    redactor,
    functions: await toolsOf(policy, options),
    version: VERSION,
  });

  const store = await fileStore(storeRoot);
  const compiling = threadPool<CompileTask, Compiled>(new URL('./threads/compile.js', import.meta.url), 1);
  const integrating = threadPool<IntegrateTask, ThreadReply<RunResult | ToRepair>>(
    new URL('./threads/integrate.js', import.meta.url),
    INTEGRATIONS,
  );
  const commands = beside({ config });
  const admission = gates({
    allowances: policy.models,
    host: hostOf(model),
    worker: randomUUID(),
    ask: governors(
      new Client({
        connection: options.connection,
        namespace: options.namespace ?? 'default',
        ...(options.dataConverter && { dataConverter: options.dataConverter }),
      }),
      ...([taskQueueOf(store), hostOf(model)] as const),
    ),
  });
  const carriers = { ...executors(config, { inline, admission, redactor }), run: commands.executor };
  const isolated = isolatedExecutor({ config });
  const isolatedAsk = governed(isolated as Executor<AskWork>, admission);
  const workspaceRoot = options.workspaces ?? join(storeRoot, '..', 'workspaces');
  const workspaces = depots({ root: workspaceRoot, path: env.PATH, redactor });
  const compileInThread = (source: Source): Promise<Compiled> =>
    compiling.run({ source, ...(env.PATH === undefined ? {} : { path: env.PATH }) });
  const activities = createActivities({
    store,
    clock: systemClock,
    digest: sha256,
    redactor,
    executors: carriers,
    tools,
    ...(isSetUp(model) && { batches: providerBatches({ ...model, redactor }) }),
    filesDigest,
    depots: workspaces,
    ...(functions === undefined ? {} : { functions: functionsDigest(functions) }),
    // A closure of this process cannot go into another one.
    isolated: (task) => {
      const { work } = task;
      if (work.kind === 'ask') return isolatedAsk({ ...task, work });
      const isInline = work.kind === 'call' && Object.hasOwn(inline, work.name);
      return (isInline ? byKind(carriers) : isolated)(task);
    },
    readPlan,
    compileInThread,
    compileWithin: (source, at) => {
      const file = at && resolve(at.folder, at.file);
      return compileInThread({ ...source, ...(file !== undefined && { file, folder: dirname(file) }) });
    },
    integrateInThread: async (input, signal) => {
      const { port1, port2 } = new MessageChannel();
      serveAdmission(port1, admission);
      const task = { ...input, storeRoot, workspaces: workspaceRoot, config, gates: port2 };
      try {
        return resultOf(
          await runStoppable(integrating, task, { signal, graceMs: STOPPING_MS, lent: [port2] }),
        );
      } finally {
        port1.close();
      }
    },
    refused: async (plan, { inline }) => [
      ...checkPolicy(plan, policy, { inline, functions: registered, reducers }),
      ...checkModel(plan, model),
      ...tools.check(plan),
      ...(plan.base ? await gitProblems(env.PATH) : []),
    ],
  });

  const taskQueue = taskQueueOf(store);
  const worker = await Worker.create({
    ...WORKER_TUNING,
    ...(options.concurrency === undefined
      ? {}
      : { maxConcurrentActivityTaskExecutions: options.concurrency }),
    connection: options.connection,
    namespace: options.namespace ?? 'default',
    taskQueue,
    activities,
    ...(options.dataConverter && { dataConverter: options.dataConverter }),
    ...workflows(),
  });
  return {
    taskQueue,
    async run() {
      try {
        const over = worker.run();
        commands.warm();
        integrating.warm();
        await over;
      } finally {
        admission.close();
        await Promise.all([
          ...[commands.close(), carriers.close(), workspaces.close(), tools.close()],
          ...[compiling.destroy(), integrating.destroy()],
        ]);
      }
    },
    // Asked twice, or while it ends already, it is done with.
    shutdown: () => {
      if (worker.getState() === 'RUNNING') worker.shutdown();
    },
  };
}

/** The functions that models may call. A module is loaded once more only where there can be any. */
async function toolsOf(
  policy: Policy,
  { functions, inline = {} }: Pick<WorkerOnOptions, 'functions' | 'inline'>,
): Promise<readonly Tool[]> {
  if (policy.tools.functions.length === 0) return [];
  const own = Object.entries(inline).map(([name, { tool }]) => ({ name, ...(tool && { tool }) }));
  return functionTools([...own, ...(functions === undefined ? [] : await saidTools(functions))], policy);
}

/** What keeps a worker from making workspaces: it may be another machine than the one that compiled the plan. */
async function gitProblems(path: string | undefined): Promise<Problem[]> {
  try {
    await checkGit(path);
    return [];
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return [
      { severity: 'error', path: '', message: `${error.message} (This is said of the worker's machine.)` },
    ];
  }
}

/** The bundle made when building; from source, Temporal bundles at start. */
export function workflows() {
  const built = new URL('./workflow-bundle.js', import.meta.url);
  return existsSync(built)
    ? { workflowBundle: { code: readFileSync(built, 'utf8') } }
    : { workflowsPath: fileURLToPath(new URL('./workflows/index.js', import.meta.url)) };
}
