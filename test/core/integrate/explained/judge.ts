import type { UnitGraph } from '../../../../src/core/graph/units.js';
import type { Hole } from '../../../../src/core/integrate/holes.js';
import type { LedgerRow } from '../../../../src/core/integrate/ledger.js';
import { conclude } from '../../schedule/support/conclude.js';
import { type Node, nameOf } from '../../schedule/support/oracle.js';
import type { Witness } from './witness.js';

/** Statuses that only a unit itself comes to. */
const OWN = ['succeeded', 'repaired', 'partial', 'missing', 'over-budget'];
const FINE = ['succeeded', 'repaired', 'not-needed'];
const STOPPED = {
  failed: 'the run stopped at a failure',
  cancelled: 'the run was cancelled',
  deadline: "the run's deadline passed",
};

/** What of a ledger does not follow from what was witnessed; every hole has to be accounted for. */
export function unexplained(
  graph: UnitGraph,
  ids: readonly string[],
  witness: Witness,
  rows: readonly LedgerRow[],
  holes: readonly Hole[],
): readonly string[] {
  const { opened: expansions, reported, skipped, started, stop, logs } = witness;
  const nodes = ids.flatMap((_, u): Node[] => {
    const keys = expansions.get(u) ?? [];
    return keys.length > 0 ? keys.map((_, k) => ({ u, k })) : [{ u }];
  });
  const labelOf = ({ u, k }: Node) => (k === undefined ? ids[u]! : `${ids[u]}[k${k}]`);
  const labels = rows.map(({ brief, key }) => (key === undefined ? brief : `${brief}[${key}]`));
  const expected = nodes.map(labelOf);
  if (JSON.stringify(labels) !== JSON.stringify(expected)) return [`rows ${labels} for ${expected}`];

  const rowAt = new Map(nodes.map((node, n) => [nameOf(node), rows[n]!]));
  const byLabel = new Map(labels.map((label, n) => [label, nodes[n]!]));
  const isByHand = ({ u, k }: Node) => skipped.has(`${u}`) || (k !== undefined && skipped.has(`${u}.${k}`));
  const setOf = ({ u }: Node) =>
    graph.units[u]!.needs === undefined ? {} : graph.sets[graph.units[u]!.needs!]!;

  /** What one waited for, each instance for itself. */
  const waitedFor = (node: Node): Node[] => {
    const { success = [], done = [], each = [], clauses = [] } = setOf(node);
    if (node.k !== undefined) return each.map((u) => ({ u, k: node.k }));
    return [...success, ...done, ...each, ...clauses.flatMap(({ of }) => of)].flatMap((u) =>
      (expansions.get(u) ?? []).length > 0 ? expansions.get(u)!.map((_, k) => ({ u, k })) : [{ u }],
    );
  };
  /** Whether time decided for it: then what ended later may have delivered all the same. */
  const byTime = (node: Node) =>
    (setOf(node).clauses ?? []).some(({ byMs }) => byMs !== undefined && byMs <= witness.due);

  /** Whether it was handed on from the culprit to this one, each time to who waits for it; by `last`, who heard of it first. */
  const wasHandedOn = (
    from: Node,
    { because, status }: LedgerRow,
    last: (node: Node) => boolean = () => true,
    seen = new Set<string>(),
  ): boolean => {
    if (seen.has(nameOf(from))) return false;
    seen.add(nameOf(from));
    return waitedFor(from).some((need) =>
      labelOf(need) === because
        ? last(from)
        : rowAt.get(nameOf(need))?.status === status &&
          wasHandedOn(need, { because, status } as LedgerRow, last, seen),
    );
  };
  const handedOn = (node: Node, row: LedgerRow): string | undefined => {
    const { because, status } = row;
    const culprit = because === undefined ? undefined : rowAt.get(nameOf(byLabel.get(because) ?? { u: -1 }));
    if (!culprit) return `is ${status} and names nobody (${because})`;
    if (!wasHandedOn(node, row)) return `is ${status} because of ${because}, which it does not wait for`;
    if (culprit.status === status && culprit.because !== undefined)
      return `is ${status} because of ${because}, which is so because of another`;
    if (status === 'skipped' && FINE.includes(culprit.status) && !wasHandedOn(node, row, byTime))
      return `is skipped because of ${because}, which is ${culprit.status}`;
    return undefined;
  };
  /** Whether somebody had what it waits for of this one, and said that the rest is to be stopped. */
  const wasOvertaken = ({ u }: Node) =>
    graph.units.some((unit) =>
      (unit.needs === undefined ? [] : (graph.sets[unit.needs]!.clauses ?? [])).some(
        ({ of, when, rest, byMs }) =>
          rest !== undefined &&
          of.includes(u) &&
          ((byMs !== undefined && byMs <= witness.due) ||
            conclude(
              when,
              of.flatMap((need) =>
                nodes.filter((one) => one.u === need).map((one) => rowAt.get(nameOf(one))!.status),
              ),
            ) === 'go'),
      ),
    );

  const judge = (node: Node, row: LedgerRow): string | undefined => {
    const name = nameOf(node);
    const { status, reason } = row;
    const end = reported.get(name);
    const final = logs.get(name)?.final?.status;
    // What is on record stands; a retry takes it back when it begins.
    if (final !== undefined && status !== final) return `is ${status}, and its log says ${final}`;
    if (OWN.includes(status)) return end === status ? undefined : `is ${status}, and came to ${end}`;
    switch (status) {
      case 'failed':
        return end === 'failed' ? undefined : `is failed, and came to ${end}`;
      case 'refused':
        return end === 'refused' ? undefined : `is refused, and came to ${end}`;
      case 'not-needed':
        if (end === 'not-needed' || expansions.get(node.u)?.length === 0) return undefined;
        return handedOn(node, row);
      case 'skipped':
        if (started.has(name) && end !== undefined) return `is skipped, and came to ${end}`;
        if (row.because !== undefined) return handedOn(node, row);
        return isByHand(node) && reason?.message.startsWith('Somebody')
          ? undefined
          : 'is skipped, and nobody says why';
      case 'cancelled': {
        const says = reason?.message ?? '';
        if (says.startsWith('Somebody')) return isByHand(node) ? undefined : 'was skipped by nobody';
        if (says.endsWith('cancels the rest.')) return wasOvertaken(node) ? undefined : 'was not overtaken';
        if (end === 'cancelled' && final !== undefined) return undefined;
        return stop && says.includes(STOPPED[stop]) ? undefined : `is cancelled: ${says}; the run: ${stop}`;
      }
      case 'not-reached': {
        if (!stop) return 'is not reached in a run that nobody stopped';
        return reason?.message.includes(STOPPED[stop])
          ? undefined
          : `is not reached: ${reason?.message}; the run: ${stop}`;
      }
      default:
        return `is ${status}`;
    }
  };

  const wrong = nodes.flatMap((node, n) => {
    const found = judge(node, rows[n]!);
    return found === undefined ? [] : [`${labels[n]} ${found}`];
  });
  const unsaid = holes
    .filter(({ why }) =>
      /no reason is on record|a need did not deliver|No outcome of it is on record/.test(why),
    )
    .map(({ brief, key, why }) => `${brief}${key === undefined ? '' : `[${key}]`}: ${why}`);
  const left = rows.filter(({ status }) => !FINE.includes(status)).length - holes.length;
  return [...wrong, ...unsaid, ...(left === 0 ? [] : [`${left} holes are not told`])];
}
