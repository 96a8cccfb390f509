import { closedBy } from '../core/integrate/vote.js';
import { cut } from '../core/integrate/words.js';
import type { Json } from '../core/outcome/canonical.js';
import { Failure } from '../core/outcome/failure.js';
import type { Usage } from '../core/outcome/outcome.js';
import type { Voted } from '../core/outcome/voted.js';
import type { Vote } from '../core/plan/plan.js';
import type { AskWork } from '../core/plan/render.js';
import type { Effect, Executor } from '../ports/executor.js';
import { beginning, modelsIn, sampled, type Values } from './sampling.js';
import type { Unit } from './unit.js';

/*
 * A vote, as the effect of one try, of several samples.
 *  1. A sample that could not be used votes for nobody.
 *  2. The output is the first sample that gave the answer which most gave.
 */

/** @returns an executor that asks `ask` as often as the vote needs, and delivers what it came to */
export const byVote =
  (unit: Unit, vote: Vote, ask: Executor<AskWork>): Executor<AskWork> =>
  async (task) => {
    const { samples, parallel } = vote;
    const isEnough = (values: Values) => closedBy(vote, values) !== undefined;
    const { values, usage } = await sampled(unit, task, ask, {
      ...{ samples, parallel, isEnough },
      keepsUnusable: true,
    });
    return decided(unit, vote, closedBy(vote, values)!, values, usage);
  };

function decided(
  { label, log }: Unit,
  vote: Vote,
  { candidates, abstained, closed, samples }: NonNullable<ReturnType<typeof closedBy>>,
  values: Values,
  usage: Usage | undefined,
): Effect {
  const { winner, because } = closed;
  const rows = [...log.state.samples.values()].filter(({ n }) => n <= samples);
  const voted: Voted = {
    samples,
    ...modelsIn(rows),
    candidates: candidates.map(({ value, by }) => ({ value: beginning(value), by })),
    abstained,
    because,
    decided: winner !== undefined,
  };
  const spent = usage && { usage };
  if (winner) return { output: { value: values.get(winner.by[0]!) as Json }, voted, ...spent };
  const votes = candidates.map(({ value, by }) => `${by.length} for ${cut(JSON.stringify(value), 60)}`);
  const unusable = rows.find((row) => row.reason)?.reason?.message ?? 'None says anything at the field.';
  const why = [
    ...(votes.length > 0 ? [votes.join(', ')] : []),
    ...(because === 'no quorum' ? [`${vote.quorum} are wanted`] : []),
    ...(abstained.length > 0 ? [`${abstained.length} vote for nothing, the first because: ${unusable}`] : []),
  ];
  throw new Failure('OutputInvalid', `The vote of ${label} decides nothing (${because}): ${why.join('; ')}`, {
    voted,
    ...spent,
  });
}
