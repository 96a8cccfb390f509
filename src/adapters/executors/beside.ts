import { Failure } from '../../core/outcome/failure.js';
import type { Executor } from '../../ports/executor.js';
import { type Host, HostEnded, type HostOptions, openHost } from './host.js';
import { stopped } from './stopped.js';

export interface Beside {
  readonly executor: Executor;
  /** Starts the process, for a task that is to come. */
  warm(): void;
  /** For good: what comes later is not carried out. */
  close(): Promise<void>;
}

/** All that the process itself needs of the environment; its commands get what the policy allows. */
const OWN = ['PATH', 'HOME', 'TMPDIR', 'TMP', 'TEMP', 'SystemRoot'];

/**
 * Carries out commands in one small process beside this one (docs/decisions/0010). Where that dies, nobody can say by
 * whose fault: what it carried out is given out again, as when a worker dies.
 * @throws Failure `Superseded` in that case; else what its executor throws
 */
export function beside({ config, ...options }: HostOptions): Beside {
  const env = Object.fromEntries(OWN.flatMap((name) => (config.env[name] ? [[name, config.env[name]]] : [])));
  const hosts = new Set<Host>();
  let host: Host | undefined;
  let closed = false;
  const living = (): Host => {
    if (closed) throw new HostEnded('it was closed');
    if (host === undefined || host.over) {
      host = openHost({ config: { ...config, model: {} }, env, ...options });
      for (const one of hosts) if (one.over) hosts.delete(one);
      hosts.add(host);
    }
    return host;
  };
  return {
    executor: async (task) => {
      if (task.signal.aborted) throw stopped(task);
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
    warm() {
      try {
        living();
      } catch {
        // The first task will say it.
      }
    },
    async close() {
      closed = true;
      await Promise.all([...hosts].map((one) => one.close()));
    },
  };
}
