import { carriersOf, type Draft, placeOf, type WrittenBrief } from '../draft.js';
import type { Problems } from '../problems.js';
import type { Roles } from '../role.js';
import { isAskedOften, mayCallTools, namedTools, overlap, ownTools, toolsFor } from '../tools.js';

/** What a brief names its role allows; and nothing else of it forbids that tools are called. */
export function checkTools({ briefs }: Draft, roles: Roles, problems: Problems): void {
  for (const brief of briefs.flatMap(carriersOf))
    if (brief.ask !== undefined && !problems.doubts('briefs', brief.at, 'tools'))
      checkOne(brief, roles, problems);
}

function checkOne(brief: WrittenBrief, roles: Roles, problems: Problems): void {
  const { tools, role: name } = brief;
  const role = name === undefined ? undefined : roles[name];
  const path = [...placeOf(brief), tools === undefined ? 'role' : 'tools'];
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
