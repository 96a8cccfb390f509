import { Failure } from '../../core/outcome/failure.js';
import type { CallWork } from '../../core/plan/render.js';
import type { Executor, Task } from '../../ports/executor.js';
import type { Redactor } from '../../ports/redactor.js';
import { runStoppable, type Stoppable, type Threads, threadPool } from '../../threads/pool.js';
import type { SaidTool } from '../tools/functionTools.js';
import { type CallFunction, callFunction, type Given, type Reply } from './callFunction.js';
import { allowedFunction, allowedTool, functionRefused, type Policy } from './policy.js';
import { GRACE_MS } from './processGroup.js';
import { redactorOf } from './redactor.js';
import { stopped } from './stopped.js';

export type InlineFunctions = { readonly [name: string]: CallFunction };

export interface CallOptions {
  readonly policy: Policy;
  /** URL of the module whose exported functions may be called by name; each thread loads it for itself. */
  readonly functions?: string;
  /** Functions called in the worker's own thread. They share it with heartbeats: short and non-blocking ones only. */
  readonly inline?: InlineFunctions;
  /** Calls at once; more wait for a thread. */
  readonly maxThreads?: number;
  /** Entry of the thread; for when the code does not lie as it was built. */
  readonly entry?: URL;
  /** Nothing is taken out unless told. */
  readonly redactor?: Redactor;
}

/** What a thread is given. */
export interface CallTask extends Given, Stoppable {
  readonly functions: string | undefined;
  /** Names that are registered elsewhere; for messages. */
  readonly inline: readonly string[];
}

const ENTRY = new URL('../../threads/call.js', import.meta.url);
const MAX_THREADS = 16;
/** Characters of what a function says that a message carries. */
const SAID = 300;

export interface Calls {
  readonly executor: Executor<CallWork>;
  /** Ends its threads, and what runs in them: one stays otherwise for as long as the process lives. */
  close(): Promise<void>;
}

/**
 * Calls functions of the user's, each with a thread to itself for as long as it takes.
 * @throws Failure `CallFailed`, `OutputInvalid`, `CommandNotAllowed`, or why the task was stopped.
 */
export function callExecutor(options: CallOptions): Calls {
  const { policy, inline = {}, maxThreads = MAX_THREADS, entry = ENTRY } = options;
  const redactor = options.redactor ?? redactorOf({ policy, env: {} });
  const own = new Map(Object.entries(inline));
  const pool = threadPool<CallTask, Reply>(entry, maxThreads);
  const inThread = threadCalls(pool, options);

  const executor: Executor<CallWork> = async (task) => {
    const { label, signal, work } = task;
    if (signal.aborted) throw stopped(task);
    if (!(work.tool ? allowedTool(policy, work.name) : allowedFunction(policy, work.name))) {
      throw new Failure('CommandNotAllowed', `${label}: ${functionRefused(work.name)}`);
    }
    let reply: Reply;
    try {
      reply = await (own.has(work.name) ? inPlace(own, task) : inThread(task));
    } catch (cause) {
      if (signal.aborted) throw stopped(task);
      throw new Failure(
        'CallFailed',
        `${label}: the function \`${work.name}\` ended its thread (${(cause as Error).message}). A function must not exit or run out of memory.`,
        { cause, uncertain: true },
      );
    }
    if (signal.aborted) throw stopped(task, 'value' in reply ? { partial: reply.value } : {});
    if ('value' in reply) return { output: { value: reply.value } };
    const { type, message, said = '', ...detail } = reply.failure;
    throw new Failure(type, message + redactor.text(said).slice(0, SAID), detail);
  };
  return { executor, close: () => pool.destroy() };
}

/** Names of the functions that a module offers, found out in a thread. Rejects where the module does not load. */
export const functionNames = (functions: string, entry = ENTRY): Promise<readonly string[]> =>
  saidOf(functions, 'functionNames', entry);

/** The same with what each says of itself as a tool. */
export const saidTools = (functions: string, entry = ENTRY): Promise<readonly SaidTool[]> =>
  saidOf(functions, 'saidTools', entry);

async function saidOf<T>(functions: string, name: string, entry: URL): Promise<T> {
  const pool = threadPool<string, T>(entry, 1);
  try {
    return await pool.run(functions, { name });
  } finally {
    await pool.destroy();
  }
}

function threadCalls(pool: Threads<CallTask, Reply>, { functions, inline = {} }: CallOptions) {
  return (task: Task<CallWork>): Promise<Reply> =>
    runStoppable(
      pool,
      { ...given(task), functions, inline: Object.keys(inline) },
      { signal: task.signal, graceMs: GRACE_MS, onMessage: task.progress },
    );
}

/** A function that does not end in time is left behind: nothing can end one of one's own thread. */
function inPlace(own: ReadonlyMap<string, CallFunction>, task: Task<CallWork>): Promise<Reply> {
  const { signal } = task;
  return new Promise((resolve, reject) => {
    const onAbort = () => setTimeout(() => reject(signal.reason), GRACE_MS).unref();
    signal.addEventListener('abort', onAbort, { once: true });
    callFunction(own, given(task), { signal, progress: task.progress })
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', onAbort));
  });
}

const given = ({ label, work, try: count, key }: Task<CallWork>): Given => ({
  ...(work.cwd !== undefined && { folder: work.cwd }),
  label,
  name: work.name,
  input: work.input,
  brief: work.brief,
  ...(work.findings && { findings: work.findings }),
  try: count,
  key,
});
