import { once } from 'node:events';
import { chmodSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Config } from '../../src/config.js';
import { cachedBinary, find, locate } from '../../src/temporal/locate.js';
import { Unreachable } from '../../src/temporal/unreachable.js';
import { homes } from './home.js';

const { config, folder, clear } = homes();
afterAll(clear);

/** Proxies nobody listens on: the SDK's download cannot reach the internet, and fails at once. */
const OFFLINE = { HTTPS_PROXY: 'http://127.0.0.1:9', HTTP_PROXY: 'http://127.0.0.1:9', NO_PROXY: '' };

/** A machine whose PATH holds nothing but these commands. */
function machine(commands: { readonly [name: string]: string }, extra = {}): Config {
  const bin = join(folder(), 'bin');
  mkdirSync(bin);
  for (const [name, script] of Object.entries(commands)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  for (const tool of ['sleep', 'chmod']) symlinkSync(`/bin/${tool}`, join(bin, tool));
  return config({ PATH: bin, XDG_CACHE_HOME: folder(), ...OFFLINE, ...extra });
}

describe('a server', () => {
  it('is the service that is named, before anything on this machine', () => {
    const found = find(machine({ temporal: '' }, { TEMPORAL_ADDRESS: 'a:1' }));
    expect(found).toMatchObject({ how: 'service', service: { address: 'a:1' } });
  });

  it('is the command on PATH, before the cached one', () => {
    const here = machine({ temporal: '' });
    cache(here);
    expect(find(here)).toEqual({
      how: 'path',
      binary: join(here.environment.reveal().PATH ?? '', 'temporal'),
    });
  });

  it('is the cached one, unless that is not a program', async () => {
    const here = machine({});
    cache(here);
    expect(await locate(here)).toEqual({ how: 'cache', binary: cachedBinary(here) });
    chmodSync(cachedBinary(here), 0o644);
    expect(find(here)).toBeUndefined();
  });

  it('is built by Go within seconds of the download proving impossible, once for all who wait', async () => {
    const calls = join(folder(), 'calls');
    const here = machine({
      go: `echo "$@" >> ${calls}\nsleep 1\necho built > "$GOBIN/temporal"\nchmod +x "$GOBIN/temporal"`,
    });
    const from = performance.now();
    const said: string[] = [];
    const all = await Promise.all([1, 2, 3].map(() => locate(here, (line) => said.push(line))));
    expect(all.map(({ how }) => how).sort()).toEqual(['cache', 'cache', 'go']);
    expect(performance.now() - from).toBeLessThan(20_000);
    expect(readFileSync(calls, 'utf8')).toBe('install -v github.com/temporalio/cli/cmd/temporal@v1.5.1\n');
    expect(readFileSync(cachedBinary(here), 'utf8')).toBe('built\n');
    expect(readdirSync(join(here.cache, 'bin')).sort()).toEqual(['install.3', 'temporal-1.5.1']);
    expect(said.filter((line) => line.startsWith('Another process'))).toHaveLength(2);
  });

  it('is not waited for where the download hangs', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const proxy = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const error = await locate(machine({}, { HTTPS_PROXY: proxy })).catch((e: unknown) => e);
    silent.close();
    expect((error as Error).message).toContain('https://temporal.download (no answer for 10 s)');
  });

  it('that cannot be had is an error with the five ways to get one, and why each way failed', async () => {
    const here = machine({ go: 'echo "go: no such host" >&2; exit 1' });
    const error = await locate(here).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(Unreachable);
    const lines = (error as Error).message.split('\n');
    expect(lines).toHaveLength(6);
    expect(lines[1]).toContain('TEMPORAL_ADDRESS');
    expect(lines[2]).toContain('`temporal` command on PATH');
    expect(lines[3]).toContain(cachedBinary(here));
    expect(lines[4]).toMatch(/https:\/\/temporal\.download \(.+\)/);
    expect(lines[5]).toContain('temporal@v1.5.1 (go: no such host)');
    const without = await locate(machine({})).catch((e: unknown) => e);
    expect((without as Error).message).toContain('(go is not on PATH)');
  });
});

function cache(here: Config): void {
  mkdirSync(join(here.cache, 'bin'), { recursive: true });
  writeFileSync(cachedBinary(here), '', { mode: 0o755 });
}
