import { Failure } from '../../core/outcome/failure.js';
import { HEADER_TEXT, type HttpWork } from '../../core/plan/render.js';
import type { Task } from '../../ports/executor.js';
import type { Env } from './commandEnv.js';
import { allowedSecret, envRefused, type Policy } from './policy.js';
import { LEAST_LENGTH } from './secrets.js';

/** As they are sent, names in lower case. */
export interface Headers {
  readonly [name: string]: string;
}

/**
 * Reads the secrets of a request, now that it is sent.
 * @throws Failure `CommandNotAllowed`, or `HttpFailed` where the environment has no such secret
 */
export function readHeaders(
  { label, work }: Pick<Task<HttpWork>, 'label' | 'work'>,
  { policy, env }: { readonly policy: Policy; readonly env: Env },
): Headers {
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
    return [name, `${header.prefix ?? ''}${secret}`];
  });
  return Object.fromEntries(headers);
}

function flawOf(secret: string): string | undefined {
  if (secret === '') return 'is not set on this worker. Set it, and start the worker again.';
  if (secret.length < LEAST_LENGTH)
    return `has fewer than ${LEAST_LENGTH} characters, too few to be kept secret. What is none belongs into the plan.`;
  if (!HEADER_TEXT.test(secret))
    return 'holds a line break or a sign that is no plain ASCII, which a header cannot carry. Correct it, and start the worker again.';
  return;
}
