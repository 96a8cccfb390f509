import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.js';
import { Failure } from '../../src/core/outcome/failure.js';

const folder = mkdtempSync(join(tmpdir(), 'muster-config-'));
const bare = { HOME: folder };

describe('settings', () => {
  it.runIf(process.platform === 'linux')('lie in the XDG folders, or under MUSTER_HOME', () => {
    expect(readConfig(bare)).toMatchObject({
      home: join(folder, '.local/state/muster'),
      cache: join(folder, '.cache/muster'),
      store: join(folder, '.local/state/muster/store'),
    });
    const xdg = { ...bare, XDG_STATE_HOME: '/s', XDG_CACHE_HOME: '/c' };
    expect(readConfig(xdg)).toMatchObject({ home: '/s/muster', cache: '/c/muster' });
    expect(readConfig({ ...xdg, MUSTER_HOME: '/m' })).toMatchObject({ home: '/m', store: '/m/store' });
    expect(readConfig({ ...bare, XDG_STATE_HOME: 'relative' }).home).toBe(
      join(folder, '.local/state/muster'),
    );
  });

  it('take the embedded server unless an address is given', () => {
    expect(readConfig(bare)).toMatchObject({ namespace: 'default', idleMinutes: 15, durability: 'normal' });
    expect(readConfig(bare).service).toBeUndefined();
    expect(readConfig({ ...bare, TEMPORAL_ADDRESS: '' }).service).toBeUndefined();
    const { service } = readConfig({
      ...bare,
      TEMPORAL_ADDRESS: 'cloud:7233',
      TEMPORAL_NAMESPACE: 'n',
      TEMPORAL_API_KEY: 'k',
    });
    expect(service).toMatchObject({ address: 'cloud:7233', namespace: 'n' });
    expect(service?.credentials.reveal()).toMatchObject({ apiKey: 'k', tls: true });
  });

  it('take the address from a profile of temporal.toml, the named one or the default', () => {
    const file = join(folder, 'temporal.toml');
    writeFileSync(
      file,
      '[profile.default]\naddress = "a:1"\n[profile.prod]\naddress = "b:2"\nnamespace = "p"\n',
    );
    const env = { ...bare, TEMPORAL_CONFIG_FILE: file };
    expect(readConfig(env).service).toMatchObject({ address: 'a:1', namespace: 'default' });
    expect(readConfig({ ...env, TEMPORAL_PROFILE: 'prod' }).service).toMatchObject({
      address: 'b:2',
      namespace: 'p',
    });
    expect(() => readConfig({ ...env, TEMPORAL_PROFILE: 'absent' })).toThrow(/Profile 'absent' not found/);
  });

  it('remove no run unless told which, by age, by number or both', () => {
    expect(readConfig(bare).retention).toBeUndefined();
    expect(readConfig({ ...bare, MUSTER_RETENTION: '' }).retention).toBeUndefined();
    expect(readConfig({ ...bare, MUSTER_RETENTION: '30d' }).retention).toEqual({
      olderThanMs: 30 * 86_400_000,
    });
    expect(readConfig({ ...bare, MUSTER_RETENTION: '12h', MUSTER_KEEP: '7' }).retention).toEqual({
      olderThanMs: 12 * 3_600_000,
      keep: 7,
    });
  });

  it('never print a key, by whatever way they are printed', () => {
    const config = readConfig({
      ...bare,
      OPENAI_API_KEY: 'sk-1',
      TEMPORAL_ADDRESS: 'a:1',
      TEMPORAL_API_KEY: 'tk-2',
    });
    expect(config.model.apiKey?.reveal()).toBe('sk-1');
    const printed = [
      JSON.stringify(config),
      inspect(config, { depth: 9, showHidden: true }),
      `${config.model.apiKey}`,
    ];
    for (const text of printed) expect(text).not.toMatch(/sk-1|tk-2/);
  });

  it('that will not do are all told at once, a line each', () => {
    const failure = caught(() =>
      readConfig({
        ...bare,
        OPENAI_BASE_URL: 'localhost',
        MUSTER_POLICY: '/nowhere/policy.yaml',
        MUSTER_FUNCTIONS: '/nowhere/functions.mjs',
        MUSTER_IDLE_MINUTES: 'soon',
        MUSTER_DURABILITY: 'best',
        MUSTER_RETENTION: 'a month',
        MUSTER_KEEP: '0',
        TEMPORAL_ADDRESS: 'http://x',
      }),
    );
    expect(failure.type).toBe('InvalidInput');
    expect(failure.message.split('\n').slice(1)).toEqual([
      '  MUSTER_POLICY: there is no file /nowhere/policy.yaml',
      '  MUSTER_FUNCTIONS: there is no file /nowhere/functions.mjs',
      '  OPENAI_BASE_URL: `localhost` should begin with http:// or https://',
      '  MUSTER_IDLE_MINUTES: `soon` should be a number of minutes above 0',
      '  MUSTER_DURABILITY: `best` should be normal or full',
      '  MUSTER_RETENTION: `a month` should be a duration, such as 30d or 12h',
      '  MUSTER_KEEP: `0` should be a whole number of runs, 1 or more',
      "  Temporal's settings (TEMPORAL_* or temporal.toml): the address `http://x` should be host:port",
    ]);
  });

  it('mean the same to a child that works in another folder', () => {
    const functions = join(folder, 'functions.mjs');
    writeFileSync(functions, '');
    const environment = readConfig({
      ...bare,
      MUSTER_HOME: 'here',
      MUSTER_FUNCTIONS: functions,
    }).environment.reveal();
    expect(environment.MUSTER_HOME).toBe(join(process.cwd(), 'here'));
    expect(readConfig(environment).functions).toBe(`file://${functions}`);
  });
});

function caught(run: () => unknown): Failure {
  try {
    run();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
