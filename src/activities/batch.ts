import type { BatchInput, BatchResult } from '../contracts/unit.js';
import { batchUnit } from '../engine/batch/batchUnit.js';
import type { Effects } from '../engine/runUnit.js';
import { handedBack } from './failures.js';
import { beating } from './heartbeat.js';
import { leaseOf } from './unit.js';

/** Activity `batch`: what a brief or a fan asks models, asked in batches. */
export const batch =
  (effects: Omit<Effects, 'beat'>) =>
  ({ deadlineAt, ...input }: BatchInput): Promise<BatchResult> =>
    beating(async (held) => {
      const lease = leaseOf(input, held);
      try {
        return await batchUnit(lease, { ...effects, beat: held.beat }, deadlineAt);
      } catch (error) {
        if (lease.signal.aborted && lease.abortedBecause() !== 'cancelled') throw handedBack();
        throw error;
      }
    });
