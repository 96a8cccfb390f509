import type { Output } from '../core/integrate/merge/merged.js';
import { statementsOf } from '../core/integrate/merge.js';
import { type Reduction, reduced } from '../core/integrate/reduce.js';
import type { Plan } from '../core/plan/plan.js';
import type { Interview } from './interview.js';

/** What functions make of the collections that name one, by collection. */
export async function reductionsOf(
  plan: Plan,
  outputs: readonly Output[],
  interview: Interview,
): Promise<ReadonlyMap<string, Reduction>> {
  const reductions = new Map<string, Reduction>();
  for (const { reduce, ...entry } of plan.integrate.merge) {
    if (reduce === undefined) continue;
    const said = statementsOf(entry, outputs).statements.map(({ value, voice }) => ({
      value,
      by: voice.label,
    }));
    const ask = (questions: Parameters<Parameters<typeof reduced>[2]>[0]) =>
      interview.each(questions, interview.ask);
    reductions.set(entry.name, await reduced({ ...entry, reduce }, said, ask));
  }
  return reductions;
}
