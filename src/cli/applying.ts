import { existsSync } from 'node:fs';
import { dirname, join, posix, relative, resolve, sep } from 'node:path';
import type { Plan } from '../core/plan/plan.js';

/**
 * The command that applies a run's patch where its workspaces came from. Below the root of a repository `git apply`
 * leaves out, without a word, what does not begin with the folder it is called in: so it is called in the root.
 */
export function applyCommand({ folder = '.', base }: Pick<Plan, 'folder' | 'base'>, file: string): string {
  const { kind, within = '' } = base ?? {};
  const up = within.split('/').map((step) => (step === '' ? '.' : '..'));
  const root = kind === 'worktree' ? join(folder, ...up) : (repositoryAbove(folder) ?? folder);
  const prefix = kind === 'worktree' ? '' : relative(root, folder).split(sep).join(posix.sep);
  const directory = prefix === '' ? [] : [`--directory=${prefix}`];
  return ['git', '-C', root, 'apply', ...directory, resolve(file)].map(quoted).join(' ');
}

function repositoryAbove(folder: string): string | undefined {
  if (existsSync(join(folder, '.git'))) return folder;
  return dirname(folder) === folder ? undefined : repositoryAbove(dirname(folder));
}

/** As a POSIX shell reads it. */
const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
