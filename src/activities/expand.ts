import type { ExpandResult, UnitInput } from '../contracts/unit.js';
import { expandUnit } from '../engine/expandUnit.js';
import type { Effects } from '../engine/runUnit.js';
import { beating } from './heartbeat.js';
import { leaseOf } from './unit.js';

/** Activity `expand`: works out and records the instances of a fan. */
export const expand =
  (effects: Omit<Effects, 'beat'>) =>
  (input: UnitInput): Promise<ExpandResult> =>
    beating((held) => expandUnit(leaseOf(input, held), effects));
