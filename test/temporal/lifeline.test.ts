import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';

const orphan = fileURLToPath(new URL('../../.cache/entry/orphan.mjs', import.meta.url));
let worker: ChildProcess | undefined;

beforeAll(async () => {
  const entry = fileURLToPath(new URL('./orphan.ts', import.meta.url));
  await build({ entryPoints: [entry], outfile: orphan, bundle: true, platform: 'node', format: 'esm' });
});
afterEach(() => worker?.kill('SIGKILL'));

function started(when: 'early' | 'late') {
  worker = fork(orphan, [when]);
  return { worker, ended: once(worker, 'exit') };
}

describe('a worker whose supervisor goes', () => {
  it('is told when it works already', async () => {
    const { worker, ended } = started('early');
    const [news] = await once(worker, 'message');
    expect(news).toEqual({ kind: 'ready' });
    worker.disconnect();
    expect(await ended).toEqual([7, null]);
  }, 20_000);

  it('is told also where that was before it listened', async () => {
    const { worker, ended } = started('late');
    await once(worker, 'spawn');
    worker.disconnect();
    expect(await ended).toEqual([7, null]);
  }, 20_000);
});
