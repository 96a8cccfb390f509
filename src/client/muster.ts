import { randomBytes } from 'node:crypto';
import { systemClock } from '../adapters/clock.js';
import { taskQueueOf } from '../contracts/run.js';
import { Failure } from '../core/outcome/failure.js';
import { mark } from '../engine/marks.js';
import { placeOf } from '../engine/places.js';
import { loadPlan } from '../engine/plans.js';
import { rescue } from '../engine/prune/rescue.js';
import { findRun, listRuns, pinRun, type RunEntry, unpinRun } from '../engine/runIndex.js';
import type { Runs } from '../temporal/runs.js';
import type { Schedules as ServiceSchedules } from '../temporal/schedules.js';
import { budgetsOn } from './budgets.js';
import { checkOn } from './check.js';
import { eventsOf } from './events.js';
import { gatesOn } from './gates.js';
import { looker } from './look.js';
import { patchesOn } from './patches.js';
import { pruneOn } from './prune.js';
import { reportsOn } from './reports.js';
import { schedulesOn } from './schedules/schedules.js';
import { startsOn } from './starts.js';
import { steeringOn } from './steering.js';
import type { Muster, MusterOptions } from './surface.js';

/** Muster over a store and a connection of the caller's. */
export function musterOn({ store, env = {}, policy = {}, clear, connect, ...around }: MusterOptions): Muster {
  const taskQueue = taskQueueOf(store);
  let connecting: Promise<Talking> | undefined;
  const connected = () => {
    connecting ??= talking(connect, taskQueue);
    // Who found no service may ask again later.
    connecting.catch(() => {
      connecting = undefined;
    });
    return connecting;
  };
  const service = () => connected().then(({ runs }) => runs);

  const { status, views } = looker(store, service);

  const check = checkOn(env.PATH);

  async function known(given: string): Promise<RunEntry> {
    const entry = await findRun(store, given);
    if (entry) return entry;
    throw new Failure(
      'InvalidInput',
      `No run called ${given} has left anything in this store. See: muster list`,
    );
  }

  return {
    check,
    ...startsOn({ store, service, check, known }),
    planOf: async (given) => (await loadPlan(store, (await known(given)).plan)).plan,
    async mark(given, brief, as) {
      const { first, plan } = await known(given);
      return mark(store, await placeOf(store, { first, plan }, brief), as);
    },
    async pin(given) {
      const hold = { store, clock: systemClock, token: randomBytes(8).toString('hex') };
      return (await rescue(hold, given)) || pinRun(store, await known(given));
    },
    unpin: async (given) => unpinRun(store, await known(given)),
    prune: pruneOn({ store, service, known, ...(clear && { clear }) }),
    list: () => listRuns(store),
    status,
    views,
    watch: (id, options) => eventsOf(views(id, options)),
    ...reportsOn({ store, service, known, env, policy, ...around }),
    ...steeringOn({ store, service, known }),
    draft: async (question, options) =>
      (await import('./drafts.js')).draft({ check, env, policy, ...around }, question, options),
    ...budgetsOn({ store, known }),
    ...gatesOn({ store, service, known }),
    ...patchesOn({ store, service, check, known }),
    schedules: schedulesOn({
      store,
      service: () => connected().then(({ schedules }) => schedules),
      check,
    }),
    waves: async (id) => (await service()).waves(id),
    history: async (id) => (await service()).history(id),
  };
}

interface Talking {
  readonly runs: Runs;
  readonly schedules: ServiceSchedules;
}

/** Temporal's client takes longer to load than anything the store is asked. */
async function talking(connect: MusterOptions['connect'], taskQueue: string): Promise<Talking> {
  const [client, { runsOf }, { schedulesOf }] = await Promise.all([
    connect(),
    import('../temporal/runs.js'),
    import('../temporal/schedules.js'),
  ]);
  return { runs: runsOf(client, taskQueue), schedules: schedulesOf(client, taskQueue) };
}
