import type { Node } from '../graph/node.js';
import type { UnitGraph } from '../graph/units.js';
import type { UnitState } from '../outcome/fold.js';
import type { Plan } from '../plan/plan.js';
import type { ClosingNote } from '../schedule/closing.js';

/** A brief, or an instance of a fan. */
export interface Expected extends Node {
  readonly brief: string;
  readonly key?: string;
}

export interface LedgerInput {
  readonly plan: Plan;
  readonly graph: UnitGraph;
  /** Keys of the instances of each fan that was opened, by its unit `u`. */
  readonly expansions: ReadonlyMap<number, readonly string[]>;
  /** What the logs say, by `u` or `u.k`; a unit without a log may be left out. */
  readonly states: ReadonlyMap<string, UnitState>;
  /** Absent: the run did not come to its end by itself (salvage). */
  readonly note?: ClosingNote;
}

/** `dig`, or `dig[pricing]`. */
export const labelOf = ({ brief, key }: { readonly brief: string; readonly key?: string }): string =>
  key === undefined ? brief : `${brief}[${key}]`;

/** The brief of a label; ids of briefs hold no bracket. */
export const briefOf = (label: string): string => label.split('[', 1)[0]!;

/** Every brief and instance that the plan and the recorded expansions promise. */
export function expectedOf(plan: Plan, expansions: LedgerInput['expansions']): Expected[] {
  return plan.briefs.flatMap(({ id: brief }, u): Expected[] => {
    const keys = expansions.get(u) ?? [];
    return keys.length === 0 ? [{ u, brief }] : keys.map((key, k) => ({ u, k, brief, key }));
  });
}

/** Of the expansions on record those that the dispatcher took up: one it refused, or recalled before it heard of it, never came to be. */
export const openedOf = (
  recorded: LedgerInput['expansions'],
  note: ClosingNote | undefined,
): LedgerInput['expansions'] => new Map([...recorded].filter(([u]) => !note || note.fans[u] !== undefined));
