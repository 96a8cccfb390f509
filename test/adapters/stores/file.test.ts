import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, describe, expect, it } from 'vitest';
import { fileStore } from '../../../src/adapters/stores/file.js';
import { storeExam } from './exam.js';

const folders: string[] = [];
async function fresh(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'muster-store-'));
  folders.push(folder);
  return folder;
}
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

storeExam('fileStore', async () => fileStore(await fresh()));

/** A file beside this one as a program of its own. */
async function bundled(entry: URL, outfile: string): Promise<string> {
  await build({
    entryPoints: [fileURLToPath(entry)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'silent',
  });
  return outfile;
}

const bytes = (text: string) => new TextEncoder().encode(text);

describe('a store in a folder', () => {
  it('is the same store to everyone who opens the folder, and another in another folder', async () => {
    const root = await fresh();
    const opened = await Promise.all(Array.from({ length: 20 }, () => fileStore(join(root, 'deep', 'down'))));
    expect(new Set(opened.map(({ id }) => id)).size).toBe(1);
    expect((await fileStore(await fresh())).id).not.toBe(opened[0]?.id);
    await opened[0]?.create('a', bytes('kept'));
    expect(await opened[1]?.read('a')).toEqual(Buffer.from('kept'));
  });

  it('gives each name to one of several processes, and to all of them the same bytes', async () => {
    const root = await fresh();
    const racer = await bundled(new URL('racer.ts', import.meta.url), join(root, 'racer.mjs'));
    const at = String(Date.now() + 1_500);
    const store = join(root, 'store');
    const ran = await Promise.all(
      ['a', 'b', 'c', 'd'].map(async (who) => {
        const { stdout } = await promisify(execFile)(process.execPath, [racer, store, '200', who, at]);
        return { who, ...(JSON.parse(stdout) as { id: string; won: number[] }) };
      }),
    );
    expect(new Set(ran.map(({ id }) => id)).size).toBe(1);
    expect(ran.flatMap(({ won }) => won).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 200 }, (_, i) => i),
    );
    const open = await fileStore(store);
    for (const { who, won } of ran)
      for (const i of won)
        expect(Buffer.from((await open.read(`runs/race/0_${i}`)) ?? []).toString()).toBe(who);
  });

  it('shows nothing of what dead processes left half-written', async () => {
    const root = await fresh();
    const store = await fileStore(root);
    await store.create('a', bytes('whole'));
    await writeFile(join(root, '.tmp', '1-dead-0'), 'hal');
    expect(await store.list('')).toEqual(['a']);
    expect((await fileStore(root)).id).toBe(store.id);
  });

  it('leaves nothing temporary behind, won or lost', async () => {
    const root = await fresh();
    const store = await fileStore(root);
    await Promise.all(Array.from({ length: 20 }, () => store.create('a', bytes('x'))));
    expect(await readdir(join(root, '.tmp'))).toEqual([]);
  });

  it('goes on in a folder that was removed beneath it', async () => {
    const root = await fresh();
    const store = await fileStore(root);
    await store.create('runs/r/0_0', bytes('x'));
    await rm(join(root, 'runs'), { recursive: true });
    expect(await store.create('runs/r/0_0', bytes('x'))).toBe('created');
  });

  it('loses nothing that somebody was told exists, while other processes take away what is old', async () => {
    const root = await fresh();
    const script = await bundled(new URL('remover.ts', import.meta.url), join(root, 'remover.mjs'));
    const folder = join(root, 'store');
    const store = await fileStore(folder);
    const count = 700;
    const names = Array.from({ length: count }, (_, i) => `blobs/${i % 7}/${i}`);
    await Promise.all(names.map((name) => store.create(name, bytes(name))));
    const long = new Date(Date.now() - 60_000);
    await Promise.all(names.map((name) => utimes(join(folder, name), long, long)));
    const [at, since] = [String(Date.now() + 1_500), String(Date.now() - 1_000)];
    const of = async (what: string) => {
      const args = [script, folder, String(count), what, at, since];
      const { stdout } = await promisify(execFile)(process.execPath, args);
      return JSON.parse(stdout) as (string | number | null)[];
    };
    const [took, tookToo, ...created] = await Promise.all(
      ['remove', 'remove-back', 'create', 'create'].map(of),
    );
    const readable = await Promise.all(names.map((name) => store.read(name)));
    expect(readable.filter((read) => read === undefined)).toEqual([]);
    expect(created.flat().filter((said) => said === 'lost')).toEqual([]);
    // They did meet: some names went and were created anew, others were found in time.
    const gone = [...took!, ...tookToo!].filter((bytes) => bytes !== null).length;
    expect(gone).toBeGreaterThan(0);
    // What went was created anew; and so may be what a process has aside just then to look at its age, and puts back.
    expect(created.flat().filter((said) => said === 'created').length).toBeGreaterThanOrEqual(gone);
    expect(await readdir(join(folder, '.aside'))).toEqual([]);
  });

  it('still has what a process left aside that died taking it away, and the next one decides anew', async () => {
    const root = await fresh();
    const store = await fileStore(root);
    await store.create('blobs/ab/abc', bytes('x'));
    await store.create('other', bytes('y'));
    await store.remove('other');
    await rename(join(root, 'blobs/ab/abc'), join(root, '.aside/blobs+ab+abc~12-0123456789ab-3'));
    expect(await store.read('blobs/ab/abc')).toEqual(Buffer.from('x'));
    expect(await store.look('blobs/ab/abc')).toMatchObject({ size: 1 });
    expect(await store.list('blobs/')).toEqual(['blobs/ab/abc']);
    expect(await store.remove('blobs/ab/abc', Date.now() - 1_000)).toBeUndefined();
    expect(await readdir(join(root, 'blobs/ab'))).toEqual(['abc']);
    expect(await store.remove('blobs/ab/abc')).toBe(1);
    expect(await store.list('')).toEqual([]);
  });

  it('keeps apart what several move aside of one name: the young one among them is put back', async () => {
    const root = await fresh();
    const store = await fileStore(root);
    const [path, aside] = [join(root, 'blobs/ab/abc'), join(root, '.aside/blobs+ab+abc')];
    const old = new Date(Date.now() - 60_000);
    await store.create('blobs/ab/abc', bytes('x'));
    await store.create('other', bytes('y'));
    await store.remove('other');
    // Another one has it aside that is about to put it back; meanwhile it was created, and grew old.
    await rename(path, `${aside}~12-0123456789ab-3`);
    await store.create('blobs/ab/abc', bytes('x'));
    await utimes(path, old, old);
    expect(await store.remove('blobs/ab/abc', Date.now() - 30_000)).toBeUndefined();
    expect(await readdir(join(root, 'blobs/ab'))).toEqual(['abc']);
    expect((await store.look('blobs/ab/abc'))?.at).toBeGreaterThan(old.getTime());
    expect(await readdir(join(root, '.aside'))).toEqual([]);
  });

  it('touches no links and no folders, even where a name leads to one', async () => {
    const root = await fresh();
    const store = await fileStore(join(root, 'store'));
    await writeFile(join(root, 'mine'), 'mine');
    await mkdir(join(root, 'store/runs/r/0_1'), { recursive: true });
    await symlink(join(root, 'mine'), join(root, 'store/runs/r/0_0'));
    expect(await store.list('')).toEqual([]);
    expect(await store.remove('runs/r/0_0')).toBeUndefined();
    expect(await store.remove('runs/r/0_1')).toBeUndefined();
    expect(await readdir(join(root, 'store/runs/r'))).toEqual(['0_0', '0_1']);
    expect(await readdir(root)).toContain('mine');
  });

  it('clears, with the first removal, what processes left half-written that are long dead, and nothing else', async () => {
    const root = await fresh();
    const [dead, young, strange] = ['7-0123456789ab-0', '7-0123456789ab-1', 'notes.txt'];
    await fileStore(root);
    const long = new Date(Date.now() - 2 * 86_400_000);
    for (const name of [dead, young, strange]) {
      await writeFile(join(root, '.tmp', name), 'hal');
      if (name !== young) await utimes(join(root, '.tmp', name), long, long);
    }
    const store = await fileStore(root);
    expect((await readdir(join(root, '.tmp'))).sort()).toEqual([dead, young, strange]);
    await store.remove('nothing');
    expect((await readdir(join(root, '.tmp'))).sort()).toEqual([young, strange]);
  });

  it('leaves no empty folder behind', async () => {
    const root = await fresh();
    const store = await fileStore(root);
    await store.create('runs/r/0_0', bytes('x'));
    await store.create('results/k/r.0', bytes('x'));
    await store.remove('runs/r/0_0');
    expect((await readdir(root)).filter((name) => !name.startsWith('.')).sort()).toEqual([
      'results',
      'store.json',
    ]);
  });

  it('says which file to restore when its identity is unreadable', async () => {
    const root = await fresh();
    await writeFile(join(root, 'store.json'), '{"id":');
    await expect(fileStore(root)).rejects.toThrow(
      /store\.json does not hold the identity of a store\. Restore/,
    );
  });

  it('says what to do when the folder is none', async () => {
    const root = await fresh();
    await writeFile(join(root, 'file'), '');
    await expect(fileStore(join(root, 'file'))).rejects.toMatchObject({ type: 'StoreUnavailable' });
  });
});
