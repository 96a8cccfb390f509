import { totalUsage } from '../../core/integrate/usage.js';
import type { UnitState } from '../../core/outcome/fold.js';
import type { Usage } from '../../core/outcome/outcome.js';
import type { Store } from '../../ports/store.js';
import { inTurn } from '../inTurn.js';
import { type Place, readState } from '../segments.js';
import { stepAt, type Turn, turnIn } from './conversation.js';

/** What the logs of the turns of a loop say, first to last, and what all of it took. */
export interface Course {
  readonly states: readonly UnitState[];
  /** What the model gave in each; undefined for one that brought nothing. */
  readonly said: readonly (Turn | undefined)[];
  /** Of all turns and calls, with how many there were. */
  readonly usage: Usage;
}

/** @param at log of the unit @param turns that began */
export async function courseOf(store: Store, at: Place, loop: number, turns: number): Promise<Course> {
  const numbers = Array.from({ length: turns }, (_, i) => i + 1);
  const states = await inTurn(numbers, (turn) => readState(store, stepAt(at, loop, turn)));
  const said = await inTurn(states, (state) => turnIn(store, state));
  const calls = said.flatMap((turn, i) => (turn?.calls ?? []).map((_, n) => stepAt(at, loop, i + 1, n + 1)));
  const called = await inTurn(calls, (call) => readState(store, call));
  const rows = states.flatMap(({ counted }) => counted);
  const model = rows.findLast(({ usage }) => usage?.model !== undefined)?.usage?.model;
  const usage: Usage = {
    ...totalUsage([...rows, ...called.flatMap(({ counted }) => counted)].map((row) => row.usage)),
    turns: said.filter((turn) => turn !== undefined).length,
    calls: called.filter(({ final }) => final && final.status !== 'cancelled').length,
    ...(model !== undefined && { model }),
  };
  return { states, said, usage };
}

/**
 * What a unit's log says; of a loop that left no outcome, because somebody ended it by hand or the run was over, with what
 * its turns took.
 */
export async function readWithLoop(store: Store, at: Place): Promise<UnitState> {
  const state = await readState(store, at);
  const { loop, tries, sampled } = state;
  if (!loop || loop.try <= tries) return state;
  let turns = 0;
  while ((await readState(store, stepAt(at, loop.try, turns + 1))).holders.length > 0) turns++;
  const { usage } = await courseOf(store, at, loop.try, turns);
  return { ...state, sampled: [...sampled, usage] };
}
