import type { Output } from '../core/integrate/merge/merged.js';
import { statementsOf } from '../core/integrate/merge/statements.js';
import { type Reduction, reduced } from '../core/integrate/reduce.js';
import type { Room } from '../core/integrate/wide/scratch.js';
import type { Plan } from '../core/plan/plan.js';
import type { Interview } from './interview.js';

/** What functions make of the collections that name one, by collection. */
export async function reductionsOf(
  plan: Plan,
  outputs: readonly Output[],
  interview: Interview,
  { scratch }: Room,
): Promise<ReadonlyMap<string, Reduction>> {
  const reductions = new Map<string, Reduction>();
  for (const { reduce, ...entry } of plan.integrate.merge) {
    if (reduce === undefined) continue;
    const { statements } = statementsOf(entry, outputs, scratch);
    reductions.set(
      entry.name,
      await reduced({ ...entry, reduce }, statements, (parts, questionOf) =>
        interview.each(parts, (part) => interview.ask(questionOf(part))),
      ),
    );
  }
  return reductions;
}
