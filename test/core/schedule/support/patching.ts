import { type NeedSet, type UnitGraph, wholeNeeds } from '../../../../src/core/graph/units.js';
import type { Scenario } from './scenario.js';

export interface Edited {
  readonly scenario: Scenario;
  /** Places whose needs differ, or that are taken out. */
  readonly touched: readonly number[];
}

/**
 * The same plan as somebody has edited it: some briefs taken out, some with fewer or other needs, some added.
 * @param isOpen what is mostly chosen
 */
export function edited(
  { graph, needs, expansion, status, draw }: Scenario,
  isOpen: (u: number) => boolean,
): Edited {
  const chance = (p: number) => draw(1000) < p * 1000;
  const size = graph.units.length;
  const chosen = (p: number) => new Set([...needs.keys()].filter((u) => chance(isOpen(u) ? p : 0.02)));
  const out = chosen(0.2);
  const first = size;
  const dropped = chosen(0.5);
  const touched = new Set([...out, ...dropped]);
  const changed = needs.map((set, u): NeedSet => {
    if (out.has(u)) return {};
    const all = [...wholeNeeds(set), ...(set.each ?? [])];
    if (!touched.has(u) && !all.some((need) => out.has(need))) return set;
    touched.add(u);
    const kept = without(set, (need) => out.has(need) || (dropped.has(u) && chance(0.3)));
    return chance(0.5) ? { ...kept, success: [...(kept.success ?? []), first] } : kept;
  });
  // The first of those that are added needs nothing, so whoever needs it makes no cycle; the others may need all.
  const added = Array.from({ length: 1 + draw(3) }, (_, n): NeedSet => {
    const success = [...needs.keys()].filter(
      (u) => graph.units[u]!.kind === 'brief' && !out.has(u) && chance(0.2),
    );
    return n === 0 || success.length === 0 ? {} : { success };
  });
  const all = [...changed, ...added];
  const sets = [...new Set(all.filter((set) => Object.keys(set).length > 0))];
  const units = all.map((set, u) => {
    const {
      needs: _,
      removed: __,
      ...unit
    } = graph.units[u] ?? {
      ...({ kind: 'brief', label: `u${u}`, rank: draw(6), timeoutMs: 1000, heartbeatMs: 1000 } as const),
    };
    const at = sets.indexOf(set);
    if (out.has(u)) return { ...unit, kind: 'brief' as const, removed: true as const };
    return { ...unit, ...(at >= 0 && { needs: at }) };
  });
  const next: UnitGraph = { ...graph, units, sets };
  const fixed = (u: number) =>
    out.has(u) ? ('not-needed' as const) : u >= size ? ('succeeded' as const) : undefined;
  return {
    scenario: {
      ...{ graph: next, needs: all, draw },
      expansion: (u) => fixed(u) ?? expansion(u),
      status: (u, k) => fixed(u) ?? status(u, k),
    },
    touched: [...touched].sort((a, b) => a - b),
  };
}

function without(
  { success = [], done = [], each = [], eachRule, clauses = [] }: NeedSet,
  drop: (u: number) => boolean,
): NeedSet {
  const keep = (all: readonly number[]) => all.filter((u) => !drop(u));
  const left = { success: keep(success), done: keep(done), each: keep(each) };
  const ruled = clauses
    .map((clause) => ({ ...clause, of: keep(clause.of) }))
    .filter(({ of }) => of.length > 0);
  return {
    ...Object.fromEntries(Object.entries(left).filter(([, of]) => of.length > 0)),
    ...(left.each.length > 0 && eachRule && { eachRule }),
    ...(ruled.length > 0 && { clauses: ruled }),
  };
}
