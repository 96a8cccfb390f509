import { type Draft, fallbackOf, placeOf, type WrittenBrief } from '../draft.js';
import type { Problems } from '../problems.js';
import type { Roles } from '../role.js';
import { isAskedOften, mayCallTools, namedTools, overlap, ownTools, toolsFor } from '../tools.js';

/** What a brief names its role allows; and nothing else of it forbids that tools are called. */
export function checkTools({ briefs }: Draft, roles: Roles, problems: Problems): void {
  for (const brief of briefs) {
    if (problems.doubts('briefs', brief.at, 'tools') || problems.doubts('briefs', brief.at, 'fallback'))
      continue;
    checkOne(brief, brief, roles, problems);
    // What a fallback does not say itself is as for its brief, where it was looked at.
    const { fallback = {} } = brief;
    if (fallback.tools !== undefined || fallback.role !== undefined)
      checkOne(fallbackOf(brief)!, fallback, roles, problems);
  }
}

/** @param said where tools, or a role that may name some, are written */
function checkOne(
  brief: WrittenBrief,
  said: Pick<WrittenBrief, 'tools'>,
  roles: Roles,
  problems: Problems,
): void {
  const { ask, tools, role: name } = brief;
  if (ask === undefined) return;
  const role = name === undefined ? undefined : roles[name];
  const path = [...placeOf(brief), said.tools === undefined ? 'role' : 'tools'];
  if (toolsFor(tools, role) && !mayCallTools(brief)) {
    const why = isAskedOften(brief)
      ? 'what is asked several times calls no tools'
      : brief.batch
        ? 'what is asked in batches calls no tools'
        : 'a model with tools cannot be kept from doing a thing twice (`effect: once`)';
    if (tools === undefined)
      problems.warning(path, `${why}: those that the role \`${name}\` names are not offered.`);
    else problems.error(path, `${why}. Remove one of the two.`);
  }
  const allowed = ownTools(role);
  for (const pattern of namedTools(tools) ?? [])
    if (allowed && !allowed.some((one) => overlap(one, pattern))) {
      const it = allowed.length > 0 ? `it allows ${allowed.join(', ')}` : 'none that it names can be here';
      problems.error(
        path,
        `the role \`${name}\` does not allow \`${pattern}\`: ${it}. Name it there, or remove it here.`,
      );
    }
}
