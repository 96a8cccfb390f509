import { activityInfo } from '@temporalio/activity';
import type { AskedResult, LoopEnd, UnitInput, UnitResult } from '../contracts/unit.js';
import { type Effects, type Ended, type Lease, runUnit } from '../engine/runUnit.js';
import { again, handedBack, spent } from './failures.js';
import { type Beating, beating } from './heartbeat.js';

/** What the engine must know of this delivery of a unit. */
export function leaseOf(input: UnitInput, { signal, abortedBecause }: Beating): Lease {
  const info = activityInfo();
  return {
    run: input.run,
    plan: input.plan,
    u: input.u,
    ...(input.k === undefined ? {} : { k: input.k }),
    ...(input.again === undefined ? {} : { again: input.again }),
    ...(input.within && { within: input.within }),
    ...(input.loop && { loop: input.loop }),
    ...(input.endsAt === undefined ? {} : { endsAt: input.endsAt }),
    ...(input.answer && { answer: input.answer }),
    holder: { dispatch: input.dispatch, attempt: info.attempt },
    scheduledAt: info.scheduledTimestampMs,
    signal,
    abortedBecause,
  };
}

/** Activity `unit`: one brief, or one instance of a fan. */
export const unit =
  (effects: Omit<Effects, 'beat'>) =>
  (input: UnitInput): Promise<UnitResult | AskedResult> =>
    beating(async (held) => {
      const ended = await runUnit(leaseOf(input, held), { ...effects, beat: held.beat });
      switch (ended.kind) {
        case 'asked':
          return { status: 'asked', question: ended.question };
        case 'again':
          // A tool loop is through: when the next one may begin is for who asks for it to wait.
          if (input.loop) return through(input.loop, ended);
          throw again(ended.reason, ended.delayMs);
        case 'released':
          throw handedBack();
        case 'within':
          return ended.result;
        case 'ended':
          if (ended.reason && ended.result.status === 'failed') throw spent(ended.reason, ended.result);
          return ended.result;
      }
    });

const through = ({ try: tries }: LoopEnd, { held, delayMs }: Ended & { kind: 'again' }): UnitResult => ({
  ...{ status: 'not-reached', tries },
  ...(held && { heldMs: delayMs }),
});
