import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compose, dockerfile, root, textOf } from './files.js';

const all = (name: string) => dockerfile.filter((one) => one.name === name).map(({ rest }) => rest);
const last = (name: string) => all(name).at(-1) ?? '';
const manifest = JSON.parse(textOf('package.json'));

describe('the image', () => {
  it('is made of one Node, pinned, that Muster runs on', () => {
    const versions = all('FROM').map(
      (rest) => /^node:(\d+\.\d+\.\d+)-bookworm-slim( AS build)?$/.exec(rest)?.[1],
    );
    expect(new Set(versions).size).toBe(1);
    const [major = 0, minor = 0] = (versions[0] ?? '').split('.').map(Number);
    expect(manifest.engines.node).toBe('>=20.19.0');
    expect(major > 20 || (major === 20 && minor >= 19)).toBe(true);
  });

  it('copies only what is there, and nothing else of the folder gets in', () => {
    const [everything, ...let_in] = textOf('.dockerignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(everything).toBe('*');
    const copied = all('COPY')
      .filter((rest) => !rest.startsWith('--from'))
      .flatMap((rest) => rest.split(' ').slice(0, -1));
    for (const path of copied) expect(existsSync(join(root, path)), path).toBe(true);
    expect(let_in.sort()).toEqual([...new Set(copied)].map((path) => `!${path}`).sort());
  });

  it('runs as nobody special, without what only development needs, and holds no secret', () => {
    expect(last('USER')).toBe('node');
    const afterBuild = dockerfile.slice(dockerfile.findLastIndex((one) => one.name === 'FROM'));
    const installs = afterBuild.filter(({ rest }) => rest.includes('npm ci'));
    expect(installs.map(({ rest }) => rest)).toEqual([expect.stringContaining('--omit=dev')]);
    expect(textOf('Dockerfile')).not.toMatch(/(KEY|PASSWORD|TOKEN|SECRET)/);
  });

  it('starts the command line as a worker, and asks after its health', () => {
    expect(JSON.parse(last('ENTRYPOINT'))).toEqual(['node', `/opt/muster/${manifest.bin.muster}`]);
    expect(JSON.parse(last('CMD'))).toEqual(['worker']);
    const [, check] = /CMD (\[.*\])$/.exec(last('HEALTHCHECK')) ?? [];
    expect(JSON.parse(check ?? '')).toEqual(['node', '/opt/muster/deploy/healthy.mjs']);
  });

  it('keeps its state where the volume is', () => {
    const home = compose.services.worker?.environment.MUSTER_HOME;
    expect(last('ENV')).toContain(`MUSTER_HOME=${home}`);
    expect(all('RUN').join()).toContain(`install -d -o node -g node -m 0700 ${home}`);
    expect(compose.services.worker?.volumes?.[1]).toMatch(new RegExp(`:${last('WORKDIR')}$`));
  });
});
