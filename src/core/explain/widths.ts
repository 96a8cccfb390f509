import { namesUsed } from '../plan/cel.js';
import { expand } from '../plan/expand.js';
import type { Brief, Plan } from '../plan/plan.js';

/** How many instances a brief becomes: known, or between none and its `max` where another brief's output decides. */
export interface Width {
  readonly least: number;
  readonly most: number;
}

/** By brief, in plan order; 1 for a brief without `forEach`. */
export function widths(plan: Plan): Width[] {
  const known = new Map<string, Width>();
  const byId = new Map(plan.briefs.map((brief) => [brief.id, brief]));
  const width = (brief: Brief): Width => {
    const of = known.get(brief.id) ?? measure(brief);
    known.set(brief.id, of);
    return of;
  };
  const measure = (brief: Brief): Width => {
    const { forEach } = brief;
    if (forEach === undefined) return { least: 1, most: 1 };
    const { source, max } = forEach;
    if (source.kind === 'each') return width(byId.get(source.brief)!);
    const open = { least: 0, most: max };
    if (source.kind === 'in' && namesUsed(source.cel).some((name) => byId.has(name))) return open;
    const expanded = expand(plan, brief, { params: plan.params, inputs: plan.inputs, needs: {} });
    if (expanded.kind === 'refused') return { least: 0, most: 0 };
    return expanded.kind === 'expanded' ? exactly(expanded.first ?? expanded.keys.length) : open;
  };
  return plan.briefs.map(width);
}

/** Whether each brief will be tried, come what may of `when`: its own and those of all it waits for. */
export function certain(plan: Plan): boolean[] {
  const known = new Map<string, boolean>();
  const byId = new Map(plan.briefs.map((brief) => [brief.id, brief]));
  const sure = (brief: Brief): boolean => {
    const so =
      known.get(brief.id) ?? (brief.when === undefined && brief.needs.every((id) => sure(byId.get(id)!)));
    known.set(brief.id, so);
    return so;
  };
  return plan.briefs.map(sure);
}

const exactly = (n: number): Width => ({ least: n, most: n });
