import type { UnitGraph } from '../../../src/core/graph/units.js';
import type { Output } from '../../../src/core/integrate/merge/merged.js';
import type { Json } from '../../../src/core/outcome/canonical.js';
import { EMPTY, type UnitState } from '../../../src/core/outcome/fold.js';
import type { Status } from '../../../src/core/outcome/outcome.js';
import type { OutcomeRow } from '../../../src/core/outcome/rows.js';
import type { Merge } from '../../../src/core/plan/integration.js';
import type { Brief, Plan } from '../../../src/core/plan/plan.js';
import { compiled } from '../plan/support.js';

/** A plan of commands that merges what they say into `rows`, by `vendor` unless told otherwise. */
export async function mergingPlan(sources: readonly string[], entry: Partial<Merge> = {}): Promise<Plan> {
  const { plan } = await compiled(`muster: 1
name: test
brief: Do it.
briefs:
${sources.map((id) => `  - { id: ${id}, run: [node, x.mjs], parse: json }`).join('\n')}
integrate:
  merge: { rows: { from: [${sources.join(', ')}], at: $.rows, key: vendor } }
`);
  const [merge] = plan.integrate.merge;
  return { ...plan, integrate: { merge: [{ ...merge!, ...entry }] } };
}

export const output = (brief: string, value: Json, key?: string): Output => ({
  brief,
  label: key === undefined ? brief : `${brief}[${key}]`,
  ...(key !== undefined && { key }),
  value,
});

/** A plan whose briefs are the units of a graph, as far as the ledger looks at it. */
export const planOf = (graph: UnitGraph): Plan =>
  ({
    name: 'random',
    briefs: graph.units.map(({ kind, label }) => ({
      id: label,
      ...(kind === 'fan' && { forEach: {} }),
      retry: { attempts: 3 },
    })) as unknown as readonly Brief[],
    integrate: { merge: [] },
  }) as unknown as Plan;

/** What a log says of a brief that ended at its first try. */
export function ended(brief: string, status: Status, key?: string): UnitState {
  const row: OutcomeRow = {
    row: 'outcome',
    brief,
    ...(key !== undefined && { key }),
    try: 1,
    verdict: status === 'succeeded' ? 'succeeded' : 'failed',
    status,
    started: 1_000,
    ended: 2_000,
  };
  return { ...EMPTY, tries: 1, counted: [row], last: row, final: row };
}
