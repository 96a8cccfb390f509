import { nameOf } from '../../core/graph/node.js';
import { inForce } from '../../core/plan/fallback.js';
import type { Brief } from '../../core/plan/plan.js';
import type { ToolUse } from '../../core/plan/tools.js';
import type { Executor, Progress } from '../../ports/executor.js';
import { leave, outOfTime } from '../endings.js';
import { beat, enter, openUnit } from '../holding.js';
import type { Effects, Ended, Lease } from '../lease.js';
import { makeTry, type Tried } from '../makeTry.js';
import { standing } from '../record.js';
import { type Place, readState } from '../segments.js';
import type { Under, Unit } from '../unit.js';
import { stepAt } from './conversation.js';
import { type LoopStart, loopOf } from './start.js';

/** A turn of a loop, or a call of it, given to one holder. */
export interface StepLease extends Omit<Lease, 'loop' | 'within' | 'answer'> {
  /** The try that the loop is. */
  readonly number: number;
  readonly turn: number;
  readonly call?: number;
}

export interface Step {
  /** With the log of the step; of its brief nothing is asked of an output. */
  readonly unit: Unit;
  readonly start: LoopStart;
  readonly use: ToolUse;
  /** Log of the unit that the loop is of. */
  readonly of: Place;
  readonly lease: StepLease;
}

/** @throws Failure `Superseded`, `StoreUnavailable` */
export async function openStep(lease: StepLease, effects: Effects): Promise<Step> {
  const of = { run: lease.run.first, unit: nameOf(lease) };
  const { number, turn, call } = lease;
  const step = { at: stepAt(of, number, turn, call).unit, begun: number > 1 || turn > 1 };
  const unit = await openUnit(lease, effects, step);
  const state = await readState(effects.store, of);
  const start = await loopOf(effects.store, state, number);
  const brief = inForce(unit.brief, state.fellBack);
  const label = `${unit.label}, turn ${turn}`;
  return { unit: { ...unit, brief: bareOf(brief), label }, start, use: brief.tools!, of, lease };
}

/** An answer is judged once the loop is over, and what fails for good fails the loop: its fallback is not the step's. */
function bareOf({ output: _, fallback: __, ...brief }: Brief): Brief {
  return { ...brief, accept: [], parse: 'text', retry: { ...brief.retry, then: 'fail' } };
}

/** Carries a step out unless its outcome is on record; lower holders cannot commit any more when `work` begins. */
export async function carryOut(unit: Unit, work: (under: Under) => Promise<Ended>): Promise<Ended> {
  const { lease, effects, log } = unit;
  for (;;) {
    const now = effects.clock.now();
    const recorded = standing(log, now);
    if (recorded) return recorded;
    if (lease.signal.aborted) return leave(unit, { number: 0, started: now });
    if (now >= unit.endsAt) return outOfTime(unit, now);
    const before = log.state;
    if ((await enter(unit, {}, before)) === before) return work({ number: before.tries + 1, started: now });
  }
}

/** One go at a step. @param note what a person sees meanwhile */
export async function trying(
  { unit, lease: { number } }: Step,
  { started }: Under,
  given: {
    readonly work: Parameters<Executor>[0]['work'];
    readonly key: string;
    readonly executor: Executor;
  },
  note: string,
): Promise<Tried> {
  return makeTry(unit, {
    ...given,
    number,
    bindings: { params: {}, inputs: {}, needs: {} },
    doing: (what, progress?: Progress) => beat(unit, what, started, { ...progress, note }, number),
  });
}
