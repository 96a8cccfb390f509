import type { Status } from '../outcome/outcome.js';
import { type End, join } from '../schedule/joins.js';
import { type Expected, type LedgerInput, labelOf, nodeOf } from './expected.js';

/**
 * Who made a brief `skipped` or `not-needed`: by the rule of joins its own deciding need, and where that one was
 * itself skipped, the one behind it, to the first in the chain. Undefined where it ended in any other way, or where
 * its own condition said so.
 */
export function culprits(
  { plan, graph, expansions }: LedgerInput,
  expected: readonly Expected[],
  statusOf: (node: string) => Status | undefined,
): (one: Expected) => string | undefined {
  const byNode = new Map(expected.map((one) => [nodeOf(one), one]));
  const isOpen = (u: number) => expansions.has(u);
  const expectedAt = (u: number, k?: number): Expected =>
    (k !== undefined && byNode.get(nodeOf({ u, k }))) || { u, brief: plan.briefs[u]!.id };

  /** The need that decided, and how the join took it. */
  function deciding({ u, k }: Expected): { readonly culprit: Expected; readonly status: Status } | undefined {
    const set = graph.units[u]?.needs;
    const { success = [], done = [], each = [] } = set === undefined ? {} : graph.sets[set]!;
    const needs = k === undefined ? [...success, ...done, ...each] : each;
    const culprits = needs.map((need) => expectedAt(need, k));
    const ends = needs.map((need, n): End => {
      if (k === undefined && isOpen(need)) return 'done';
      // A source without an instance k has nothing to give it.
      return statusOf(nodeOf(culprits[n]!)) ?? 'skipped';
    });
    const joined = join(ends);
    return joined === 'ready' ? undefined : { culprit: culprits[joined.by]!, status: joined.status };
  }

  return (one) => {
    const status = statusOf(nodeOf(one));
    if (status !== 'skipped' && status !== 'not-needed') return undefined;
    let culprit: Expected | undefined;
    for (let next = deciding(one); next?.status === status; next = deciding(next.culprit)) {
      culprit = next.culprit;
      if (statusOf(nodeOf(culprit)) !== status) break;
    }
    return culprit && labelOf(culprit);
  };
}
