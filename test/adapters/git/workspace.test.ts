import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { redactor } from '../../../src/adapters/executors/redactor.js';
import { baseOf } from '../../../src/adapters/git/base.js';
import { depots } from '../../../src/adapters/git/depots.js';
import type { Change } from '../../../src/core/files/change.js';
import { kindOf } from '../../../src/core/files/change.js';
import type { Redactor } from '../../../src/ports/redactor.js';
import type { Depot, Workspace } from '../../../src/ports/trees.js';
import { everything, fill, freshFolder, pipeAt, userGit } from './folders.js';

const PATH = process.env.PATH;

/** A workspace of a copy of `files`, with `work` done in it. */
async function worked<T>(
  files: { readonly [path: string]: string | Buffer },
  work: (folder: string) => void,
  then: (given: { space: Workspace; depot: Depot; tree: string }) => Promise<T>,
  more: { readonly redactor?: Redactor } = {},
): Promise<T> {
  const base = await baseOf('copy', fill(freshFolder(), files), { path: PATH });
  const lent = depots({ root: freshFolder(), path: PATH, ...more });
  try {
    return await lent('base', async (depot) => {
      await depot.learn('base', async () => base.pack);
      const space = await depot.open(base.tree, '');
      work(space.within);
      return then({ space, depot, tree: base.tree });
    });
  } finally {
    await lent.close();
  }
}

/** Git's id of the empty tree, which it always knows. */
const EMPTY = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

const kinds = (changes: readonly Change[]) =>
  Object.fromEntries(changes.map((change) => [change.path, kindOf(change)]));

/** What is kept of a workspace, checked out by somebody who knows the base and the pack alone. */
async function kept(files: { readonly [path: string]: string | Buffer }, work: (folder: string) => void) {
  const base = await baseOf('copy', fill(freshFolder(), files), { path: PATH });
  const made = await worked(files, work, async ({ space, depot, tree }) => {
    const { changes } = await space.changes();
    return { changes, tree, pack: await depot.pack(changes), is: everything(space.within) };
  });
  const lent = depots({ root: freshFolder(), path: PATH });
  const into = freshFolder();
  await lent('base', async (depot) => {
    await depot.learn('base', async () => base.pack);
    await depot.learn('made', async () => made.pack);
    await depot.write(await depot.apply(made.tree, made.changes), into);
  });
  await lent.close();
  return { ...made, written: everything(into) };
}

describe('a workspace', () => {
  const SECRET = 'npm_0123456789';
  const hiding = redactor([{ name: 'NPM_TOKEN', value: SECRET }]);
  const binary = Buffer.from([0, 1, 2]);
  it.each<[string, { [path: string]: string | Buffer }, { path: string; secret: string } | undefined]>([
    ['in a text', { 'a.txt': 'x', '.npmrc': `_auth=${SECRET}` }, { path: '.npmrc', secret: 'NPM_TOKEN' }],
    [
      'in base64',
      { 'a.txt': Buffer.from(`me:${SECRET}`).toString('base64') },
      { path: 'a.txt', secret: 'NPM_TOKEN' },
    ],
    ['in a name', { [`${SECRET}.txt`]: 'x' }, { path: '[secret NPM_TOKEN].txt', secret: 'NPM_TOKEN' }],
    [
      'beside what stands for one',
      { 'a.txt': `[secret NPM_TOKEN] ${SECRET}` },
      { path: 'a.txt', secret: 'NPM_TOKEN' },
    ],
    ['in what had it before', { 'old.txt': `changed ${SECRET}` }, undefined],
    [
      'nowhere, nor in what is no text',
      { 'a.txt': 'none', 'b.bin': Buffer.concat([binary, Buffer.from('npm')]) },
      undefined,
    ],
  ])('tells of a secret that was left %s', async (_, files, expected) => {
    const before = { 'old.txt': `here ${SECRET}` };
    const secret = await worked(
      before,
      (folder) => fill(folder, files),
      async ({ space }) => space.secretIn((await space.changes()).changes),
      { redactor: hiding },
    );
    expect(secret).toEqual(expected);
  });

  it('is kept byte for byte: added, changed, deleted, executable, links, binary, moved, and names of any kind', async () => {
    const before = {
      'a.txt': 'one\n',
      'gone.txt': 'x',
      'crlf.txt': 'a\r\nb\r\n',
      'deep/er/file': 'y',
      'becomes/folder/not': 'z',
      'tool.sh': '#!/bin/sh\n',
      '.gitattributes': '* text=auto eol=crlf\n*.bin filter=lfs ident\n',
      'id.bin': '$Id$\n',
      'moved.txt': 'a long enough text to be taken for the same\n'.repeat(5),
    };
    const { changes, is, written } = await kept(before, (folder) => {
      fill(folder, {
        'a.txt': 'two\n',
        'new line\n.txt': 'n',
        'späße/日本 😀': 'u',
        '-dash': 'd',
        ' space ': 's',
        '"quote"\\back': 'q',
        'image.bin': Buffer.from([0, 255, 1, 13, 10, 0]),
        empty: '',
      });
      rmSync(join(folder, 'gone.txt'));
      chmodSync(join(folder, 'tool.sh'), 0o755);
      symlinkSync('deep/er/file', join(folder, 'link'));
      rmSync(join(folder, 'becomes'), { recursive: true });
      writeFileSync(join(folder, 'becomes'), 'a file');
      rmSync(join(folder, 'deep/er/file'));
      mkdirSync(join(folder, 'deep/er/file'));
      writeFileSync(join(folder, 'deep/er/file/inside'), 'i');
      renameSync(join(folder, 'moved.txt'), join(folder, 'elsewhere.txt'));
    });
    expect(written).toEqual(is);
    expect(written['crlf.txt']).toBe('a\r\nb\r\n');
    expect(kinds(changes)).toMatchObject({
      'a.txt': 'modified',
      'gone.txt': 'deleted',
      'tool.sh': 'modified',
      link: 'added',
      'becomes/folder/not': 'deleted',
      becomes: 'added',
      'moved.txt': 'deleted',
      'elsewhere.txt': 'added',
    });
    expect(Object.keys(kinds(changes))).not.toContain('crlf.txt');
  });

  it('of nothing, in which nothing is done, is nothing', async () => {
    const { changes, written } = await kept({}, () => {});
    expect([changes, written]).toEqual([[], {}]);
  });

  it('leaves out what its ignore files name, but for what is wanted all the same', async () => {
    const files = { '.gitignore': 'out/\n*.log\n', 'a.txt': 'a' };
    const work = (folder: string) =>
      fill(folder, { 'out/made.js': '1', 'out/other.js': '2', 'x.log': 'l', 'b.txt': 'b' });
    await worked(files, work, async ({ space }) => {
      expect(kinds((await space.changes()).changes)).toEqual({ 'b.txt': 'added' });
      const { changes } = await space.changes((path) => path === 'out/made.js');
      expect(kinds(changes)).toEqual({ 'b.txt': 'added', 'out/made.js': 'added' });
      expect(await space.paths()).toEqual(['.gitignore', 'a.txt', 'b.txt', 'out/made.js']);
    });
  });

  it('keeps no repository within it, and no name that some system takes for `.git`', async () => {
    const work = (folder: string) => {
      fill(folder, { '.GIT/config': 'x', 'a/.git\u200c/config': 'x', 'git~1/hooks': 'x', 'fine.txt': 'f' });
      mkdirSync(join(folder, 'inner'));
      userGit(join(folder, 'inner'), 'init', '-q');
      fill(folder, { 'inner/file': 'i' });
    };
    await worked({ 'a.txt': 'a' }, work, async ({ space }) => {
      const { changes, unkeepable } = await space.changes();
      expect(kinds(changes)).toEqual({ 'fine.txt': 'added' });
      expect(Object.fromEntries(unkeepable.map(({ path, because }) => [path, because]))).toEqual({
        'inner/': 'repository',
        '.GIT/config': 'name',
        'a/.git\u200c/config': 'name',
        'git~1/hooks': 'name',
      });
    });
  });

  it('is a repository that its command may commit to, and whatever it does there decides nothing', async () => {
    const work = (folder: string) => {
      expect(userGit(folder, 'status', '--porcelain')).toBe('');
      fill(folder, { 'b.txt': 'b', 'hidden.txt': 'h' });
      userGit(folder, 'add', 'b.txt');
      userGit(folder, 'commit', '-qm', 'mine');
      fill(folder, { '.git/info/exclude': 'hidden.txt\n', '.git/info/attributes': '* filter=evil\n' });
      userGit(folder, 'update-index', '--assume-unchanged', 'a.txt');
      const evil = `touch ${folder}/EVIL`;
      for (const [key, value] of [
        ['core.fsmonitor', evil],
        ['filter.evil.clean', evil],
        ['core.hooksPath', join(folder, 'hooks')],
        ['core.excludesFile', join(folder, '.git/info/exclude')],
      ])
        userGit(folder, 'config', key!, value!);
      writeFileSync(join(folder, 'a.txt'), 'changed');
    };
    await worked({ 'a.txt': 'a' }, work, async ({ space }) => {
      const { changes } = await space.changes();
      expect(kinds(changes)).toEqual({ 'a.txt': 'modified', 'b.txt': 'added', 'hidden.txt': 'added' });
      expect(existsSync(join(space.within, 'EVIL'))).toBe(false);
    });
  });

  it('tells where links lead, and refuses names it cannot write down and files it may not read', async () => {
    await worked(
      { 'a.txt': 'a' },
      (folder) => symlinkSync('/etc', join(folder, 'out')),
      async ({ space }) => {
        expect((await space.changes()).links).toEqual(new Map([['out', '/etc']]));
      },
    );
    const latin1 = (folder: string) => writeFileSync(Buffer.from(`${folder}/caf\xe9`, 'latin1'), 'x');
    await worked({}, latin1, async ({ space }) => {
      await expect(space.changes()).rejects.toMatchObject({ type: 'OutputInvalid', message: /not UTF-8/ });
    });
    if (process.getuid?.() === 0) return;
    const closed = (folder: string) => writeFileSync(join(folder, 'closed'), 'x', { mode: 0 });
    await worked({}, closed, async ({ space }) => {
      await expect(space.changes()).rejects.toMatchObject({ type: 'OutputInvalid', message: /closed/ });
    });
  });

  it('keeps a link in the place of a folder', async () => {
    const work = (folder: string) => {
      rmSync(join(folder, 'd'), { recursive: true });
      symlinkSync('e', join(folder, 'd'));
      symlinkSync('e', join(folder, 'f'));
    };
    const { changes, is, written } = await kept({ 'd/a': 'a', 'd/b': 'b', 'e/a': 'A' }, work);
    expect(kinds(changes)).toEqual({ 'd/a': 'deleted', 'd/b': 'deleted', d: 'added', f: 'added' });
    expect(written).toEqual(is);
    await worked({ 'd/a': 'a', 'e/a': 'A' }, work, async ({ space }) => {
      expect((await space.changes()).links).toEqual(
        new Map([
          ['d', 'e'],
          ['f', 'e'],
        ]),
      );
    });
  });

  it('and a base say which folder git could not look into', async () => {
    const real = execFileSync('which', ['git'], { encoding: 'utf8' }).trim();
    const tools = freshFolder();
    const warning = `echo "warning: could not open directory 'shut/': Permission denied" >&2`;
    const script = `#!/bin/sh\ncase "$*" in *' --others '*) ${warning};; esac\nexec ${real} "$@"\n`;
    writeFileSync(join(tools, 'git'), script, { mode: 0o755 });
    const base = await baseOf('copy', fill(freshFolder(), { a: 'a' }), { path: tools });
    expect(base.notes).toEqual(['`shut/` is a folder that cannot be opened, and is left out.']);
    const lent = depots({ root: freshFolder(), path: tools });
    await lent('base', async (depot) => {
      await depot.learn('base', async () => base.pack);
      await expect((await depot.open(base.tree, '')).changes()).rejects.toMatchObject({
        type: 'OutputInvalid',
        message: /`shut\/` cannot be opened/,
      });
    });
    await lent.close();
  });

  it('that is gone, or is no folder any more, is what the try did wrong', async () => {
    for (const work of [
      (folder: string) => rmSync(folder, { recursive: true }),
      (folder: string) => {
        rmSync(folder, { recursive: true });
        writeFileSync(folder, 'a file');
      },
    ])
      await worked({ 'a.txt': 'a' }, work, async ({ space }) => {
        await expect(space.changes()).rejects.toMatchObject({ type: 'OutputInvalid', message: /is gone/ });
      });
  });

  it('is refused where git would wait for a pipe, and git is ended where nobody waits for it', async () => {
    for (const path of ['.gitignore', 'sub/.gitattributes', 'sub/.git/HEAD']) {
      const pipe = (folder: string) => {
        mkdirSync(join(folder, path, '..'), { recursive: true });
        pipeAt(join(folder, path));
      };
      await worked({ 'sub/a.txt': 'a' }, pipe, async ({ space }) => {
        await expect(space.changes()).rejects.toMatchObject({
          type: 'OutputInvalid',
          message: expect.stringContaining(`\`${path}\` is a pipe`),
        });
      });
    }
    const work = () => {};
    await worked({ 'a.txt': 'a' }, work, async ({ space }) => {
      await expect(space.changes(undefined, AbortSignal.abort())).rejects.toThrow(/was stopped/);
    });
  });

  it('is gone when it is removed, and the depot when it is closed', async () => {
    const root = freshFolder();
    const lent = depots({ root, path: PATH });
    const base = await baseOf('copy', fill(freshFolder(), { a: 'a' }), { path: PATH });
    await lent('base', async (depot) => {
      await depot.learn('base', async () => base.pack);
      const space = await depot.open(base.tree, 'sub/folder');
      expect(existsSync(space.within)).toBe(true);
      await space.remove();
      expect(existsSync(space.within)).toBe(false);
    });
    await lent.close();
    expect(readdirSync(root)).toEqual(['.gitignore']);
  });

  it('of a dead process is cleared away by the next, of a living one never', async () => {
    const root = freshFolder();
    const living = depots({ root, path: PATH });
    await living('base', async () => {});
    const [mine] = readdirSync(root).filter((name) => name !== '.gitignore');
    const [host] = mine!.split('-');
    if (existsSync('/proc/self/ns/pid'))
      expect(decodeURIComponent(host!)).toContain(readlinkSync('/proc/self/ns/pid'));
    const dead = execFileSync(process.execPath, ['-p', 'process.pid'], { encoding: 'utf8' }).trim();
    for (const name of [
      `${host}-${dead}-1-ab`,
      `${host}-${process.pid}-1-ab`,
      'elsewhere-1-1-ab',
      'old-1-1-ab',
    ])
      fill(root, { [`${name}/f`]: 'x' });
    // Another start of the system, or a container with process numbers of its own, says nothing about who lives here.
    const container = `${host!.replace(/\d+(?=[^\d]*$)/, '1')}-${process.pid}-1-ab`;
    fill(root, { [`${container}/f`]: 'x' });
    for (const name of [mine!, 'old-1-1-ab']) utimesSync(join(root, name), 0, 0);
    await living('base', async () => {});
    await expect.poll(() => statSync(join(root, mine!)).mtimeMs).toBeGreaterThan(1);
    const next = depots({ root, path: PATH });
    await next('base', async () => {});
    const left = readdirSync(root);
    expect(left).toContain(mine);
    expect(left).toContain('elsewhere-1-1-ab');
    expect(left.filter((name) => name.endsWith('-ab')).sort()).toEqual(
      ['elsewhere-1-1-ab', container].sort(),
    );
    await Promise.all([living.close(), next.close()]);
  });
});

describe('a depot', () => {
  it('that could not be made is made when it is asked for again', async () => {
    const tools = freshFolder();
    const lent = depots({ root: freshFolder(), path: tools });
    await lent('base', async (depot) => {
      await expect(depot.entries('t')).rejects.toThrow(/none on PATH/);
      symlinkSync(execFileSync('which', ['git'], { encoding: 'utf8' }).trim(), join(tools, 'git'));
      await expect(depot.entries(EMPTY)).resolves.toEqual(new Map());
    });
    await lent.close();
  });

  it('merges texts that come of one, and says where they do not merge or are none', async () => {
    const text = (...lines: string[]) => `${lines.join('\n')}\n`;
    const base = text('a', 'b', 'c', 'd', 'e');
    const sides = {
      top: text('A', 'b', 'c', 'd', 'e'),
      bottom: text('a', 'b', 'c', 'd', 'E'),
      other: text('X', 'b', 'c', 'd', 'e'),
      binary: Buffer.from([0, 1, 2]),
      binary2: Buffer.from([0, 1, 3]),
      base,
    };
    await worked(
      sides,
      (folder) => chmodSync(join(folder, 'bottom'), 0o755),
      async ({ depot, space, tree }) => {
        const into = freshFolder();
        await depot.write(tree, into);
        const { changes } = await space.changes();
        const all = await worked(
          {},
          (folder) => fill(folder, sides),
          async ({ space }) => (await space.changes()).changes,
        );
        const entry = (path: string) => all.find((one) => one.path === path)!.after!;
        const merged = await depot.merge(entry('base'), entry('top'), changes[0]!.after!);
        expect(merged).toMatchObject({ mode: '100755', size: 10 });
        const out = freshFolder();
        await depot.write(await depot.apply(tree, [{ path: 'merged', after: merged! }]), out);
        expect(readFileSync(join(out, 'merged'), 'utf8')).toBe(text('A', 'b', 'c', 'd', 'E'));
        expect(await depot.merge(entry('base'), entry('top'), entry('other'))).toBeUndefined();
        expect(await depot.merge(entry('base'), entry('binary'), entry('binary2'))).toBeUndefined();
        const tool = { ...entry('binary'), mode: '100755' as const };
        expect(await depot.merge(entry('binary'), tool, entry('binary2'))).toEqual({
          ...entry('binary2'),
          mode: '100755',
        });
      },
    );
  });

  it('writes into a new or an empty folder and over nothing; its patch does the same to the base', async () => {
    const files = { 'a.txt': 'a\n', 'b.bin': Buffer.from([0, 1, 2, 200]) };
    const work = (folder: string) => {
      fill(folder, { 'a.txt': 'A\n', 'c/d.txt': 'd', 'b.bin': Buffer.from([0, 9, 200]) });
      symlinkSync('a.txt', join(folder, 'l'));
    };
    await worked(files, work, async ({ space, depot, tree }) => {
      const after = await depot.apply(tree, (await space.changes()).changes);
      const full = fill(freshFolder(), { mine: 'm' });
      await expect(depot.write(after, full)).rejects.toMatchObject({
        type: 'InvalidInput',
        message: /is not empty/,
      });
      expect(everything(full)).toEqual({ mine: 'm' });
      const into = join(freshFolder(), 'new', 'one');
      await depot.write(after, into);
      const own = fill(freshFolder(), files);
      writeFileSync(join(own, '.patch'), await depot.patch(tree, after));
      userGit(own, 'apply', '.patch');
      rmSync(join(own, '.patch'));
      expect(everything(own)).toEqual(everything(into));
    });
  });

  it('tells a tree that no disk could hold from a disk that does not do its part', async () => {
    const work = (folder: string) => void fill(folder, { b: 'b' });
    await worked({ 'a.txt': 'a' }, work, async ({ space, depot, tree }) => {
      const { after } = (await space.changes()).changes[0]!;
      const long = await depot.apply(tree, [{ path: 'x'.repeat(300), after: after! }]);
      for (const [start, within] of [
        [long, ''],
        [tree, 'a.txt'],
        [tree, 'a.txt/in'],
      ] as const)
        await expect(depot.open(start, within)).rejects.toMatchObject({
          type: 'OutputInvalid',
          message: /make no tree/,
        });
      const own = fill(freshFolder(), { file: 'f' });
      for (const into of ['file', 'file/in'])
        await expect(depot.write(tree, join(own, into))).rejects.toMatchObject({
          type: 'InvalidInput',
          message: /cannot be written.*Name a new folder/,
        });
      expect(everything(own)).toEqual({ file: 'f' });
    });
  });

  it('makes the same pack of the same trees', async () => {
    const packOf = () =>
      worked(
        { a: 'a'.repeat(5000), b: 'b' },
        (f) => void fill(f, { c: 'a'.repeat(4999) }),
        async ({ space, depot }) =>
          Buffer.from(await depot.pack((await space.changes()).changes)).toString('hex'),
      );
    expect(await packOf()).toBe(await packOf());
  });
});
