import { fileURLToPath } from 'node:url';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { Failure } from '../core/outcome/failure.js';

export interface Threads<T, R> {
  run(task: T, options?: RunOptions): Promise<R>;
  /** Starts the first thread, for a task that is to come. */
  warm(): void;
  destroy(): Promise<void>;
}
type RunOptions = Parameters<Piscina['run']>[1];

/**
 * Threads that run the default export of the module at `entry`, one task each at a time; a task whose `signal`
 * aborts takes its thread with it. None is started before the first task; idle ones end by themselves and hold up no exit.
 */
export function threadPool<T, R>(entry: URL, maxThreads: number): Threads<T, R> {
  let made: Piscina<T, R> | undefined;
  const pool = () => {
    made ??= start<T, R>(entry, maxThreads);
    return made;
  };
  return {
    run: (task, options) => pool().run(task, options),
    warm: () => void pool(),
    destroy: async () => made?.destroy(),
  };
}

function start<T, R>(entry: URL, maxThreads: number): Piscina<T, R> {
  const pool = new Piscina<T, R>({
    filename: fileURLToPath(entry),
    // With none kept, a task that waits while the last thread is ended would wait for ever.
    minThreads: 1,
    maxThreads,
    idleTimeout: 10_000,
    // Blocking between tasks would also hold what a task left running.
    atomics: 'disabled',
  });
  // What a finished task left behind may still fail; that is nobody's try any more, and must not end the process.
  pool.on('error', (error: Error) =>
    process.emitWarning(`A thread failed after its task had ended: ${error.message}`),
  );
  return pool;
}

/** What a thread needs of its task to be asked to stop: whatever comes in asks. What it tells goes out by the same port. */
export interface Stoppable {
  readonly port: MessagePort;
}

/**
 * Runs a task that hears of `signal` by its port, and so can end what it started.
 * @param graceMs after the signal, until the task is taken to hear nothing and is ended with its thread
 * @param onMessage gets what the task tells on the way
 */
export async function runStoppable<T extends Stoppable, R, M = never>(
  pool: Threads<T, R>,
  task: Omit<T, 'port'>,
  {
    signal,
    graceMs,
    onMessage,
    lent = [],
  }: {
    readonly signal: AbortSignal;
    readonly graceMs: number;
    readonly onMessage?: (message: M) => void;
    /** Other ports of the task. */
    readonly lent?: readonly MessagePort[];
  },
): Promise<R> {
  signal.throwIfAborted();
  const { port1, port2 } = new MessageChannel();
  const end = new AbortController();
  let grace: NodeJS.Timeout | undefined;
  const onAbort = () => {
    port1.postMessage('stop');
    grace = setTimeout(() => end.abort(), graceMs);
  };
  if (onMessage) port1.on('message', onMessage);
  signal.addEventListener('abort', onAbort);
  try {
    return await pool.run({ ...task, port: port2 } as T, {
      transferList: [port2, ...lent],
      signal: end.signal,
    });
  } finally {
    clearTimeout(grace);
    signal.removeEventListener('abort', onAbort);
    port1.close();
  }
}

/** What a thread answers; a failure is plain data, for as an error it would lose its type on the way. */
export type ThreadReply<R> =
  | { readonly result: R }
  | { readonly failure: { readonly type: Failure['type']; readonly message: string } };

/** @throws Failure as it was thrown in the thread */
export function resultOf<R>(reply: ThreadReply<R>): R {
  if ('result' in reply) return reply.result;
  throw new Failure(reply.failure.type, reply.failure.message);
}
