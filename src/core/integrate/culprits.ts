import { nameOf } from '../graph/node.js';
import { setOf } from '../graph/units.js';
import { DELIVERED, isHole, type Status } from '../outcome/outcome.js';
import { type Counted, clausesOf, tallyOf, verdictOf } from '../schedule/joins.js';
import { isByHand } from './derive.js';
import { type Expected, type LedgerInput, labelOf } from './expected.js';

/**
 * Who made a brief `skipped` or `not-needed`: by the rule of joins its own deciding need, and where that one was
 * itself skipped, the one behind it, to the first in the chain. Undefined where it ended in any other way, or where
 * its own condition said so.
 */
export function culprits(
  { plan, graph, expansions, note }: LedgerInput,
  expected: readonly Expected[],
  statusOf: (node: string) => Status | undefined,
): (one: Expected) => string | undefined {
  const byNode = new Map(expected.map((one) => [nameOf(one), one]));
  const isOpen = (u: number) => expansions.has(u);
  const expectedAt = (u: number, k?: number): Expected =>
    (k !== undefined && byNode.get(nameOf({ u, k }))) || { u, brief: plan.briefs[u]!.id };

  /** What a clause counts of a need, each with how it ended; of an open fan, one by one or as the done whole. */
  function counted(need: number, k: number | undefined, counts: Counted['counts']): Counting[] {
    if (k === undefined && isOpen(need) && counts !== 'instances')
      return [{ one: expectedAt(need), end: 'succeeded' }];
    const keys = k === undefined ? expansions.get(need) : undefined;
    const ones = keys ? keys.map((_, at) => expectedAt(need, at)) : [expectedAt(need, k)];
    // A source without an instance k has nothing to give it.
    return ones.map((one) => ({ one, end: statusOf(nameOf(one)) ?? 'skipped' }));
  }

  /** The need that decided, and how the join took it. */
  function deciding({ u, k }: Expected): Expected | undefined {
    const status = statusOf(nameOf({ u, k }));
    const set = setOf(graph, u);
    const { each = [], eachRule = 'all_success' } = set;
    const clauses: readonly Counted[] =
      k === undefined ? clausesOf(set) : [{ of: each, when: eachRule, counts: 'whole' }];
    const weighed = clauses.map((clause) => {
      const all = clause.of.flatMap((need) => counted(need, k, clause.counts));
      return { clause, all, verdict: verdictOf(clause, tallyOf(all.map(({ end }) => end))) };
    });
    // What had not ended when its time was up may have delivered since.
    const decided =
      weighed.find(({ verdict }) => verdict === status) ??
      weighed.find(({ clause }) => clause.byMs !== undefined);
    // A fan that opened on nothing has no instances to name.
    return decided && (culpritAmong(decided.all, status) ?? expectedAt(decided.clause.of[0]!));
  }

  return (one) => {
    const status = statusOf(nameOf(one));
    if ((status !== 'skipped' && status !== 'not-needed') || isByHand(one, note)) return undefined;
    let culprit: Expected | undefined;
    for (let next = deciding(one); next; next = deciding(next)) {
      culprit = next;
      if (statusOf(nameOf(culprit)) !== status || isByHand(culprit, note)) break;
    }
    return culprit && labelOf(culprit);
  };
}

interface Counting {
  readonly one: Expected;
  readonly end: Status;
}

function culpritAmong(all: readonly Counting[], status: Status | undefined): Expected | undefined {
  const first = (is: (end: Status) => boolean) => all.find(({ end }) => is(end));
  const found =
    status === 'skipped'
      ? first(isHole)
      : (first((end) => end === 'not-needed') ?? first((end) => DELIVERED.has(end)));
  return (found ?? all[0])?.one;
}
