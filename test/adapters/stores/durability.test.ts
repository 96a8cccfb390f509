import type { NoParamCallback } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fileStore } from '../../../src/adapters/stores/file.js';
import type { Store } from '../../../src/ports/store.js';

/** What the file system was asked, in order, and what it shall refuse. */
const disk = vi.hoisted(() => ({
  asked: [] as string[],
  open: 0,
  mostOpen: 0,
  refuse: undefined as [string, string] | undefined,
}));

vi.mock('node:fs', async (original) => {
  const real = await original<typeof import('node:fs')>();
  const paths = new Map<number, string>();
  const ask = (what: string, path: unknown): void => {
    disk.asked.push(`${what} ${String(path)}`);
    const [refused, code] = disk.refuse ?? [];
    if (refused === what) throw Object.assign(new Error(`${code}: refused`), { code });
  };
  return {
    ...real,
    openSync: (path: string, ...how: [string]): number => {
      const handle = real.openSync(path, ...how);
      paths.set(handle, path);
      disk.mostOpen = Math.max(disk.mostOpen, ++disk.open);
      return handle;
    },
    closeSync: (handle: number) => {
      disk.open--;
      real.closeSync(handle);
    },
    writeFileSync: (handle: number, bytes: Uint8Array) => {
      ask('write', paths.get(handle));
      real.writeFileSync(handle, bytes);
    },
    writeFile: (handle: number, bytes: Uint8Array, done: NoParamCallback) => {
      try {
        ask('write', paths.get(handle));
        real.writeFile(handle, bytes, done);
      } catch (error) {
        done(error as Error);
      }
    },
    fsync: (handle: number, done: NoParamCallback) => {
      try {
        ask('sync', paths.get(handle));
        real.fsync(handle, done);
      } catch (error) {
        done(error as Error);
      }
    },
    linkSync: (from: string, to: string) => {
      ask('link', to);
      real.linkSync(from, to);
    },
  };
});

describe('what a store in a folder promises of the disk', () => {
  let root: string;
  let store: Store;
  const asked = () => disk.asked.splice(0).map((one) => one.replaceAll(root, ''));
  const kinds = () => asked().map((one) => one.replace(/\/\.tmp\/.*/, 'temporary'));

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'muster-disk-'));
    store = await fileStore(root);
    disk.asked.length = 0;
    disk.refuse = undefined;
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  it('bytes are on disk before their name is, and the name before anyone is told', async () => {
    await store.create('runs/r/0_0', Buffer.from('x'));
    expect(kinds()).toEqual([
      'sync ', // the root, in which `runs` was made
      'sync /runs',
      'write temporary',
      'sync temporary',
      'link /runs/r/0_0',
      'sync /runs/r',
    ]);
  });

  it('"exists" is said only once the name is on disk too, whoever made it', async () => {
    await store.create('runs/r/0_0', Buffer.from('x'));
    const other = await fileStore(root);
    asked();
    expect(await other.create('runs/r/0_0', Buffer.from('y'))).toBe('exists');
    const all = kinds();
    expect(all).toEqual(expect.arrayContaining(['sync ', 'sync /runs']));
    expect(all.at(-1)).toBe('sync /runs/r');
  });

  it('what is large and there already is not written again', async () => {
    const large = Buffer.alloc(100_000, 'x');
    await store.create('runs/r/0_0', large);
    asked();
    expect(await store.create('runs/r/0_0', large)).toBe('exists');
    expect(kinds()).toEqual(['sync /runs/r']);
  });

  it('many creates in one folder share the syncs of the folder', async () => {
    await store.create('runs/r/warm', Buffer.from('x'));
    asked();
    await Promise.all(Array.from({ length: 200 }, (_, i) => store.create(`runs/r/${i}`, Buffer.from('x'))));
    const all = kinds();
    expect(all.filter((one) => one === 'sync temporary')).toHaveLength(200);
    const shared = all.filter((one) => one === 'sync /runs/r').length;
    expect(shared).toBeLessThan(150);
    expect(all.lastIndexOf('sync /runs/r')).toBeGreaterThan(
      all.findLastIndex((one) => one.startsWith('link')),
    );
  });

  it('however much is asked of it at once, it keeps far below the limit of open files', async () => {
    await Promise.all(Array.from({ length: 300 }, (_, i) => store.create(`many/${i}`, Buffer.from('x'))));
    expect(disk.mostOpen).toBeLessThan(100);
    expect(disk.open).toBe(0);
  });

  it.each([
    ['write', 'ENOSPC', /disk is full: free some space/],
    ['write', 'EDQUOT', /quota is used up/],
    ['sync', 'EIO', /disk reports an error/],
    ['link', 'EPERM', /may not support hard links/],
    ['link', 'EROFS', /read-only/],
  ])(
    '%s refused with %s: nothing is claimed, the message says what to do, and later it works',
    async (what, code, says) => {
      disk.refuse = [what, code];
      const failure = await store.create('runs/r/0_0', Buffer.from('x')).then(
        () => undefined,
        (error: Error) => error,
      );
      expect(failure).toMatchObject({ type: 'StoreUnavailable' });
      expect(failure?.message).toMatch(says);
      disk.refuse = undefined;
      await store.create('runs/r/0_0', Buffer.from('x'));
      expect(await store.read('runs/r/0_0')).toEqual(Buffer.from('x'));
      expect(await store.list('')).toEqual(['runs/r/0_0']);
    },
  );
});
