import type { Json } from '../../core/outcome/canonical.js';
import { Failure } from '../../core/outcome/failure.js';
import { HEADER_TEXT, type HttpWork } from '../../core/plan/render.js';
import type { Task } from '../../ports/executor.js';
import type { Env } from './commandEnv.js';
import { allowedSecret, envRefused, type Policy } from './policy.js';

/** Shorter ones would be found in texts that have nothing to do with them. */
export const LEAST_LENGTH = 8;
/** Of a secret that is cut off, what is long enough to be worth taking out. */
const LEAST_BEGINNING = 4;
const INSTEAD = '[secret]';

/** Headers as they are sent, names in lower case, and what takes their secrets out of whatever comes back. */
export interface Secrets {
  readonly headers: { readonly [name: string]: string };
  readonly hide: Hide;
}
export interface Hide {
  /** `cut`: a text that may end within a secret. */
  text(text: string, cut?: boolean): string;
  value(value: Json): Json;
}

/**
 * Reads the secrets of a request, now that it is sent.
 * @throws Failure `CommandNotAllowed`, or `HttpFailed` where the environment has no such secret
 */
export function readSecrets(
  { label, work }: Pick<Task<HttpWork>, 'label' | 'work'>,
  { policy, env }: { readonly policy: Policy; readonly env: Env },
): Secrets {
  const secrets: string[] = [];
  const headers = work.headers.map((header) => {
    const name = header.name.toLowerCase();
    if ('text' in header) return [name, header.text];
    if (!allowedSecret(policy, header.env, work.inline ?? false))
      throw new Failure('CommandNotAllowed', `${label}: ${envRefused(header.env)}`);
    const secret = env[header.env] ?? '';
    const flaw = flawOf(secret);
    if (flaw !== undefined)
      throw new Failure('HttpFailed', `${label}: the environment variable \`${header.env}\` ${flaw}`, {
        permanent: true,
      });
    secrets.push(secret);
    return [name, `${header.prefix ?? ''}${secret}`];
  });
  return { headers: Object.fromEntries(headers), hide: hiding(secrets) };
}

function flawOf(secret: string): string | undefined {
  if (secret === '') return 'is not set on this worker. Set it, and start the worker again.';
  if (secret.length < LEAST_LENGTH)
    return `has fewer than ${LEAST_LENGTH} characters, too few to be kept secret. What is none belongs into the plan.`;
  if (!HEADER_TEXT.test(secret))
    return 'holds a line break or a sign that is no plain ASCII, which a header cannot carry. Correct it, and start the worker again.';
  return;
}

/** Takes secrets out as they are, as JSON has them, and as addresses and forms do. */
export function hiding(secrets: readonly string[]): Hide {
  const forms = [
    ...new Set(secrets.flatMap((s) => [s, JSON.stringify(s).slice(1, -1), encodeURIComponent(s)])),
  ].sort((a, b) => b.length - a.length);
  const text = (given: string, cut = false): string => {
    const hidden = forms.reduce((rest, form) => rest.replaceAll(form, INSTEAD), given);
    return cut ? forms.reduce(withoutBeginning, hidden) : hidden;
  };
  const value = (given: Json): Json => {
    if (typeof given === 'string') return text(given);
    if (given === null || typeof given !== 'object') return given;
    if (Array.isArray(given)) return given.map(value);
    return Object.fromEntries(Object.entries(given).map(([key, inner]) => [text(key), value(inner)]));
  };
  return forms.length === 0 ? { text: (given) => given, value: (given) => given } : { text, value };
}

/** A text less what of the secret it ends with. */
function withoutBeginning(text: string, secret: string): string {
  for (let length = secret.length - 1; length >= LEAST_BEGINNING; length--)
    if (text.endsWith(secret.slice(0, length))) return text.slice(0, -length) + INSTEAD;
  return text;
}
