import type { Digest, Json, JsonObject } from '../outcome/canonical.js';
import { asking } from './asking.js';
import type { Plan, Ranking } from './plan.js';
import { answerIn, DATA_RULE, data, section } from './prompt.js';
import type { AskWork } from './render.js';

/** What a ranking answers: numbers of what it was shown, from 1, the best first. */
export const RANKED: JsonObject = {
  type: 'object',
  properties: { order: { type: 'array', items: { type: 'integer' } }, finding: { type: 'string' } },
  required: ['order', 'finding'],
  additionalProperties: false,
};

const RULES = [
  'Several variants of one piece of work are shown. You rank them by one question alone, and by what is shown.',
  DATA_RULE,
  'Give in `order` the number of every variant once, the best first, and in `finding` in a sentence what decides.',
  answerIn(RANKED),
].join('\n');

/** Twice the same question, the second time with the last first: where something stands is not to matter. */
export function rankings(
  plan: Pick<Plan, 'models'>,
  { model, by }: Ranking,
  values: readonly Json[],
  digest: Digest,
): readonly AskWork[] {
  const shown = values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));
  return [shown, shown.toReversed()].map((texts) =>
    asking(plan, model, {
      rules: RULES,
      content: [
        section('Rank by', by),
        ...texts.map((text, i) => data(`variant ${i + 1}`, text, digest)),
      ].join('\n\n'),
      schema: RANKED,
    }),
  );
}

/** Whether each of so many is named once. */
export const isOrder = (order: readonly number[], count: number): boolean =>
  order.length === count && new Set(order).size === count && order.every((n) => n >= 1 && n <= count);

/**
 * Places of the values, the best first, as both answers together rank them (Borda); of as good ones, who was first.
 * @param answers orders as {@link rankings} were answered, the second one about the values reversed
 */
export function placesBy([first, second]: readonly (readonly number[])[], count: number): readonly number[] {
  const sums = Array.from({ length: count }, () => 0);
  for (const [rank, n] of first!.entries()) sums[n - 1]! += rank;
  for (const [rank, n] of second!.entries()) sums[count - n]! += rank;
  return sums.map((_, i) => i).sort((a, b) => sums[a]! - sums[b]! || a - b);
}
