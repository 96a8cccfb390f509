import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
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
    const racer = join(root, 'racer.mjs');
    await build({
      entryPoints: [fileURLToPath(new URL('racer.ts', import.meta.url))],
      outfile: racer,
      bundle: true,
      platform: 'node',
      format: 'esm',
      logLevel: 'silent',
    });
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
    await expect(store.create('runs/r/0_0', bytes('x'))).rejects.toMatchObject({ type: 'StoreUnavailable' });
    expect(await store.create('runs/r/0_0', bytes('x'))).toBe('created');
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
