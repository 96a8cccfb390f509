import { isAbsolute } from 'node:path';
import { type Env, named, USUAL } from './commandEnv.js';
import type { McpServer, Policy } from './policy.js';
import type { Provider } from './provider.js';

/** Shorter ones would be found in texts that have nothing to do with them. */
export const LEAST_LENGTH = 8;

export interface Secret {
  /** Of an environment variable. */
  readonly name: string;
  readonly value: string;
}
export interface Secrets {
  readonly secrets: readonly Secret[];
  /** Names of what the policy lists, and is too short to be taken out of anything. */
  readonly short: readonly string[];
}

/** Of a variable that nobody need list to tell that it holds one; a second one may have a number. */
const SAYS_SO =
  /((KEY|TOKEN|SECRET|PASSWORD|PASSWD|PWD|PASSPHRASE|CREDENTIAL)S?|(^|[_.-])(PASS|PAT|JWT))(_?\d+)?$/i;
/** The same with more after it, of which the middle says as much: `SECRET_KEY_BASE`, `DB_PASSWORD_PROD`. */
const SAYS_SO_WITHIN = /(^|_)(SECRET|PASSWORD|PASSPHRASE)_(?!.*(FILE|PATH|DIR|NAME|ID|LENGTH)$)/i;

const saysSo = (name: string) => SAYS_SO.test(name) || SAYS_SO_WITHIN.test(name);

/**
 * The secrets of a worker: what its policy lets plans name and gives to MCP servers, less `plainEnv`; what is called a key, a
 * token or the like; passwords within addresses and settings; the key of its model.
 */
export function secretsOf({
  policy,
  env,
  model = {},
}: {
  readonly policy: Pick<Policy, 'env' | 'plainEnv'> & Partial<Pick<Policy, 'tools'>>;
  readonly env: Env;
  readonly model?: Pick<Provider, 'apiKey'>;
}): Secrets {
  const listed = [...policy.env, ...Object.values(policy.tools?.mcp ?? {}).flatMap(givenTo)];
  const isPlain = (name: string) => named([...USUAL, 'PATH', ...policy.plainEnv], name);
  const isSecret = (name: string, value: string) =>
    named(listed, name) || (saysSo(name) && !isAbsolute(value));
  const found = Object.entries({ ...env, ...(model.apiKey && { OPENAI_API_KEY: model.apiKey }) }).flatMap(
    ([name, given = '']): Secret[] => {
      const value = given.trim();
      if (value === '' || isPlain(name)) return [];
      const whole = isSecret(name, value);
      const within = [...inAddresses(value), ...inSettings(value), ...(whole ? inJson(value) : [])];
      return [
        ...(whole ? [{ name, value }] : []),
        ...within.filter((one) => one.length >= LEAST_LENGTH).map((one) => ({ name, value: one })),
      ];
    },
  );
  return {
    secrets: found.filter(({ value }) => value.length >= LEAST_LENGTH),
    short: found
      .filter(({ name, value }) => value.length < LEAST_LENGTH && named(listed, name))
      .map(({ name }) => name),
  };
}

/** Names of what a server of tools gets. */
const givenTo = (server: McpServer): readonly string[] =>
  'command' in server
    ? (server.env ?? [])
    : Object.values(server.headers ?? {}).flatMap((header) =>
        typeof header === 'string' ? [] : [header.env],
      );

/** Passwords of addresses such as `postgres://me:password@host/`, and what `https://token@host/` has in place of a user. */
const inAddresses = (value: string): readonly string[] =>
  [...value.matchAll(/\b([a-z][\w+.-]*):\/\/([^\s:@/?#]*)(?::([^\s/?#]*))?@/gi)].map(
    ([, scheme = '', user = '', password]) => decoded(password ?? (/^https?$/i.test(scheme) ? user : '')),
  );

/** `Host=db;Password=…`, `host=db password=…`, `https://a.example/?api_key=…` */
const inSettings = (value: string): readonly string[] =>
  [...value.matchAll(/(?:^|[\s;?&])([\w. -]+?)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^;&\s]+))/g)].flatMap(
    ([, name = '', ...quoted]) =>
      saysSo(name.replaceAll(' ', '_')) ? [decoded(quoted.find((one) => one !== undefined)!)] : [],
  );

/** Of an account in JSON, what is called a key or the like: programs read it and go on with that alone. */
function inJson(value: string): readonly string[] {
  if (!value.startsWith('{')) return [];
  try {
    const found: string[] = [];
    JSON.parse(value, (key, inner) => {
      if (typeof inner === 'string' && saysSo(key)) found.push(inner.trim());
      return inner;
    });
    return found;
  } catch {
    return [];
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
