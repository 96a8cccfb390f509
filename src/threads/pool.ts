import { fileURLToPath } from 'node:url';
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
