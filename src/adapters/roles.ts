import { readFile } from 'node:fs/promises';

/** Muster's own roles, as `roles/` of the package has them. */
export const OWN_ROLES = [
  'explorer',
  'implementer',
  'tester',
  'reviewer',
  'documenter',
  'debugger',
  'researcher',
  'writer',
  'planner',
] as const;

/** Text of the file of one; undefined where it is none of them. */
export async function ownRole(name: string): Promise<string | undefined> {
  if (!OWN_ROLES.some((own) => own === name)) return undefined;
  return readFile(new URL(`../../roles/${name}.md`, import.meta.url), 'utf8');
}
