import { Failure } from '../outcome/failure.js';
import { carriersOf, type Draft, placeOf } from './draft.js';
import { didYouMean } from './nearest.js';
import type { Path, Problems } from './problems.js';
import { type Role, type Roles, readRole } from './role.js';
import type { Surroundings } from './surroundings.js';
import { TOOL } from './tools.js';

/** Reads each role once: a file of the plan's folder, below `roles/` where only a name is given, or one of Muster's own. */
export async function gatherRoles(
  draft: Draft,
  folder: string | undefined,
  surroundings: Surroundings,
  problems: Problems,
): Promise<Roles> {
  const roles: { [name: string]: Role } = {};
  for (const { name, path } of namedIn(draft)) {
    if (Object.hasOwn(roles, name)) continue;
    const text = await textOf(name, path, folder, surroundings, problems);
    const role = text === undefined ? undefined : readRole(text, name, problems.within(path, fileOf(name)));
    if (!role) continue;
    roles[name] = role;
    const foreign = role.tools?.filter((tool) => !TOOL.test(tool)) ?? [];
    if (foreign.length > 0)
      problems.warning(
        path,
        `the role \`${name}\` names tools of another program, which no model is offered here: ${foreign.join(', ')}.`,
      );
  }
  return roles;
}

interface Named {
  readonly name: string;
  readonly path: Path;
}

function namedIn({ briefs, document }: Draft): readonly Named[] {
  const asked = briefs
    .flatMap(carriersOf)
    .flatMap((brief) =>
      brief.ask === undefined || brief.role === undefined
        ? []
        : [{ name: brief.role, path: [...placeOf(brief), 'role'] }],
    );
  const writer = document.integrate?.synthesize?.role;
  return writer === undefined
    ? asked
    : [...asked, { name: writer, path: ['integrate', 'synthesize', 'role'] }];
}

const NAME = /^[a-z0-9][\w-]*$/i;
/** Whether a path is given, not a name. */
const isPath = (name: string): boolean => name.includes('/') || name.endsWith('.md');
const fileOf = (name: string): string => (isPath(name) ? name : `roles/${name}.md`);

async function textOf(
  name: string,
  path: Path,
  folder: string | undefined,
  { read, ownRole, ownRoles }: Surroundings,
  problems: Problems,
): Promise<string | undefined> {
  if (!isPath(name) && !NAME.test(name)) {
    problems.error(path, 'a role is a name of letters, digits, `-` and `_`, or the path of a file.');
    return undefined;
  }
  if (folder === undefined && isPath(name)) {
    problems.error(
      path,
      `a plan that comes without a file reads no files of the machine. Name one of Muster's own roles: ${ownRoles.join(', ')}.`,
    );
    return undefined;
  }
  try {
    const text =
      (folder === undefined ? undefined : await read(fileOf(name), folder)) ??
      (isPath(name) ? undefined : await ownRole(name));
    if (text === undefined) problems.error(path, missing(name, ownRoles));
    return text;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    problems.error(path, error.message);
    return undefined;
  }
}

const missing = (name: string, own: readonly string[]): string =>
  isPath(name)
    ? `there is no file \`${name}\` in the plan's folder.`
    : `there is no role \`${name}\`: no \`${fileOf(name)}\` beside the plan, and Muster's own are ${own.join(', ')}.${didYouMean(name, own)}`;
