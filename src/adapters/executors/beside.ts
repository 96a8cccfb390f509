import { Failure } from '../../core/outcome/failure.js';
import type { Executor } from '../../ports/executor.js';
import { type Host, HostEnded, type HostOptions, openHost } from './host.js';

export interface Beside {
  readonly executor: Executor;
  /** Starts the process, for a task that is to come. */
  warm(): void;
  close(): Promise<void>;
}

/**
 * Carries out work in one small process beside this one. Starting a command copies the page tables of whoever starts it
 * and holds it up meanwhile: 1.6 ms for a small process, 15 to 20 ms for a worker (bench/README.md). And when this process is
 * killed the one beside it ends, with its commands. Where it dies itself, nobody can say by whose fault: what it carried
 * out is given out again, as when a worker dies.
 * @throws Failure `Superseded` in that case; else what its executor throws
 */
export function beside(options: HostOptions): Beside {
  let host: Host | undefined;
  const living = () => {
    if (host === undefined || host.ended !== undefined) host = openHost(options);
    return host;
  };
  return {
    executor: async (task) => {
      try {
        return await living().carryOut(task);
      } catch (error) {
        if (!(error instanceof HostEnded)) throw error;
        throw new Failure(
          'Superseded',
          `${task.label}: the process that carries out commands ended (${error.message}). The brief is given out again.`,
        );
      }
    },
    warm: () => void living(),
    close: async () => host?.close(),
  };
}
