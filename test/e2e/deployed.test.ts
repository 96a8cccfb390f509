import { execFile, execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { readConfig } from '../../src/config.js';
import { locate } from '../../src/temporal/locate.js';
import { tagOf } from '../deploy/files.js';
import { type Ended, itEmbedded, type Place, place } from '../support/muster.js';

let here: Place;
afterEach(() => here?.close());

const HEALTHY = fileURLToPath(new URL('../../deploy/healthy.mjs', import.meta.url));
const healthy = (env = here.env) =>
  new Promise<Pick<Ended, 'code' | 'stderr'>>((resolve) => {
    execFile(process.execPath, [HEALTHY], { env }, (error, _, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stderr }),
    );
  });

it('the image is healthy while a worker of it polls, and says what is missing while it is not', async () => {
  here = place();
  const alone = await healthy();
  expect(alone.code).toBe(1);
  expect(alone.stderr).toMatch(/No worker of \S+ polls muster-[0-9a-f]+\./);
  await here.worker();
  await expect.poll(healthy, { timeout: 10_000 }).toEqual({ code: 0, stderr: '' });
  const cut = await healthy({ ...here.env, TEMPORAL_ADDRESS: '127.0.0.1:9' });
  expect(cut).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('No Temporal answers at 127.0.0.1:9'),
  });
});

itEmbedded(
  'server and web UI in docker-compose.yml are the versions that Muster brings up',
  async ({ skip }) => {
    const located = await locate(readConfig({ ...process.env, TEMPORAL_ADDRESS: '' }));
    if (located.how === 'service') throw new Error('There is a service in temporal.toml.');
    skip(located.how === 'path', 'the `temporal` on PATH may be another one');
    const version = execFileSync(located.binary, ['--version'], { encoding: 'utf8' });
    expect(version).toContain(`(Server ${tagOf('temporal')}, UI ${tagOf('ui')})`);
  },
);
