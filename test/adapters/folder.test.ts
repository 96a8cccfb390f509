import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { surroundings } from '../../src/adapters/folder.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-folder-'));
  await mkdir(join(folder, 'notes/deep'), { recursive: true });
  await writeFile(join(folder, 'notes/b.md'), 'b');
  await writeFile(join(folder, 'notes/a.md'), 'ä');
  await writeFile(join(folder, 'notes/deep/c.md'), 'c');
  await writeFile(join(folder, 'notes/with space [1].md'), 'odd');
  await writeFile(join(folder, 'tool'), '#!/bin/sh\n');
  await chmod(join(folder, 'tool'), 0o755);
  await symlink('..', join(folder, 'notes/loop'));
});
afterAll(() => rm(folder, { recursive: true }));

const around = surroundings(`relative:${process.env.PATH}`);
const pathsOf = async (pattern: string) => (await around.glob(pattern, folder)).map(({ path }) => path);

describe('the files of a folder', () => {
  it('come sorted, relative, with forward slashes and their bytes', async () => {
    const found = await around.glob('notes/*.md', folder);
    expect(found.map(({ path, bytes }) => [path, new TextDecoder().decode(bytes)])).toEqual([
      ['notes/a.md', 'ä'],
      ['notes/b.md', 'b'],
      ['notes/with space [1].md', 'odd'],
    ]);
  });
  it('do not come twice through a link that leads back', async () => {
    expect((await pathsOf('**/*.md')).sort()).toEqual([
      'notes/a.md',
      'notes/b.md',
      'notes/deep/c.md',
      'notes/with space [1].md',
    ]);
  });
  it('are absolute where the pattern was', async () => {
    expect(await pathsOf(`${folder}/notes/[ab].md`)).toEqual([
      `${folder}/notes/a.md`,
      `${folder}/notes/b.md`,
    ]);
  });
  it('are all there where the pattern leads above the folder and back into it, named as the pattern names them', async () => {
    const from = join(folder, 'notes/deep');
    const found = async (pattern: string) => (await around.glob(pattern, from)).map(({ path }) => path);
    const all = ['a.md', 'b.md', 'deep/c.md', 'with space [1].md'];
    expect(await found('../**/*.md')).toEqual(all.map((path) => `../${path}`));
    expect(await found('./.././{,!(loop)/**/}*.md')).toEqual(all.map((path) => `../${path}`));
    expect(await found('../../notes/**/?.md')).toEqual(all.slice(0, 3).map((path) => `../../notes/${path}`));
    expect(await found('../deep/c.md')).toEqual(['../deep/c.md']);
    expect(await found(`${folder}/**/*.md`)).toEqual(all.map((path) => `${folder}/notes/${path}`));
    expect(await found('./*.md')).toEqual(['c.md']);
  });
  it('are not the hidden ones, unless the pattern spells the dot', async () => {
    await mkdir(join(folder, 'hidden/.cache'), { recursive: true });
    await writeFile(join(folder, 'hidden/.cache/a.txt'), 'a');
    await writeFile(join(folder, 'hidden/.b.txt'), 'b');
    await writeFile(join(folder, 'hidden/c.txt'), 'c');
    for (const pattern of [
      'hidden/**/*.txt',
      'hidden/{,!(x)/**/}*.txt',
      'hidden/!(x)/**',
      'hidden/!(x)',
      'hidden/../hidden/**',
    ])
      expect((await pathsOf(pattern)).filter((path) => path.includes('/.c') || path.includes('/.b'))).toEqual(
        [],
      );
    expect(await pathsOf('hidden/{.cache,x}/*.txt')).toEqual(['hidden/.cache/a.txt']);
    expect(await pathsOf('hidden/.*.txt')).toEqual(['hidden/.b.txt']);
    expect(await pathsOf('hidden/!(x|.*).txt')).toEqual(['hidden/c.txt']);
  });
  it('are none where nothing matches, or a folder does', async () => {
    expect(await pathsOf('notes/*.txt')).toEqual([]);
    expect(await pathsOf('notes/deep')).toEqual([]);
    expect(await pathsOf('nowhere/**')).toEqual([]);
  });
});

describe('the text of a file', () => {
  it('is read relative to the folder', async () => {
    expect(await around.read('notes/a.md', folder)).toBe('ä');
  });
  it('is undefined where there is none', async () => {
    expect(await around.read('notes/zork.md', folder)).toBeUndefined();
    expect(await around.read('notes', folder)).toBeUndefined();
  });
});

describe('a command exists', () => {
  it('on PATH', async () => {
    expect(await around.commandExists('sh', folder)).toBe(true);
    expect(await around.commandExists('no-such-command-anywhere', folder)).toBe(false);
  });
  it('not in a folder of PATH that is relative, nor anywhere else than on it', async () => {
    expect(await surroundings('.').commandExists('tool', folder)).toBe(false);
    expect(await surroundings(folder).commandExists('tool', '/')).toBe(true);
    expect(await surroundings('').commandExists('sh', folder)).toBe(false);
  });
  it('for all one knows, where PATH is not known', async () => {
    expect(await surroundings().commandExists('tool', folder)).toBe(true);
    expect(await surroundings().commandExists('./zork', folder)).toBe(false);
  });
  it('in the folder, where it is a path to something executable', async () => {
    expect(await around.commandExists('./tool', folder)).toBe(true);
    expect(await around.commandExists('notes/a.md', folder)).toBe(false);
    expect(await around.commandExists('./notes', folder)).toBe(false);
    expect(await around.commandExists('tool', folder)).toBe(false);
  });
});
