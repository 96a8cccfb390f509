import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Failure, type FailureDetail, type FailureType } from '../../core/outcome/failure.js';
import type { Effect, Executor, Progress, Task } from '../../ports/executor.js';
import type { ExecutorConfig } from './compose.js';
import { endGroup, GRACE_MS } from './processGroup.js';
import { stopped } from './stopped.js';

export interface HostOptions {
  readonly config: ExecutorConfig;
  /** Entry of the child; for when the code does not lie as it was built. */
  readonly entry?: URL;
}

/** What goes to the child: first what its executors are made of, then tasks, each perhaps followed by why to stop it. */
export type ToHost =
  | { readonly config: ExecutorConfig }
  | { readonly id: number; readonly task: Omit<Task, 'signal' | 'progress'> }
  | { readonly id: number; readonly stop: Pick<Failure, 'type' | 'message'> };

/** What comes from it for each task: progress, then one answer. */
export type FromHost = { readonly id: number } & ({ readonly progress: Progress } | Answer);
export type Answer =
  | { readonly effect: Effect }
  | {
      readonly failure: {
        readonly type: FailureType;
        readonly message: string;
        readonly detail: FailureDetail;
      };
    };

/** The child ended before it had answered: what became of its tasks is not known. */
export class HostEnded extends Error {
  override readonly name = 'HostEnded';
}

/** A child process that carries out tasks, any number at a time. It outlives neither `close` nor this process. */
export interface Host {
  /** How it ended, once it has. */
  readonly ended: string | undefined;
  /** @throws HostEnded; else what the child's executor throws, or why the task was stopped */
  readonly carryOut: Executor;
  /** Stops what it still carries out, and resolves when the child is gone. */
  close(): Promise<void>;
}

const ENTRY = new URL('../../threads/host.js', import.meta.url);
/** The child ends its effects within the grace; this is for its answer. */
const ANSWER_MS = 2000;

export function openHost({ config, entry = ENTRY }: HostOptions): Host {
  const child = fork(entry, [], { stdio: ['ignore', 2, 2, 'ipc'], execArgv: [], detached: true });
  // To a child that has just died nothing can be sent; its exit says so.
  const send = (message: ToHost) => child.send(message, () => {});
  const open = new Map<number, { hear(message: FromHost): void; end(): void }>();
  let ids = 0;
  let ended: string | undefined;
  child.on('message', (message: FromHost) => open.get(message.id)?.hear(message));
  // What it had sent before it died still arrives, until it is disconnected.
  const gone = Promise.all([once(child, 'exit'), once(child, 'disconnect')]).then(([[code, killedBy]]) => {
    ended = killedBy ? `killed by ${killedBy}` : `exit code ${code}`;
    for (const task of open.values()) task.end();
  });
  const kill = () => void endGroup(child.pid!);
  send({ config });

  async function carryOut(task: Task): Promise<Effect> {
    const { work, label, key, try: count, signal } = task;
    if (signal.aborted) throw stopped(task);
    if (ended !== undefined) throw new HostEnded(ended);
    const id = ids++;
    let grace: NodeJS.Timeout | undefined;
    const onAbort = () => {
      const { type, message } = stopped(task);
      send({ id, stop: { type, message } });
      grace = setTimeout(kill, GRACE_MS + ANSWER_MS);
    };
    signal.addEventListener('abort', onAbort);
    try {
      const answer = await new Promise<Answer | undefined>((resolve) => {
        const hear = (message: FromHost) =>
          'progress' in message ? task.progress(message.progress) : resolve(message);
        open.set(id, { hear, end: () => resolve(undefined) });
        send({ id, task: { work, label, key, try: count } });
      });
      if (answer && 'effect' in answer) return answer.effect;
      if (answer) throw new Failure(answer.failure.type, answer.failure.message, answer.failure.detail);
      throw signal.aborted ? stopped(task) : new HostEnded(ended);
    } finally {
      open.delete(id);
      clearTimeout(grace);
      signal.removeEventListener('abort', onAbort);
    }
  }

  return {
    get ended() {
      return ended;
    },
    carryOut,
    async close() {
      if (child.connected) child.disconnect();
      const grace = setTimeout(kill, GRACE_MS + ANSWER_MS);
      await gone;
      clearTimeout(grace);
    },
  };
}
