import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type ClientConnectConfig, loadClientConfigProfile, toClientOptions } from '@temporalio/envconfig';
import { Failure } from './core/outcome/failure.js';
import { DURATION, milliseconds } from './core/plan/durations.js';

/** A value that no log, error or JSON text shows. */
export class Secret<T> {
  readonly #value: T;
  constructor(value: T) {
    this.#value = value;
  }
  reveal(): T {
    return this.#value;
  }
  toString(): string {
    return '[secret]';
  }
  toJSON(): string {
    return '[secret]';
  }
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[secret]';
  }
}

/** A Temporal service to talk to. */
export interface Service {
  /** `host:port`. */
  readonly address: string;
  readonly namespace: string;
  /** TLS, API key and metadata, as a connection takes them. */
  readonly credentials: Secret<Pick<ClientConnectConfig['connectionOptions'], 'tls' | 'apiKey' | 'metadata'>>;
}

export interface Config {
  /** State: the server's file, the store, ports, logs. */
  readonly home: string;
  /** What can be fetched again: the server's binary. */
  readonly cache: string;
  readonly store: string;
  /** Folder for the workspaces of briefs. */
  readonly workspaces: string;
  /** An existing service; absent: the embedded server. */
  readonly service?: Service;
  readonly namespace: string;
  readonly model: { readonly baseURL?: string; readonly apiKey?: Secret<string> };
  /** Path of the worker's policy. */
  readonly policy?: string;
  /** What payloads are encrypted with, the first for what is new; absent: they are plain. At least one. */
  readonly payloadKeys?: readonly PayloadKey[];
  /** URL of the module whose functions `call` may name. */
  readonly functions?: string;
  /** The supervisor stops after so long without an open run or a client. */
  readonly idleMinutes: number;
  /** `full` survives power loss too, at the price of an fsync per write of the server. */
  readonly durability: 'normal' | 'full';
  /** Which runs a worker removes by itself; absent: none. Of both given, a run has to meet both to go. */
  readonly retention?: Retention;
  /** What this was read from, with paths made absolute: the environment of child processes. */
  readonly environment: Secret<Environment>;
}
/** For AES-256-GCM. */
export interface PayloadKey {
  readonly id: string;
  /** 32 bytes. */
  readonly key: Secret<Uint8Array>;
}
export interface Retention {
  /** Runs that ended longer ago, ms. */
  readonly olderThanMs?: number;
  /** All but the newest so many of each plan. */
  readonly keep?: number;
}
export type Environment = { readonly [name: string]: string };

/**
 * The only reader of the environment. `instead` holds what a command line said in place of a variable.
 * @throws Failure InvalidInput, one line for each value that will not do.
 */
export function readConfig(
  given: { readonly [name: string]: string | undefined } = process.env,
  instead: Environment = {},
): Config {
  const env = { ...given, ...instead };
  const problems: string[] = [];
  const attempt = <T>(name: string, read: (value: string) => T): T | undefined => {
    const value = env[name]?.trim();
    if (!value) return undefined;
    try {
      return read(value);
    } catch (error) {
      problems.push(`${name}: ${(error as Error).message}`);
      return undefined;
    }
  };

  const environment: { [name: string]: string } = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined) environment[name] = PATHS.test(name) && value ? resolve(value) : value;
  }
  const base = folders(env);
  const home = attempt('MUSTER_HOME', (path) => resolve(path)) ?? join(base.state, 'muster');
  const policy = attempt('MUSTER_POLICY', existing);
  const keyFile = attempt('MUSTER_CODEC_KEYS', existing);
  const payloadKeys = keyFile && attempt('MUSTER_CODEC_KEYS', readPayloadKeys);
  const functions = attempt('MUSTER_FUNCTIONS', moduleUrl);
  const baseURL = attempt('OPENAI_BASE_URL', webAddress);
  const apiKey = attempt('OPENAI_API_KEY', (key) => new Secret(key));
  const idleMinutes = attempt('MUSTER_IDLE_MINUTES', minutes) ?? 15;
  const durability = attempt('MUSTER_DURABILITY', durabilityNamed) ?? 'normal';
  const olderThanMs = attempt('MUSTER_RETENTION', duration);
  const keep = attempt('MUSTER_KEEP', countFromOne);
  const retention = {
    ...(olderThanMs === undefined ? {} : { olderThanMs }),
    ...(keep === undefined ? {} : { keep }),
  };
  let temporal: ReturnType<typeof temporalProfile> | undefined;
  try {
    temporal = temporalProfile(environment);
  } catch (error) {
    problems.push(`Temporal's settings (TEMPORAL_* or temporal.toml): ${(error as Error).message}`);
  }
  if (problems.length > 0)
    throw new Failure('InvalidInput', `Settings that will not do:\n  ${problems.join('\n  ')}`);

  Object.assign(
    environment,
    { MUSTER_HOME: home },
    policy && { MUSTER_POLICY: policy },
    keyFile && { MUSTER_CODEC_KEYS: keyFile },
    functions && { MUSTER_FUNCTIONS: functions },
  );
  return {
    home,
    cache: join(base.cache, 'muster'),
    store: join(home, 'store'),
    workspaces: join(home, 'workspaces'),
    namespace: temporal?.namespace ?? 'default',
    ...(temporal?.service ? { service: temporal.service } : {}),
    model: { ...(baseURL ? { baseURL } : {}), ...(apiKey ? { apiKey } : {}) },
    ...(policy ? { policy } : {}),
    ...(payloadKeys ? { payloadKeys } : {}),
    ...(functions ? { functions } : {}),
    idleMinutes,
    durability,
    ...(Object.keys(retention).length > 0 ? { retention } : {}),
    environment: new Secret(environment),
  };
}

/** PATH alone, for whoever needs no other setting. */
export const searchPath = (): string | undefined => process.env.PATH;

/** All of it as it is, for whoever has to keep out what it holds. */
export const environmentHere = () => new Secret(process.env);

/** Variables that hold a path, which must mean the same in a child whose working folder is another. */
const PATHS = /^TEMPORAL_(CONFIG_FILE|TLS_\w+_PATH)$/;

/** By the XDG base directory specification, which ignores relative values; else the platform's own places. */
function folders(env: { readonly [name: string]: string | undefined }): { state: string; cache: string } {
  const home = env.HOME || env.USERPROFILE || homedir();
  const local = env.LOCALAPPDATA || join(home, 'AppData', 'Local');
  const platform = {
    darwin: { state: join(home, 'Library', 'Application Support'), cache: join(home, 'Library', 'Caches') },
    win32: { state: local, cache: join(local, 'Cache') },
  }[process.platform as string] ?? { state: join(home, '.local', 'state'), cache: join(home, '.cache') };
  const absolute = (path: string | undefined) => (path && isAbsolute(path) ? path : undefined);
  return {
    state: absolute(env.XDG_STATE_HOME) ?? platform.state,
    cache: absolute(env.XDG_CACHE_HOME) ?? platform.cache,
  };
}

function temporalProfile(environment: Environment): { namespace: string; service?: Service } {
  const { connectionOptions, namespace: named } = toClientOptions(
    loadClientConfigProfile({ overrideEnvVars: environment }),
  );
  const { address, tls, apiKey, metadata } = connectionOptions;
  const namespace = named || 'default';
  if (!address) return { namespace };
  if (!/^[^\s/]+:\d{1,5}$/.test(address)) throw new Error(`the address \`${address}\` should be host:port`);
  return { namespace, service: { address, namespace, credentials: new Secret({ tls, apiKey, metadata }) } };
}

function existing(path: string): string {
  const absolute = resolve(path);
  if (!existsSync(absolute)) throw new Error(`there is no file ${absolute}`);
  return absolute;
}

function moduleUrl(place: string): string {
  return pathToFileURL(existing(place.startsWith('file:') ? fileURLToPath(place) : place)).href;
}

/** A line for each key: its id, a space, 32 bytes in base64. Of what is wrong, the place is said, and nothing of a key. */
function readPayloadKeys(path: string): PayloadKey[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  const keys = lines.flatMap((line, at): PayloadKey[] => {
    const [id = '', text = '', ...more] = line.trim().split(/\s+/);
    if (id === '' || id.startsWith('#')) return [];
    const key = Buffer.from(text, 'base64');
    if (more.length > 0 || !/^[\w.-]{1,64}$/.test(id) || key.length !== 32)
      throw new Error(
        `line ${at + 1} of ${path} should be an id and 32 bytes in base64: openssl rand -base64 32`,
      );
    return [{ id, key: new Secret(key) }];
  });
  if (keys.length === 0) throw new Error(`${path} has no key: an id and 32 bytes in base64 on a line`);
  const twice = keys.find(({ id }, at) => keys.some((other, i) => i < at && other.id === id));
  if (twice) throw new Error(`${path} has two keys called ${twice.id}`);
  return keys;
}

function webAddress(text: string): string {
  if (!URL.canParse(text) || !/^https?:/i.test(text))
    throw new Error(`\`${text}\` should begin with http:// or https://`);
  const { username, password } = new URL(text);
  if (username !== '' || password !== '')
    throw new Error(
      'an address with a user name or a password ends up in logs; a key belongs into OPENAI_API_KEY',
    );
  return text;
}

function minutes(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`\`${text}\` should be a number of minutes above 0`);
  return value;
}

function duration(text: string): number {
  if (!DURATION.test(text)) throw new Error(`\`${text}\` should be a duration, such as 30d or 12h`);
  return milliseconds(text);
}

function countFromOne(text: string): number {
  const value = Number(text);
  if (!(Number.isInteger(value) && value > 0))
    throw new Error(`\`${text}\` should be a whole number of runs, 1 or more`);
  return value;
}

function durabilityNamed(text: string): 'normal' | 'full' {
  if (text !== 'normal' && text !== 'full') throw new Error(`\`${text}\` should be normal or full`);
  return text;
}
