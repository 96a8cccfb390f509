import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../../src/ports/store.js';

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (read: Uint8Array | undefined) => read && new TextDecoder().decode(read);

/** A file system tells time in steps of up to so much, ms. */
const COARSE = 20;

/** What every store must be able to do, whatever it keeps things in. `open` gives an empty store. */
export function storeExam(name: string, open: () => Promise<Store>): void {
  describe(`${name}, as a store`, () => {
    let store: Store;
    beforeEach(async () => {
      store = await open();
    });

    it('keeps what is created, and says it was created', async () => {
      expect(await store.create('runs/r/0_0', bytes('first'))).toBe('created');
      expect(text(await store.read('runs/r/0_0'))).toBe('first');
    });

    it('never changes what a name stands for: a second create says exists and writes nothing', async () => {
      await store.create('a', bytes('first'));
      expect(await store.create('a', bytes('second'))).toBe('exists');
      expect(text(await store.read('a'))).toBe('first');
    });

    it('lets exactly one of 50 racing creators win, and everyone reads the winner', async () => {
      for (let round = 0; round < 20; round++) {
        const name = `race/${round}`;
        const said = await Promise.all(
          Array.from({ length: 50 }, (_, i) => store.create(name, bytes(`creator ${i}`))),
        );
        expect(said.filter((one) => one === 'created')).toHaveLength(1);
        expect(text(await store.read(name))).toBe(`creator ${said.indexOf('created')}`);
      }
    });

    it('reads ranges, cut where the value ends', async () => {
      await store.create('b', bytes('0123456789'));
      expect(text(await store.read('b', { offset: 3, length: 4 }))).toBe('3456');
      expect(text(await store.read('b', { offset: 8, length: 10 }))).toBe('89');
      expect(text(await store.read('b', { offset: 20, length: 1 }))).toBe('');
      expect(text(await store.read('b', { offset: 0, length: 0 }))).toBe('');
    });

    it('finds nothing where nothing was created', async () => {
      expect(await store.read('nothing')).toBeUndefined();
      expect(await store.read('no/such/folder', { offset: 1, length: 1 })).toBeUndefined();
      await store.create('x/y', bytes('a folder on the way'));
      expect(await store.read('x')).toBeUndefined();
      expect(await store.read('x/y/z')).toBeUndefined();
    });

    it('lists names by their beginning, in folders or in the middle of a name', async () => {
      for (const name of ['runs/r/1_0', 'runs/r/1_1', 'runs/r/11_0', 'runs/s/1_0', 'blobs/ab/abc'])
        await store.create(name, bytes(name));
      const list = async (prefix: string) => [...(await store.list(prefix))].sort();
      expect(await list('runs/r/1_')).toEqual(['runs/r/1_0', 'runs/r/1_1']);
      expect(await list('runs/')).toEqual(['runs/r/11_0', 'runs/r/1_0', 'runs/r/1_1', 'runs/s/1_0']);
      expect(await list('nowhere/')).toEqual([]);
      expect(await list('')).toHaveLength(5);
    });

    it('keeps empty and large values to the byte', async () => {
      const large = randomBytes(9 * 1024 * 1024);
      await store.create('empty', new Uint8Array());
      await store.create('large', large);
      expect(await store.read('empty')).toHaveLength(0);
      expect(Buffer.compare((await store.read('large')) ?? Buffer.alloc(0), large)).toBe(0);
    });

    it('keeps its own copy: bytes changed afterwards are not its bytes', async () => {
      const mine = bytes('before');
      await store.create('mine', mine);
      mine.fill(0);
      (await store.read('mine'))?.fill(0);
      expect(text(await store.read('mine'))).toBe('before');
    });

    it.each(['', '/a', 'a/', 'a//b', '../a', 'a/../b', 'a/.b', '.tmp/x', 'a b', 'ä', 'a\\b', 'a\0'])(
      'refuses the name %j',
      async (name) => {
        await expect(store.create(name, bytes(''))).rejects.toMatchObject({ type: 'ContractViolation' });
        await expect(store.read(name)).rejects.toMatchObject({ type: 'ContractViolation' });
        await expect(store.look(name)).rejects.toMatchObject({ type: 'ContractViolation' });
        await expect(store.remove(name)).rejects.toMatchObject({ type: 'ContractViolation' });
      },
    );

    it('says of a name how large it is and when it was last created or found to exist', async () => {
      expect(await store.look('runs/r/0_0')).toBeUndefined();
      const began = Date.now();
      await store.create('runs/r/0_0', bytes('first'));
      const created = await store.look('runs/r/0_0');
      expect(created?.size).toBe(5);
      expect(created?.at).toBeGreaterThan(began - COARSE);
      expect(created?.at).toBeLessThanOrEqual(Date.now());
      await new Promise((go) => setTimeout(go, 2 * COARSE));
      await store.read('runs/r/0_0');
      expect(await store.look('runs/r/0_0')).toEqual(created);
      expect(await store.create('runs/r/0_0', bytes('second'))).toBe('exists');
      expect((await store.look('runs/r/0_0'))?.at).toBeGreaterThan(created!.at);
    });

    it('takes a name away for everybody, and what is created under it then is new', async () => {
      await store.create('runs/r/0_0', bytes('first'));
      await store.create('runs/r/0_1', bytes('stays'));
      expect(await store.remove('runs/r/0_0')).toBe(5);
      expect(await store.read('runs/r/0_0')).toBeUndefined();
      expect(await store.look('runs/r/0_0')).toBeUndefined();
      expect(await store.list('')).toEqual(['runs/r/0_1']);
      expect(await store.remove('runs/r/0_0')).toBeUndefined();
      expect(await store.remove('no/such/folder')).toBeUndefined();
      expect(await store.create('runs/r/0_0', bytes('anew'))).toBe('created');
      expect(text(await store.read('runs/r/0_0'))).toBe('anew');
    });

    it('leaves what was created or found to exist since the given time', async () => {
      const large = randomBytes(100_000);
      for (const content of [bytes('small'), large]) {
        const name = `blobs/${content.length}`;
        await store.create(name, content);
        await new Promise((go) => setTimeout(go, 2 * COARSE));
        const since = Date.now() - COARSE;
        expect(await store.create(name, content)).toBe('exists');
        expect(await store.remove(name, since)).toBeUndefined();
        expect(await store.remove(name, Number.NaN)).toBeUndefined();
        expect(await store.read(name)).toHaveLength(content.length);
        expect(await store.remove(name, Date.now() + COARSE)).toBe(content.length);
      }
    });

    it('can be emptied, folder by folder, and be filled again', async () => {
      const names = ['runs/r/0_0', 'runs/r/1_0', 'results/k/r.0', 'blobs/ab/abc'];
      for (let round = 0; round < 3; round++) {
        const said = await Promise.all(names.map((name) => store.create(name, bytes(name))));
        expect(new Set(said)).toEqual(new Set(['created']));
        expect(await Promise.all(names.map((name) => store.remove(name)))).toEqual(
          names.map((name) => name.length),
        );
        expect(await store.list('')).toEqual([]);
      }
    });

    it('takes 500 creates at once', async () => {
      const said = await Promise.all(
        Array.from({ length: 500 }, (_, i) => store.create(`many/${i}`, bytes(`${i}`))),
      );
      expect(new Set(said)).toEqual(new Set(['created']));
      expect(await store.list('many/')).toHaveLength(500);
    });
  });
}
