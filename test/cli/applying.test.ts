import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { applyCommand } from '../../src/cli/applying.js';
import type { Base } from '../../src/core/files/manifest.js';
import { fill, freshFolder, userGit } from '../adapters/git/folders.js';

const base = (kind: Base['kind'], within: string): Base => ({
  ...{ kind, within, tree: 't', key: 'k' },
  pack: { digest: 'd', size: 1 },
});

it.each([
  ['worktree', 'sub/in it', true],
  ['copy', 'sub/in it', true],
  ['worktree', '', true],
  ['copy', '', true],
  ['copy', 'sub/in it', false],
] as const)(
  'a patch of a %s in `%s` is applied by the command that is printed, wherever it is called',
  (kind, within, repository) => {
    const root = fill(freshFolder(), { [join(within, 'a.txt')]: 'a\n' });
    if (repository) userGit(root, 'init', '-q');
    const folder = join(root, within);
    const path = kind === 'copy' ? 'a.txt' : join(within, 'a.txt');
    const file = join(freshFolder(), 'the patch');
    writeFileSync(
      file,
      `diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n@@ -1 +1 @@\n-a\n+b\n`,
    );
    const plan = { folder, base: base(kind, kind === 'copy' ? '' : within) };
    execFileSync('sh', ['-c', applyCommand(plan, file)], { cwd: folder });
    expect(readFileSync(join(folder, 'a.txt'), 'utf8')).toBe('b\n');
  },
);
