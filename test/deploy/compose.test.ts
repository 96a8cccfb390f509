import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type Config, readConfig } from '../../src/config.js';
import { DYNAMIC } from '../../src/temporal/server.js';
import { WORKER_TUNING } from '../../src/workerOn.js';
import { compose, dockerfile, root, tagOf, textOf } from './files.js';

const services = Object.entries(compose.services);
const lasting = services.filter(([, { restart }]) => restart === 'unless-stopped');
const once = services.filter(([, { restart }]) => restart.startsWith('on-failure'));
const names = (all: typeof services) => all.map(([name]) => name).sort();

describe('docker-compose.yml', () => {
  it('has the services that it is said to have', () => {
    expect(names(lasting)).toEqual(['postgresql', 'temporal', 'ui', 'worker']);
    expect(names(once)).toEqual(['namespace', 'schema']);
    expect(services).toHaveLength(6);
  });

  it('publishes on loopback only, and the database not at all', () => {
    const published = services.flatMap(([, { ports = [] }]) => ports);
    expect(published).toHaveLength(2);
    for (const port of published) expect(port).toMatch(/^127\.0\.0\.1:/);
    expect(compose.services.postgresql?.ports).toBeUndefined();
  });

  it('lets nobody near the database but Temporal and its schema, and it nowhere', () => {
    expect(compose.networks.database).toEqual({ internal: true });
    expect(names(services.filter(([, { networks }]) => networks.includes('database')))).toEqual([
      'postgresql',
      'schema',
      'temporal',
    ]);
    expect(compose.services.postgresql?.networks).toEqual(['database']);
  });

  it('holds no password, and takes none that is empty or missing', () => {
    const secret = services.flatMap(([, { environment }]) =>
      Object.entries(environment).filter(([name]) => /PASSWORD|SECRET|TOKEN|KEY/.test(name)),
    );
    expect(secret.map(([name]) => name).sort()).toEqual([
      'MUSTER_CODEC_KEYS',
      'OPENAI_API_KEY',
      'POSTGRES_PASSWORD',
      'SQL_PASSWORD',
      'SQL_PASSWORD',
    ]);
    for (const [name, value] of secret)
      if (name.endsWith('PASSWORD')) expect(value).toMatch(/^\$\{MUSTER_DB_PASSWORD:\?[^}]+\}$/);
      else expect(value).toBe(`\${${name}:-}`);
    expect(textOf('.gitignore').split('\n')).toContain('.env');
  });

  it('pins every image to one version', () => {
    const images = services.flatMap(([, { image }]) => image ?? []);
    expect(images).toHaveLength(5);
    for (const image of images) expect(image).toMatch(/^[a-z]+(\/[a-z-]+)?:\d+\.\d+(\.\d+)?(-[\w.-]+)?$/);
    expect(tagOf('schema')).toBe(tagOf('namespace'));
    expect(tagOf('schema').split('-')[0]).toBe(tagOf('temporal'));
  });

  it.each(names(lasting))('%s is looked after, bounded, and may do nothing it does not need', (name) => {
    const service = compose.services[name];
    if (!service) throw new Error(name);
    const { healthcheck, build } = service;
    expect(
      healthcheck?.test[0] ?? (build && dockerfile.find((one) => one.name === 'HEALTHCHECK')?.rest),
    ).toMatch(/CMD/);
    expect(service).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      mem_limit: expect.stringMatching(/\d[gm]\}?$/),
      pids_limit: expect.any(Number),
      logging: { options: { 'max-size': expect.any(String), 'max-file': expect.any(String) } },
    });
  });

  it.each(names(once))('%s is waited for until it has done its work', (name) => {
    const waiting = services.filter(([, { depends_on = {} }]) => depends_on[name]);
    expect(waiting).not.toEqual([]);
    for (const [, { depends_on = {} }] of waiting)
      expect(depends_on[name]).toEqual({ condition: 'service_completed_successfully' });
  });

  it('waits for health, not for a start, everywhere else', () => {
    for (const [, { depends_on = {} }] of services)
      for (const [name, { condition }] of Object.entries(depends_on))
        if (names(lasting).includes(name)) expect(condition).toBe('service_healthy');
  });

  it('keeps database and state in volumes, and mounts only what is there', () => {
    expect(Object.keys(compose.volumes).sort()).toEqual(['database', 'state']);
    expect(compose.services.postgresql?.volumes).toEqual(['database:/var/lib/postgresql/data']);
    expect(compose.services.worker?.volumes?.[0]).toBe(
      `state:${compose.services.worker?.environment.MUSTER_HOME}`,
    );
    const files = services.flatMap(([, { volumes = [] }]) => volumes.filter((one) => one.startsWith('./')));
    expect(files).toHaveLength(3);
    for (const file of files) {
      expect(file).toMatch(/:ro$/);
      expect(existsSync(join(root, file.split(':')[0] ?? '')), file).toBe(true);
    }
  });

  it('gives a worker the time that it takes to hand back what runs', () => {
    const seconds = (duration: string | undefined) => Number(/^(\d+)s$/.exec(duration ?? '')?.[1]);
    expect(seconds(compose.services.worker?.stop_grace_period)).toBeGreaterThan(
      seconds(WORKER_TUNING.shutdownForceTime),
    );
  });
});

/** Settings of a supervisor, which no container is. */
const NOT_A_WORKERS = ['MUSTER_DURABILITY', 'MUSTER_IDLE_MINUTES'];

describe("the worker's environment", () => {
  const given = Object.keys(compose.services.worker?.environment ?? {});
  const here = fileURLToPath(import.meta.url);
  const folder = mkdtempSync(join(tmpdir(), 'muster-compose-'));
  const keys = join(folder, 'keys');
  writeFileSync(keys, `2026-11 ${Buffer.alloc(32, 1).toString('base64')}\n`);
  afterAll(() => rmSync(folder, { recursive: true }));
  const VALUES: { readonly [name: string]: string } = {
    MUSTER_POLICY: here,
    MUSTER_FUNCTIONS: here,
    OPENAI_BASE_URL: 'http://models',
    MUSTER_RETENTION: '30d',
    MUSTER_KEEP: '5',
    MUSTER_CODEC_KEYS: keys,
  };
  const bare = { HOME: root, TEMPORAL_ADDRESS: 'temporal:7233' };
  const meaning = ({ environment: _, ...config }: Config) =>
    JSON.stringify({ ...config, key: config.model.apiKey?.reveal() });

  it.each(given)('%s is read, and changes something', (name) => {
    const { [name as keyof typeof bare]: __, ...without } = bare;
    const changed = readConfig({ ...without, [name]: VALUES[name] ?? 'other:1' });
    expect(meaning(changed)).not.toBe(meaning(readConfig(without)));
  });

  it('says all that a worker can be told, but for a Temporal elsewhere', () => {
    const read = textOf('src/config.ts').match(/\b(MUSTER|OPENAI)_[A-Z_]+\b/g) ?? [];
    const own = given.filter((name) => !name.startsWith('TEMPORAL_'));
    expect([...own, ...NOT_A_WORKERS].sort()).toEqual([...new Set(read)].sort());
  });

  it('may be left to itself: what is not set is empty, and empty is unset', () => {
    const unset = Object.entries(compose.services.worker?.environment ?? {}).map(([name, value]) => [
      name,
      value.replace(/^\$\{\w+:-(.*)\}$/, '$1'),
    ]);
    const config = readConfig({ HOME: root, ...Object.fromEntries(unset) });
    expect(config).toMatchObject({ home: '/var/lib/muster', namespace: 'default', model: {} });
    expect(config.service?.address).toBe('temporal:7233');
    expect([config.policy, config.functions]).toEqual([undefined, undefined]);
  });
});

describe('the files of Temporal', () => {
  it('the dynamic settings are those of the embedded server', () => {
    const dynamic = parse(textOf('deploy/temporal/dynamic.yaml')) as { [key: string]: { value: unknown }[] };
    const settings = Object.entries(dynamic).flatMap(([key, values]) =>
      values.map(({ value }) => `${key}=${value}`),
    );
    expect(settings.sort()).toEqual([...DYNAMIC].sort());
  });

  it('the server gets every variable that its file asks for, and no other', () => {
    const asked = [...textOf('deploy/temporal/server.yaml').matchAll(/env "(\w+)"( \| default)?/g)];
    const { environment = {} } = compose.services.temporal ?? {};
    const all = new Set(asked.map(([, name]) => name));
    for (const name of Object.keys(environment)) expect([...all]).toContain(name);
    for (const [, name = '', preset] of asked) if (!preset) expect(Object.keys(environment)).toContain(name);
  });

  it('its file is found where the server is told to look', () => {
    const { command = [], volumes = [], environment = {} } = compose.services.temporal ?? {};
    const [, top, , folder, , name] = command;
    const mounted = volumes[0]?.split(':') ?? [];
    expect(mounted[1]).toBe(`${top}/${folder}`);
    expect(existsSync(join(root, mounted[0] ?? '', `${name}.yaml`))).toBe(true);
    expect(
      existsSync(join(root, (environment.DYNAMIC_CONFIG ?? '').replace(mounted[1] ?? '', mounted[0] ?? ''))),
    ).toBe(true);
  });

  it.each(names(once))('%s runs a script that is there, and gets what that asks for', (name) => {
    const { entrypoint = [], volumes = [], environment = {} } = compose.services[name] ?? {};
    const [from = '', to = ''] = volumes[0]?.split(':') ?? [];
    const script = textOf((entrypoint[1] ?? '').replace(to, from));
    // Those in capitals come from outside; one with `:-` has a value of its own.
    for (const [, asked, preset] of script.matchAll(/\$\{?([A-Z_]{2,}\b)(:-)?/g))
      if (!preset) expect(Object.keys(environment)).toContain(asked);
  });

  it('docs/deploy.md tells of every variable that can be set', () => {
    const settable = new Set(
      [...textOf('docker-compose.yml').matchAll(/\$\{(\w+):/g)].map(([, name]) => name),
    );
    const told = textOf('docs/deploy.md');
    for (const name of settable) expect(told).toContain(`\`${name}\``);
    expect(settable.size).toBe(13);
  });
});

/** The programs that read the file: the one that is a plugin of docker, and the older one. */
const PROGRAMS = [['docker', 'compose'], ['docker-compose']] as const;
const isHere = ([program, ...args]: readonly [string, ...string[]]) =>
  spawnSync(program, [...args, 'version'], { stdio: 'ignore' }).status === 0;

describe.each(PROGRAMS.map((words) => ({ words, name: words.join(' ') })))('$name', ({ words, name }) => {
  const config = (password: { readonly [name: string]: string }) => {
    const [program, ...args] = words;
    const folder = mkdtempSync(join(tmpdir(), 'muster-compose-'));
    const file = join(folder, 'empty.env');
    writeFileSync(file, '');
    const { MUSTER_DB_PASSWORD: _, ...env } = process.env;
    try {
      return execFileSync(program, [...args, '--env-file', file, 'config'], {
        cwd: root,
        env: { ...env, ...password },
        encoding: 'utf8',
        stdio: 'pipe',
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  };

  it('takes the file with a password', ({ skip }) => {
    skip(!isHere(words), `${name} is not on this machine`);
    const taken = parse(config({ MUSTER_DB_PASSWORD: 'of-the-test' })) as typeof compose;
    expect(Object.keys(taken.services).sort()).toEqual(services.map(([service]) => service).sort());
    expect(taken.services.postgresql?.environment.POSTGRES_PASSWORD).toBe('of-the-test');
  });

  it('refuses it without one, or with an empty one, and says why', ({ skip }) => {
    skip(!isHere(words), `${name} is not on this machine`);
    expect(() => config({})).toThrow(/docs\/deploy\.md says how to set it/);
    expect(() => config({ MUSTER_DB_PASSWORD: '' })).toThrow(/docs\/deploy\.md says how to set it/);
  });
});
