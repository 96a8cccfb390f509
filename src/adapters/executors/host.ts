import { type ChildProcess, fork } from 'node:child_process';
import { Failure, type FailureDetail, type FailureType } from '../../core/outcome/failure.js';
import type { Effect, Executor, Progress, Task } from '../../ports/executor.js';
import type { ExecutorConfig } from './compose.js';
import { endGroup, GRACE_MS } from './processGroup.js';
import { stopped } from './stopped.js';

/*
 *  1. A task ends alone: one that does not heed its signal is given up, the others of its host go on, and the host is
 *     let go once they are through.
 *  2. When a host dies, its commands are ended before anything is said of their tasks: nobody runs one beside them.
 *  3. When this process dies, the host ends its commands and itself.
 */

export interface HostOptions {
  readonly config: ExecutorConfig;
  /** Environment of the child itself; this process's own unless told. */
  readonly env?: NodeJS.ProcessEnv;
  /** Entry of the child; for when the code does not lie as it was built. */
  readonly entry?: URL;
}

/** What goes to the child: first what its executors are made of, then tasks, each perhaps followed by why to stop it. */
export type ToHost =
  | { readonly config: ExecutorConfig }
  | { readonly id: number; readonly task: Pick<Task, 'work' | 'label' | 'key' | 'try'> }
  | { readonly id: number; readonly stop: Pick<Failure, 'type' | 'message'> };

/** What comes from it for each task: progress, the process group it lives in, then one answer. */
export type FromHost = { readonly id: number } & (
  | { readonly progress: Progress }
  | { readonly group: number }
  | Answer
);
export type Answer =
  | { readonly effect: Effect }
  | {
      readonly failure: {
        readonly type: FailureType;
        readonly message: string;
        readonly detail: FailureDetail;
      };
    };

/** The child ended before it had answered, or never began: what became of its tasks is not known. */
export class HostEnded extends Error {
  override readonly name = 'HostEnded';
}

/** A child process that carries out tasks, any number at a time. */
export interface Host {
  /** Takes no further task: it has ended, or is let go. */
  readonly over: boolean;
  /** @throws HostEnded; else what the child's executor throws, or why the task was stopped */
  readonly carryOut: Executor;
  /** Stops what it still carries out, and resolves when the child is gone. */
  close(): Promise<void>;
}

interface Open {
  /** Process groups of its commands that may still live. */
  readonly groups: number[];
  hear(message: Progress | Answer | undefined): void;
}

const ENTRY = new URL('../../threads/host.js', import.meta.url);
/** The child ends its effects within the grace; this is for its answer. */
const ANSWER_MS = 2000;

/** @throws HostEnded where the system gives no process */
export function openHost({ config, env, entry = ENTRY }: HostOptions): Host {
  const child = started(entry, env);
  // To a child that has just died nothing can be sent; its exit says so.
  const send = (message: ToHost) => child.send(message, () => {});
  const open = new Map<number, Open>();
  let ids = 0;
  let ended: string | undefined;
  let letGo = false;

  child.on('message', ({ id, ...said }: FromHost) => {
    const task = open.get(id);
    if ('group' in said) task?.groups.push(said.group);
    else task?.hear('progress' in said ? said.progress : said);
  });
  const gone = endOf(child).then(async (how) => {
    ended = how;
    await Promise.all([...open.values()].flatMap(({ groups }) => groups.map(endGroup)));
    for (const task of open.values()) task.hear(undefined);
  });
  send({ config });

  /** What no longer heeds anything is ended without being asked. */
  const kill = () => child.kill('SIGKILL');

  async function carryOut(task: Task): Promise<Effect> {
    const { work, label, key, try: count, signal } = task;
    if (signal.aborted) throw stopped(task);
    if (ended !== undefined) throw new HostEnded(ended);
    const id = ids++;
    const groups: number[] = [];
    let grace: NodeJS.Timeout | undefined;
    let onAbort = () => {};
    try {
      const answer = await new Promise<Answer | undefined>((resolve) => {
        const hear: Open['hear'] = (said) =>
          said === undefined || 'effect' in said || 'failure' in said ? resolve(said) : task.progress(said);
        open.set(id, { groups, hear });
        onAbort = () => {
          const { type, message } = stopped(task);
          send({ id, stop: { type, message } });
          grace = setTimeout(async () => {
            letGo = true;
            await Promise.all(groups.map(endGroup));
            resolve(undefined);
          }, GRACE_MS + ANSWER_MS);
        };
        signal.addEventListener('abort', onAbort);
        send({ id, task: { work, label, key, try: count } });
      });
      if (answer && 'effect' in answer) return answer.effect;
      if (answer) throw new Failure(answer.failure.type, answer.failure.message, answer.failure.detail);
      throw signal.aborted ? stopped(task) : new HostEnded(ended);
    } finally {
      open.delete(id);
      clearTimeout(grace);
      signal.removeEventListener('abort', onAbort);
      if (letGo && open.size === 0) kill();
    }
  }

  return {
    get over() {
      return letGo || ended !== undefined;
    },
    carryOut,
    async close() {
      letGo = true;
      if (child.connected) child.disconnect();
      const grace = setTimeout(kill, GRACE_MS + ANSWER_MS);
      await gone;
      clearTimeout(grace);
    },
  };
}

function started(entry: URL, env: NodeJS.ProcessEnv | undefined): ChildProcess {
  try {
    return fork(entry, [], {
      stdio: ['ignore', 2, 2, 'ipc'],
      execArgv: [],
      detached: true,
      serialization: 'advanced',
      ...(env && { env }),
    });
  } catch (error) {
    throw new HostEnded((error as Error).message);
  }
}

/** How a child ended. What it had sent before it died still arrives, until it is disconnected. */
function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    let how: string | undefined;
    const say = () => how !== undefined && !child.connected && resolve(how);
    child.once('exit', (code, signal) => {
      how = signal ? `killed by ${signal}` : `exit code ${code}`;
      say();
    });
    child.once('disconnect', say);
    child.once('error', (error) => child.pid === undefined && resolve(error.message));
  });
}
