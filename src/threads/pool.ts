import { fileURLToPath } from 'node:url';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { Piscina } from 'piscina';

/**
 * Threads that run the default export of the module at `entry`, one task each at a time; a task whose `signal`
 * aborts takes its thread with it. Idle threads end by themselves and hold up no exit.
 */
export function threadPool<T, R>(entry: URL, maxThreads: number): Piscina<T, R> {
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

/** What a thread needs of its task to be asked to stop: whatever comes in asks. */
export interface Stoppable {
  readonly port: MessagePort;
}

/**
 * Runs a task that hears of `signal` by its port, and so can end what it started.
 * @param graceMs after the signal, until the task is taken to hear nothing and is ended with its thread
 */
export async function runStoppable<T, R>(
  pool: Piscina<T & Stoppable, R>,
  task: T,
  { signal, graceMs }: { readonly signal: AbortSignal; readonly graceMs: number },
): Promise<R> {
  signal.throwIfAborted();
  const { port1, port2 } = new MessageChannel();
  const end = new AbortController();
  let grace: NodeJS.Timeout | undefined;
  const onAbort = () => {
    port1.postMessage('stop');
    grace = setTimeout(() => end.abort(), graceMs);
  };
  signal.addEventListener('abort', onAbort);
  try {
    return await pool.run({ ...task, port: port2 }, { transferList: [port2], signal: end.signal });
  } finally {
    clearTimeout(grace);
    signal.removeEventListener('abort', onAbort);
    port1.close();
  }
}
