import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { endOf, type Place, place } from '../support/muster.js';

let here: Place;
beforeEach(() => {
  here = place();
});
afterEach(() => here.close());

/** What does the work of each. */
const BODIES = {
  role: ['roles/my_own.md'],
  executor: ['index.mjs'],
  plan: ['plan.yaml', 'tools/headings.mjs'],
  worker: ['functions.mjs', 'worker.mjs'],
} as const;

describe('muster create', () => {
  for (const [kind, bodies] of Object.entries(BODIES))
    it(`writes the beginning of a ${kind} that installs, passes its tests, and fails them without its body`, async () => {
      const created = await here.muster('create', kind, 'my_own');
      expect(created, created.stderr).toMatchObject({ code: 0 });
      const folder = join(here.folder, 'my_own');
      const npm = (...args: string[]) => endOf('npm', args, { env: here.env, cwd: folder });
      const installed = await npm('install', '--no-audit', '--no-fund');
      expect(installed.code, installed.stderr).toBe(0);
      const tested = await npm('test');
      expect(tested.code, tested.stdout).toBe(0);
      expect(tested.stdout).toMatch(/# pass [1-9]/);
      for (const body of bodies) {
        const text = here.read(join('my_own', body));
        writeFileSync(join(folder, body), '');
        expect((await npm('test')).code, `${body} is empty`).not.toBe(0);
        writeFileSync(join(folder, body), text);
      }
    });

  it('writes nothing where something is already, or what it is named will not do', async () => {
    here.write('taken', 'mine');
    const names = { taken: /cannot be made/, 'Not-a-name': /is no name/ };
    for (const [name, says] of Object.entries(names)) {
      const { code, stderr } = await here.muster('create', 'plan', name);
      expect([code, stderr]).toEqual([2, expect.stringMatching(says)]);
    }
    const within = await here.muster('create', 'plan', 'fine', '--out', '.');
    expect(within).toMatchObject({ code: 2, stderr: expect.stringMatching(/holds something already/) });
    expect(readdirSync(here.folder)).toEqual(['taken']);
  });
});
