import { nearest } from '../core/integrate/merge/near.js';
import { totalUsage } from '../core/integrate/usage.js';
import type { Json } from '../core/outcome/canonical.js';
import { Failure } from '../core/outcome/failure.js';
import type { Usage } from '../core/outcome/outcome.js';
import type { Ranking, Variants } from '../core/plan/plan.js';
import { isOrder, placesBy, RANKED, rankings } from '../core/plan/ranking.js';
import type { AskWork } from '../core/plan/render.js';
import { validator } from '../core/plan/validate.js';
import type { Effect, Executor, Task } from '../ports/executor.js';
import { modelsIn, type Sampling, sampled, valuesSoFar, withUsage } from './sampling.js';
import { notHeld } from './spending.js';
import type { Unit } from './unit.js';

/*
 * All samples of a brief are its output, each of them good enough by itself.
 *  1. One that is not is asked for again in the next try; those that are good stay.
 *  2. Where tries are spent, what there is, is delivered as `partial`.
 *  3. A model may rank them. It is asked twice, the second time with the last first, and both answers count alike.
 */

/** @returns an executor that asks `ask` for each, and delivers the list of them */
export const byVariants =
  (unit: Unit, how: Variants, ask: Executor<AskWork>, accept: Sampling['accept']): Executor<AskWork> =>
  async (task) => {
    try {
      const { samples, parallel } = how;
      const sampling = { samples, parallel, ...(accept && { accept }) };
      const { values, usage, unusable } = await sampled(unit, task, ask, sampling);
      if (unusable.length > 0)
        throw new Failure('OutputInvalid', lacking(unit.label, samples, unusable), usageOf(usage));
      return await delivered(unit, how, inOrder(values), usage, task, ask);
    } catch (error) {
      throw await withWhatThereIs(error, unit);
    }
  };

type Numbered = readonly (readonly [n: number, value: Json])[];
const inOrder = (values: ReadonlyMap<number, Json | undefined>): Numbered =>
  ([...values] as [number, Json][]).sort(([a], [b]) => a - b);

async function delivered(
  unit: Unit,
  { samples, near, rank }: Variants,
  found: Numbered,
  usage: Usage | undefined,
  task: Task<AskWork>,
  ask: Executor<AskWork>,
): Promise<Effect> {
  const values = found.map(([, value]) => value);
  const stands = nearest(values, near);
  const ranked =
    rank && (await rankedBy(unit, rank, values, task, ask).catch((error) => alsoSpent(error, usage)));
  const places = ranked?.places ?? values.map((_, i) => i);
  const spent = totalUsage([usage, ranked?.usage]);
  return {
    output: { value: places.map((i) => values[i]!) },
    several: {
      kind: 'variants',
      samples,
      order: places.map((i) => found[i]![0]),
      near: stands.flatMap((as, i) => (as === i ? [] : [{ n: found[i]![0], as: found[as]![0] }])),
      ...(ranked && { rankedBy: ranked.model }),
      ...modelsIn([...unit.log.state.samples.values()]),
    },
    ...(spent && { usage: spent }),
  };
}

/** @throws Failure `ModelUnavailable` where an answer is no ranking, or what its executor throws */
async function rankedBy(
  { plan, effects: { digest } }: Unit,
  rank: Ranking,
  values: readonly Json[],
  task: Task<AskWork>,
  ask: Executor<AskWork>,
): Promise<{
  readonly places: readonly number[];
  readonly model: string;
  readonly usage: Usage | undefined;
}> {
  const label = `the ranking of ${task.label}`;
  const effects: Effect[] = [];
  const spent = () => totalUsage(effects.map(({ usage }) => usage));
  const orders: (readonly number[])[] = [];
  for (const [i, work] of rankings(plan, rank, values, digest).entries()) {
    const effect = await ask({ ...task, work, label, key: digest(`${task.key} ranking ${i}`) }).catch(
      (error) => alsoSpent(i === 0 ? error : notHeld(error), spent()),
    );
    effects.push(effect);
    const answer = 'value' in effect.output ? effect.output.value : effect.output.text;
    const { order } = validator(RANKED)(answer).length > 0 ? { order: [] } : (answer as { order: number[] });
    if (!isOrder(order, values.length))
      throw new Failure(
        'ModelUnavailable',
        `${label}: its answer does not name each of ${values.length} once.`,
        usageOf(spent()),
      );
    orders.push(order);
  }
  return {
    places: placesBy(orders, values.length),
    model: effects[0]!.usage?.model ?? rank.model,
    usage: spent(),
  };
}

const usageOf = (usage: Usage | undefined) => (usage ? { usage } : {});

/** @throws the failure of a later call, with what those before it took */
function alsoSpent(error: unknown, before: Usage | undefined): never {
  throw error instanceof Failure ? withUsage(error, totalUsage([before, error.detail.usage])) : error;
}

const lacking = (label: string, samples: number, unusable: readonly Failure[]): string =>
  `${unusable.length} of ${samples} variants of ${label} could not be used, the first because: ${unusable[0]!.message}`;

/** A failure carries the variants that there are. */
async function withWhatThereIs(error: unknown, unit: Unit): Promise<unknown> {
  if (!(error instanceof Failure) || unit.log.state.samples.size === 0) return error;
  const partial = inOrder(await valuesSoFar(unit)).map(([, value]) => value);
  return new Failure(error.type, error.message, { ...error.detail, partial });
}
