import { Failure } from '../../core/outcome/failure.js';
import type { Executor } from '../../ports/executor.js';
import { type Host, HostEnded, type HostOptions, openHost } from './host.js';
import { stopped } from './stopped.js';

/**
 * Carries out any work in a process of its own, whose death is a verdict on that work and on nothing else.
 * Inline functions are closures and stay behind: a brief that calls one fails here as unknown.
 * @throws Failure `WorkerCrashed` where the process died without an answer; else what its executor throws.
 */
export function isolatedExecutor(options: HostOptions): Executor {
  return async (task) => {
    if (task.signal.aborted) throw stopped(task);
    let host: Host | undefined;
    try {
      host = openHost(options);
      return await host.carryOut(task);
    } catch (error) {
      if (!(error instanceof HostEnded)) throw error;
      throw new Failure(
        'WorkerCrashed',
        `${task.label} crashed its worker: ${error.message}. It ran in a process of its own, so nothing else was harmed; look for what it does to the process (native code, memory, exit).`,
      );
    } finally {
      await host?.close();
    }
  };
}
