import { isAbsolute } from 'node:path';
import { type Env, named, USUAL } from './commandEnv.js';
import type { Policy } from './policy.js';
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

/** Of a variable that nobody need list to tell that it holds one. */
const SAYS_SO = /(KEY|TOKEN|SECRET|PASSWORD|PASSWD|PWD|PASSPHRASE|CREDENTIAL)S?$/i;

/**
 * The secrets of a worker: what its policy lets plans name, less `plainEnv`; what is called a key, a token or the like;
 * passwords within addresses; the key of its model.
 */
export function secretsOf({
  policy,
  env,
  model = {},
}: {
  readonly policy: Pick<Policy, 'env' | 'plainEnv'>;
  readonly env: Env;
  readonly model?: Pick<Provider, 'apiKey'>;
}): Secrets {
  const isPlain = (name: string) => named([...USUAL, 'PATH', ...policy.plainEnv], name);
  const isSecret = (name: string, value: string) =>
    named(policy.env, name) || (SAYS_SO.test(name) && !isAbsolute(value));
  const found = Object.entries({ ...env, ...(model.apiKey && { OPENAI_API_KEY: model.apiKey }) }).flatMap(
    ([name, given = '']): Secret[] => {
      const value = given.trim();
      if (value === '' || isPlain(name)) return [];
      const password = passwordIn(value);
      return [
        ...(isSecret(name, value) ? [{ name, value }] : []),
        ...(password.length >= LEAST_LENGTH ? [{ name, value: password }] : []),
      ];
    },
  );
  return {
    secrets: found.filter(({ value }) => value.length >= LEAST_LENGTH),
    short: found
      .filter(({ name, value }) => value.length < LEAST_LENGTH && named(policy.env, name))
      .map(({ name }) => name),
  };
}

/** Of an address such as `postgres://me:password@host/`; empty where there is none. */
function passwordIn(value: string): string {
  if (!/^[a-z][\w+.-]*:\/\/[^/]*@/i.test(value) || !URL.canParse(value)) return '';
  const { password } = new URL(value);
  try {
    return decodeURIComponent(password);
  } catch {
    return password;
  }
}
