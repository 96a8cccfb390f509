import type { Draft } from '../draft.js';
import { didYouMean } from '../nearest.js';
import type { Path, Problems } from '../problems.js';
import type { PlanDocument } from '../schema.js';
import { isUnit } from '../units.js';
import { checkJsonPath } from './jsonPaths.js';

type WrittenMerge = NonNullable<NonNullable<PlanDocument['integrate']>['merge']>[string];
type WrittenRule = NonNullable<WrittenMerge['conflicts']>[number];

/** What is written names places that can be read, and each section once. */
export function checkSynthesis({ document }: Draft, problems: Problems): void {
  const seen = new Set<string>();
  for (const [i, { title, in: place, covers }] of (
    document.integrate?.synthesize?.sections ?? []
  ).entries()) {
    const path = ['integrate', 'synthesize', 'sections', i];
    if (seen.has(title))
      problems.error([...path, 'title'], `two sections are called \`${title}\`. Give each its own title.`);
    seen.add(title);
    if (place !== undefined) checkJsonPath(place, [...path, 'in'], problems);
    if (covers !== undefined) checkJsonPath(covers, [...path, 'covers'], problems);
  }
}

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
    const known = merge.from.flatMap((id) => draft.byId.get(id)?.role ?? []);
    for (const [i, rule] of (merge.conflicts ?? []).entries()) {
      checkRule(rule, merge, [...path, 'conflicts', i], problems);
      if (typeof rule === 'object')
        for (const role of [rule.role ?? []].flat())
          if (!known.includes(role))
            problems.error(
              [...path, 'conflicts', i, 'role'],
              `none of the briefs under \`from\` has the role \`${role}\`.${didYouMean(role, known)}`,
            );
    }
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

function checkShape(merge: WrittenMerge, path: Path, problems: Problems): void {
  const { key, near, deep, rank, group, reduce } = merge;
  if (reduce !== undefined)
    for (const name of ['key', 'near', 'deep', 'conflicts', 'compare', 'match'] as const)
      if (merge[name] !== undefined)
        problems.error(
          [...path, name],
          `\`reduce\` brings the items together by itself. Remove \`${name}\`, or \`reduce\`.`,
        );
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
  const kinds = Object.keys(rule).filter((kind) => kind !== 'by');
  if (rule.by !== undefined && rule.judge === undefined)
    problems.error([...path, 'by'], '`by` says by what a `judge` chooses; this rule has none.');
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
