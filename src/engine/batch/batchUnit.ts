import type { BatchResult } from '../../contracts/unit.js';
import { refusal, underWay } from '../../core/batch/book.js';
import type { Clock } from '../../ports/clock.js';
import type { Effects, Lease } from '../lease.js';
import { pause } from '../pause.js';
import { type Counter, counterOf } from './counter.js';
import { sendAgain, sendNew } from './sending.js';
import { giveUp, lookAt } from './watching.js';

/*
 * A brief, or all instances of a fan, asked about in batches.
 *  1. A batch is on record before it is sent, and its answers are before it is over; so whoever takes this up goes on
 *     waiting for what was sent, and sends nothing twice that the provider knows of.
 *  2. What has not come by its time is stopped at the provider, which may take some minutes over it; what came until then
 *     counts.
 *  3. Nothing that goes wrong here ends a brief: whoever finds no answer asks directly.
 */

/** Between two looks, ms: from the least to the most, doubled as long as nothing comes. */
const LOOK_MS = { least: 1_000, most: 60_000 };
/** How long a provider may take to stop a batch, ms. */
export const STOPPING_MS = 10 * 60_000;
/** Of the time to the run's deadline, what batches may use of it. */
const SHARE = 0.75;

/** @throws Failure `StoreUnavailable`, `ContractViolation`; why it was told to stop */
export async function batchUnit(
  lease: Lease,
  effects: Effects,
  deadlineAt: number | undefined,
): Promise<BatchResult> {
  const counter = await counterOf(lease, effects);
  if (!counter) return { answered: 0 };
  const { log } = counter;
  const { clock } = effects;
  const until = untilOf(counter, lease.scheduledAt, deadlineAt);
  try {
    let wait = LOOK_MS.least;
    let isNew = true;
    while (clock.now() < until) {
      await sendAgain(counter);
      if (isNew && refusal(log.state) === undefined) await sendNew(counter);
      if (underWay(log.state).length === 0) return result(counter);
      await pause(Math.min(wait, Math.max(until - clock.now(), 1)), clock, lease.signal);
      isNew = await lookAt(counter);
      wait = isNew ? LOOK_MS.least : Math.min(2 * wait, LOOK_MS.most);
    }
    await stop(counter, clock, lease.signal);
    return result(counter);
  } catch (error) {
    if (lease.signal.aborted && lease.abortedBecause() === 'cancelled') await giveUp(counter);
    throw error;
  }
}

/** Its time is over. */
async function stop(counter: Counter, clock: Clock, signal: AbortSignal): Promise<void> {
  const { log, batches } = counter;
  const latest = clock.now() + STOPPING_MS;
  for (const { id } of underWay(log.state)) if (id !== undefined) await batches.cancel(id).catch(() => {});
  let wait = LOOK_MS.least;
  while (underWay(log.state).length > 0 && clock.now() < latest) {
    await lookAt(counter);
    if (underWay(log.state).every(({ id }) => id === undefined)) break;
    await pause(wait, clock, signal);
    wait = Math.min(2 * wait, LOOK_MS.most);
  }
  await giveUp(counter);
}

function untilOf({ byMs }: Counter, since: number, deadlineAt = Number.POSITIVE_INFINITY): number {
  return since + Math.min(byMs, SHARE * Math.max(deadlineAt - since, 0));
}

const result = ({ log }: Counter): BatchResult => ({ answered: log.state.said.size });
