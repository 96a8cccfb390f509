import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Failure, type FailureDetail, type FailureType } from '../../core/outcome/failure.js';
import type { Effect, Executor, Progress, Task } from '../../ports/executor.js';
import type { ExecutorConfig } from './compose.js';
import { endGroup, GRACE_MS } from './processGroup.js';
import { stopped } from './stopped.js';

export interface IsolatedOptions {
  readonly config: ExecutorConfig;
  /** Entry of the child; for when the code does not lie as it was built. */
  readonly entry?: URL;
}

/** What goes to the child: first the task, then, perhaps, why to stop. */
export type ToChild =
  | { readonly config: ExecutorConfig; readonly task: Omit<Task, 'signal' | 'progress'> }
  | { readonly stop: Pick<Failure, 'type' | 'message'> };

/** What comes from it: progress, then one answer. */
export type FromChild = { readonly progress: Progress } | Answer;
export type Answer =
  | { readonly effect: Effect }
  | {
      readonly failure: {
        readonly type: FailureType;
        readonly message: string;
        readonly detail: FailureDetail;
      };
    };

const ENTRY = new URL('../../threads/isolated.js', import.meta.url);
/** The child ends its effect within the grace; this is for its answer. */
const ANSWER_MS = 2000;

/**
 * Carries out any work in a process of its own, whose death is a verdict on that work and on nothing else.
 * Inline functions are closures and stay behind: a brief that calls one fails here as unknown.
 * @throws Failure `WorkerCrashed` where the process died without an answer; else what its executor throws.
 */
export function isolatedExecutor({ config, entry = ENTRY }: IsolatedOptions): Executor {
  return async (task) => {
    const { work, label, key, try: count, signal } = task;
    if (signal.aborted) throw stopped(task);
    const child = fork(entry, [], { stdio: ['ignore', 2, 2, 'ipc'], execArgv: [], detached: true });
    // To a child that has just died nothing can be sent; its exit says so.
    const send = (message: ToChild) => child.send(message, () => {});
    let answer: Answer | undefined;
    child.on('message', (message: FromChild) => {
      if ('progress' in message) task.progress(message.progress);
      else answer = message;
    });
    let grace: NodeJS.Timeout | undefined;
    const onAbort = () => {
      const { type, message } = stopped(task);
      send({ stop: { type, message } });
      grace = setTimeout(() => void endGroup(child.pid!), GRACE_MS + ANSWER_MS);
    };
    signal.addEventListener('abort', onAbort);
    send({ config, task: { work, label, key, try: count } });

    // What it had sent before it died still arrives, until it is disconnected.
    const [[code, killedBy]] = await Promise.all([once(child, 'exit'), once(child, 'disconnect')]);
    clearTimeout(grace);
    signal.removeEventListener('abort', onAbort);

    if (answer && 'effect' in answer) return answer.effect;
    if (answer) throw new Failure(answer.failure.type, answer.failure.message, answer.failure.detail);
    if (signal.aborted) throw stopped(task);
    const how = killedBy ? `killed by ${killedBy}` : `exit code ${code}`;
    throw new Failure(
      'WorkerCrashed',
      `${label} crashed its worker: ${how}. It ran in a process of its own, so nothing else was harmed; look for what it does to the process (native code, memory, exit).`,
    );
  };
}
