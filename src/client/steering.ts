import type { Addressed } from '../contracts/messages.js';
import { MAX_CONCURRENCY } from '../core/graph/units.js';
import { Failure } from '../core/outcome/failure.js';
import { nodeOf } from '../engine/places.js';
import { findRun } from '../engine/runIndex.js';
import type { Runs } from '../temporal/runs.js';
import type { Around } from './around.js';
import type { Muster } from './surface.js';

/** Runs as they are steered while they go on. */
export function steeringOn({
  store,
  service,
  known,
}: Omit<Around, 'check'>): Pick<Muster, 'cancel' | 'pause' | 'resume' | 'setConcurrency' | 'skip' | 'retry'> {
  const idOf = async (given: string) => (await findRun(store, given))?.id ?? given;

  async function ask(given: string, ...asked: Tail<Parameters<Runs['update']>>): Promise<boolean> {
    const id = await idOf(given);
    const steered = await (await service()).update(id, ...asked);
    if (steered) return steered.changed;
    throw new Failure('InvalidInput', `No run called ${id} is open. See which are: muster list`);
  }

  async function address(given: string, brief: string): Promise<Addressed> {
    const { first, plan } = await known(given);
    return nodeOf(store, { first, plan }, brief);
  }

  return {
    async cancel(given) {
      const id = await idOf(given);
      const runs = await service();
      if (!(await runs.describe(id))?.open) return false;
      await runs.cancel(id);
      return true;
    },
    pause: (given) => ask(given, 'pause'),
    resume: (given) => ask(given, 'resume'),
    async setConcurrency(given, limit) {
      if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_CONCURRENCY)
        return ask(given, 'concurrency', { limit });
      throw new Failure('InvalidInput', `Concurrency is a whole number from 1 to ${MAX_CONCURRENCY}.`);
    },
    skip: async (given, brief) => ask(given, 'skip', await address(given, brief)),
    retry: async (given, brief) => ask(given, 'retry', await address(given, brief)),
  };
}

type Tail<T extends readonly unknown[]> = T extends readonly [unknown, ...infer Rest] ? Rest : never;
