import type { Draft } from '../draft.js';
import { didYouMean } from '../nearest.js';
import type { Path, Problems } from '../problems.js';
import type { PlanDocument } from '../schema.js';
import { isUnit } from '../units.js';
import { checkJsonPath } from './jsonPaths.js';

type WrittenMerge = NonNullable<NonNullable<PlanDocument['integrate']>['merge']>[string];
type WrittenRule = NonNullable<WrittenMerge['conflicts']>[number];

/** Each collection merges briefs that exist, in a way that has a meaning. */
export function checkMerges(draft: Draft, problems: Problems): void {
  for (const [name, merge] of Object.entries(draft.document.integrate?.merge ?? {})) {
    const path = ['integrate', 'merge', name];
    for (const [i, id] of merge.from.entries()) {
      if (draft.byId.has(id)) continue;
      problems.error(
        [...path, 'from', i],
        `no brief is called \`${id}\`.${didYouMean(id, draft.byId.keys())}`,
      );
    }
    if (merge.at !== undefined) checkJsonPath(merge.at, [...path, 'at'], problems);
    checkShape(merge, path, problems);
    for (const [i, rule] of (merge.conflicts ?? []).entries())
      checkRule(rule, merge, [...path, 'conflicts', i], problems);
    for (const [field, comparison] of Object.entries(merge.compare ?? {})) {
      const unit = typeof comparison === 'string' ? undefined : comparison.unit;
      if (unit !== undefined && !isUnit(unit))
        problems.error(
          [...path, 'compare', field, 'unit'],
          `\`${unit}\` is no unit that numbers can be converted to. Write one such as kg, km, h or MB.`,
        );
    }
  }
}

function checkShape({ key, near, deep, rank, group }: WrittenMerge, path: Path, problems: Problems): void {
  if (near !== undefined && (key !== undefined || deep))
    problems.error(
      [...path, 'near'],
      'compares items without a key, by what they say. Remove it, or remove `key` and `deep`.',
    );
  if (!deep || key !== undefined) return;
  for (const [name, said] of Object.entries({ rank, group }))
    if (said !== undefined)
      problems.error(
        [...path, name],
        'needs several items: `deep` without `key` makes all that is said one.',
      );
}

function checkRule(
  rule: WrittenRule,
  { from, key, deep }: WrittenMerge,
  path: Path,
  problems: Problems,
): void {
  if (typeof rule === 'string') return;
  const kinds = Object.keys(rule);
  if (kinds.length !== 1)
    problems.error(
      path,
      `a rule says one thing; this says ${kinds.join(' and ') || 'nothing'}. Give each an entry of its own.`,
    );
  const { prefer } = rule;
  if (typeof prefer === 'string' || Array.isArray(prefer))
    for (const brief of [prefer].flat())
      if (!from.includes(brief))
        problems.error(
          [...path, 'prefer'],
          `\`${brief}\` is not among the briefs under \`from\`.${didYouMean(brief, from)}`,
        );
  if (key === undefined && !deep)
    problems.warning(path, 'without `key` nothing is compared field by field, so no rule is asked.');
}
