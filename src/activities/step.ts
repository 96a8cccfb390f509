import type { Activities } from '../contracts/activities.js';
import type { StepInput, StepResult } from '../contracts/unit.js';
import { Failure } from '../core/outcome/failure.js';
import { makeCall } from '../engine/loop/call.js';
import type { StepLease } from '../engine/loop/step.js';
import { takeTurn } from '../engine/loop/turn.js';
import type { Effects, Ended } from '../engine/runUnit.js';
import { again, handedBack } from './failures.js';
import { type Beating, beating } from './heartbeat.js';
import { leaseOf } from './unit.js';

type StepEffects = Omit<Effects, 'beat'>;

/** Activity `turn`: a model with tools is asked once. */
export const turn =
  (effects: StepEffects): Activities['turn'] =>
  (input) =>
    beating(async (held) => {
      const ended = await takeTurn(stepLease(input, held), { ...effects, beat: held.beat });
      return { ...resultOf(ended), ...(ended.calls !== undefined && { calls: ended.calls }) };
    });

/** Activity `call`: one call of a tool. */
export const call =
  (effects: StepEffects): Activities['call'] =>
  (input) =>
    beating(async (held) => {
      const { call = 1, ...lease } = stepLease(input, held);
      return resultOf(await makeCall({ ...lease, call }, { ...effects, beat: held.beat }));
    });

function stepLease({ loop, turn, call, ...input }: StepInput, held: Beating): StepLease {
  const { loop: _, within: __, answer: ___, ...lease } = leaseOf(input, held);
  return { ...lease, number: loop, turn, ...(call !== undefined && { call }) };
}

/** A step that failed says so: it is for the loop to end. */
function resultOf(ended: Ended): StepResult {
  switch (ended.kind) {
    case 'ended':
      return { status: ended.result.status };
    case 'again':
      throw again(ended.reason, ended.delayMs);
    case 'released':
      throw handedBack();
    default:
      throw new Failure('ContractViolation', 'A step of a tool loop asks nobody and begins no run.');
  }
}
