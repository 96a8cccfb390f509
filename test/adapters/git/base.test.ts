import { mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { baseOf } from '../../../src/adapters/git/base.js';
import { depots } from '../../../src/adapters/git/depots.js';
import type { FoundBase } from '../../../src/core/plan/surroundings.js';
import { prepareHome } from '../../../src/temporal/home.js';
import { everything, fill, freshFolder, pipeAt, userGit } from './folders.js';

const PATH = process.env.PATH;

async function written({ tree, pack }: FoundBase) {
  const lent = depots({ root: freshFolder(), path: PATH });
  const into = freshFolder();
  await lent('base', async (depot) => {
    await depot.learn('base', async () => pack);
    await depot.write(tree, into);
  });
  await lent.close();
  return everything(into);
}

/** A repository of a user's with a commit, and a plan in a folder of it. */
function repository(files: { readonly [path: string]: string } = {}): string {
  const folder = fill(freshFolder(), { 'top.txt': 't', 'sub/plan.yaml': 'p', ...files });
  userGit(folder, 'init', '-q');
  userGit(folder, 'add', '-A');
  userGit(folder, 'commit', '-qm', 'first');
  return folder;
}

describe('a copy begins', () => {
  it('as the folder is, repository or not, less what its ignore files name', async () => {
    const files = { 'a.txt': 'a', '.gitignore': '*.log\nout/\n', 'sub/.gitignore': 'mine', 'sub/other': 'o' };
    const folder = fill(freshFolder(), { ...files, 'x.log': 'x', 'out/b': 'b', 'sub/mine': 'm' });
    const base = await baseOf('copy', folder, { path: PATH });
    expect(await written(base)).toEqual(files);
    expect([base.within, base.notes]).toEqual(['', []]);

    userGit(folder, 'init', '-q');
    writeFileSync(join(folder, '.git/info/exclude'), 'a.txt\n');
    expect((await baseOf('copy', folder, { path: PATH })).tree).toBe(base.tree);
  });

  it('without Muster’s own state, should that lie in it; what else is in that folder is not hidden', async () => {
    const folder = fill(freshFolder(), { 'a.txt': 'a', 'theirs/b.txt': 'b' });
    for (const home of ['home', 'theirs']) {
      prepareHome(join(folder, home));
      fill(folder, { [`${home}/store/x`]: 'x' });
    }
    const base = await baseOf('copy', folder, { path: PATH });
    expect(Object.keys(await written(base)).sort()).toEqual(['a.txt', 'theirs/b.txt', 'theirs/store/x']);
  });

  it('the same from the same files, pack and all; and from none', async () => {
    const of = async (files: { readonly [path: string]: string }) =>
      baseOf('copy', fill(freshFolder(), files), { path: PATH });
    const [one, same, other] = [
      await of({ a: 'a', b: 'b' }),
      await of({ a: 'a', b: 'b' }),
      await of({ a: 'b' }),
    ];
    expect(Buffer.from(one.pack).equals(Buffer.from(same.pack))).toBe(true);
    expect(one.tree).toBe(same.tree);
    expect(other.tree).not.toBe(one.tree);
    expect(await written(await of({}))).toEqual({});
  });

  it('with the plan’s own file, which what a result is made from leaves out', async () => {
    const of = (plan: string, a = 'a') => fill(freshFolder(), { 'plan.yaml': plan, 'a.txt': a });
    const base = (folder: string) => baseOf('copy', folder, { path: PATH, file: join(folder, 'plan.yaml') });
    const [one, edited, other] = [await base(of('1')), await base(of('2')), await base(of('1', 'b'))];
    expect(edited.tree).not.toBe(one.tree);
    expect(edited.key).toBe(one.key);
    expect(other.key).not.toBe(one.key);
    expect(await written(one)).toEqual({ 'plan.yaml': '1', 'a.txt': 'a' });
  });

  it('without repositories within, and says so; and says which links may lead out', async () => {
    const folder = fill(freshFolder(), { 'a.txt': 'a', 'inner/file': 'i', 'd/e': 'e' });
    userGit(join(folder, 'inner'), 'init', '-q');
    symlinkSync('/etc', join(folder, 'etc'));
    symlinkSync('../a.txt', join(folder, 'd/fine'));
    symlinkSync('d/../../x', join(folder, 'up'));
    const base = await baseOf('copy', folder, { path: PATH });
    expect(Object.keys(await written(base)).sort()).toEqual(['a.txt', 'd/e', 'd/fine', 'etc', 'up']);
    expect(base.notes).toEqual([
      '`inner/` is a repository of its own, and is left out.',
      expect.stringMatching(/^`etc`, `up` are links that may lead out of the folder/),
    ]);
  });
});

describe('a worktree begins', () => {
  it('as the last commit is, and says what is not in it', async () => {
    const folder = repository({
      'crlf.txt': 'a\r\n',
      '.gitattributes': '* text=auto eol=crlf\n',
      '.gitignore': 'out/',
    });
    const clean = await baseOf('worktree', join(folder, 'sub'), { path: PATH });
    expect([clean.within, clean.notes]).toEqual(['sub', []]);
    expect(Object.keys(await written(clean))).toContain('top.txt');
    const mine = { '.git/info/exclude': 'mine', 'sub/mine': 'm' };
    fill(folder, { 'top.txt': 'changed', 'sub/new.txt': 'n', 'out/ignored': 'i', ...mine });
    const dirty = await baseOf('worktree', join(folder, 'sub'), { path: PATH });
    expect(dirty.tree).toBe(clean.tree);
    expect(dirty.notes).toEqual([
      '`top.txt`, `sub/new.txt` are not as in the last commit, which workspaces begin with.',
    ]);
  });

  it('without submodules, and says so', async () => {
    const folder = repository();
    const inner = repository();
    userGit(folder, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', inner, 'mod');
    userGit(folder, 'commit', '-qm', 'second');
    const base = await baseOf('worktree', join(folder, 'sub'), { path: PATH });
    expect(base.notes).toEqual(['`mod` is a submodule, and is left out.']);
    expect(Object.keys(await written(base)).sort()).toEqual(['.gitmodules', 'sub/plan.yaml', 'top.txt']);
  });

  it('whatever its configuration says of the home of its user', async () => {
    const folder = repository();
    userGit(folder, 'config', 'core.excludesFile', '~/ignore');
    userGit(folder, 'config', 'include.path', '~/more');
    expect((await baseOf('worktree', folder, { path: PATH })).notes).toEqual([]);
    writeFileSync(join(folder, '.git/config'), '[core\n');
    await expect(baseOf('worktree', folder, { path: PATH })).rejects.toThrow(
      /^the repository of the plan's folder cannot be read: bad config line 1.*`workspace: copy`/,
    );
  });

  it('nowhere where there is no repository, no commit, or no such folder in it', async () => {
    const refused = (folder: string) =>
      baseOf('worktree', folder, { path: PATH }).catch((error: Error) => error.message);
    expect(await refused(freshFolder())).toMatch(/lies in no repository with a commit.*`workspace: copy`/);
    const bare = freshFolder();
    userGit(bare, 'init', '-q');
    expect(await refused(bare)).toMatch(/lies in no repository with a commit/);
    const folder = repository();
    mkdirSync(join(folder, 'late'));
    expect(await refused(join(folder, 'late'))).toBe(
      '`late` is not in the last commit. Commit it, or say `workspace: copy`.',
    );
  });
});

describe('what workspaces begin with', () => {
  it.each(['copy', 'worktree'] as const)(
    'is found without a trace in the folder or its repository (%s)',
    async (kind) => {
      for (const split of ['false', 'true']) {
        const folder = repository({ '.gitattributes': '*.txt filter=evil\n' });
        fill(folder, { 'top.txt': 'changed', 'sub/new': 'n' });
        userGit(folder, 'config', 'core.splitIndex', split);
        userGit(folder, 'update-index', split === 'true' ? '--split-index' : '--no-split-index');
        const evil = `touch ${folder}/EVIL; cat`;
        for (const key of [
          'core.fsmonitor',
          'filter.evil.clean',
          'filter.evil.smudge',
          'filter.evil.process',
        ])
          userGit(folder, 'config', key, evil);
        utimesSync(join(folder, '.git/index'), 0, 0);
        const before = everything(folder, { git: true });
        const { notes } = await baseOf(kind, join(folder, 'sub'), { path: PATH });
        expect(everything(folder, { git: true })).toEqual(before);
        if (kind === 'worktree')
          expect(notes[0]).toMatch(/^`top.txt`, `sub\/new` are not as in the last commit/);
      }
    },
  );

  it('is refused in one sentence where there is no git, or one that is too old', async () => {
    const folder = freshFolder();
    const tools = freshFolder();
    const refused = () => baseOf('copy', folder, { path: tools }).catch((error: unknown) => error);
    expect(await refused()).toMatchObject({
      type: 'InvalidInput',
      message: 'Workspaces want git, and there is none on PATH. Install git 2.32 or newer.',
    });
    writeFileSync(join(tools, 'git'), '#!/bin/sh\necho git version 2.31.9\n', { mode: 0o755 });
    expect(await refused()).toMatchObject({
      message: expect.stringContaining('this is `git version 2.31.9`'),
    });
    rmSync(join(tools, 'git'));
  });

  it('is refused where git would wait for a pipe', async () => {
    const folder = freshFolder();
    pipeAt(join(folder, '.gitignore'));
    await expect(baseOf('copy', folder, { path: PATH })).rejects.toMatchObject({
      type: 'InvalidInput',
      message: expect.stringContaining('`.gitignore` is a pipe'),
    });
  });

  it('is refused where it is more than can be kept, before it is read', async () => {
    const folder = fill(freshFolder(), {});
    const { truncateSync } = await import('node:fs');
    writeFileSync(join(folder, 'huge'), '');
    truncateSync(join(folder, 'huge'), 2 ** 31);
    await expect(baseOf('copy', folder, { path: PATH })).rejects.toMatchObject({
      message: /come to 2,048 MB, which is over 1024 MB/,
    });
  });
});
