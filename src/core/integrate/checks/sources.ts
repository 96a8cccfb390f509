import type { Merge } from '../../plan/integration.js';
import type { Plan } from '../../plan/plan.js';

/** Briefs that feed what a path into the merged data leads to. */
export function sourcesOf(plan: Plan, path: string): ReadonlySet<string> {
  if (plan.integrate.merge.length === 0)
    return new Set(plan.briefs.map(({ id }) => id).filter((id) => leadsTo(path, id)));
  return new Set(collectionOf(plan, path)?.from);
}

/** The collection that a path leads into. */
export const collectionOf = ({ integrate }: Plan, path: string): Merge | undefined =>
  integrate.merge.find(({ name }) => leadsTo(path, name));

const leadsTo = (path: string, name: string): boolean =>
  new RegExp(`^\\$(\\.|\\[['"])${name}(?![\\w-])`).test(path);
