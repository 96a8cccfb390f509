import { nameOf } from '../../core/graph/node.js';
import { Failure } from '../../core/outcome/failure.js';
import type { Batches } from '../../ports/batches.js';
import type { Effects, Lease } from '../lease.js';
import { briefAt } from '../outputs.js';
import { loadPlan } from '../plans.js';
import { chainOf, type PurseLog, purseOf } from '../purses.js';
import { readState } from '../segments.js';
import { type BatchLog, batchesOf, openBatchLog } from './log.js';
import { priceOf } from './money.js';

/** Where batches for one unit are sent from, and come back to. */
export interface Counter {
  readonly lease: Lease;
  readonly effects: Effects;
  readonly batches: Batches;
  readonly log: BatchLog;
  readonly purses: readonly PurseLog[];
  readonly price: ReturnType<typeof priceOf>;
  readonly byMs: number;
  /** Instances that may begin; absent: it is a brief of its own. */
  readonly count?: number;
  /** Instances that ask nothing; found out once. */
  readonly silent: Set<number | undefined>;
  /** A name that no other batch has, which its call in the purses has too. */
  readonly nameOf: (n: number) => string;
  readonly tell: (note: string) => void;
}

/** Undefined where nothing is asked in batches. @throws Failure `StoreUnavailable`, `ContractViolation` */
export async function counterOf(lease: Lease, effects: Effects): Promise<Counter | undefined> {
  const { store, batches, beat } = effects;
  const { run, u, holder } = lease;
  const { plan } = await loadPlan(store, lease.plan);
  const brief = briefAt(plan, u);
  if (!brief.batch || !batches) return undefined;
  const purses = await chainOf(store, purseOf(run.first));
  const price = priceOf(plan, brief);
  // Who is asked directly says so.
  if (!price && purses.some(({ state }) => state.limit.usd !== undefined)) return undefined;
  const { expansion } = await readState(store, { run: run.first, unit: nameOf({ u }) });
  const place = batchesOf(run.first, u);
  const log = await openBatchLog(store, place);
  await log.readOn();
  return {
    ...{ lease, effects, batches, log, purses, price },
    byMs: brief.batch.byMs,
    ...(brief.forEach && { count: expansion?.first ?? expansion?.keys.length ?? 0 }),
    silent: new Set(),
    nameOf: (n) => `${place.run}/${place.unit}/${n}`,
    tell: (note) => beat({ try: 0, attempts: holder.attempt, doing: 'running', note }),
  };
}

/** What the provider does for us, where it may just be asked again later: undefined then. */
export async function unlessBusy<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Failure && BUSY.has(error.type) && !error.permanent) return undefined;
    throw error;
  }
}
const BUSY: ReadonlySet<string> = new Set(['ModelRateLimited', 'ModelUnavailable']);
