import { APIConnectionError, APIError } from 'openai';
import { Failure, type FailureDetail } from '../../core/outcome/failure.js';
import type { Redactor } from '../../ports/redactor.js';
import { retryAfter } from './retryAfter.js';

export interface Asked {
  readonly label: string;
  readonly model: string;
  /** Host of the provider, for messages. */
  readonly host: string;
  readonly redactor: Redactor;
}

/** Error codes, by which a provider says in the middle of a stream what it else says by a status. */
const STATUS_OF_CODE: { readonly [code: string]: number } = {
  rate_limit_exceeded: 429,
  insufficient_quota: 429,
  invalid_api_key: 401,
};

/** Whatever the client threw, as a failure a person can act on; `left` is what there was of an answer. */
export function askFailed(asked: Asked, error: unknown, left: FailureDetail): Failure {
  const { label, model, host } = asked;
  // What cannot be read is quoted by its beginning, and half a secret is found by nobody.
  if (error instanceof SyntaxError)
    return new Failure(
      'ModelUnavailable',
      `${label}: ${host} sent what is no JSON in the middle of an answer. Try again later.`,
      left,
    );
  if (!(error instanceof APIError) || error instanceof APIConnectionError) {
    return new Failure(
      'ModelUnavailable',
      `${label}: the connection to ${host} failed (${rootMessage(error)}). Check the address and the network.`,
      { ...left, cause: error },
    );
  }
  const status = error.status ?? STATUS_OF_CODE[error.code ?? ''];
  const says = said(asked, error);
  const retryAfterMs = retryAfter(error.headers?.get('retry-after'), Date.now());
  const detail = { ...left, ...(retryAfterMs !== undefined && { retryAfterMs }) };
  if (status === 401 || status === 403) {
    // What a provider says to a wrong key may quote the key.
    return new Failure(
      'ModelAuth',
      `${label}: ${host} did not accept the key (${status}). Check OPENAI_API_KEY, and that it may use ${model}.`,
      left,
    );
  }
  if (status === 429) {
    const spent = error.code === 'insufficient_quota';
    const next = spent ? 'Add credit there, or use another key.' : 'It is asked again later.';
    return new Failure('ModelRateLimited', `${label}: rate limited by ${host}${says} ${next}`, {
      ...detail,
      ...(spent && { permanent: true }),
    });
  }
  if (status === 400 || status === 404 || status === 413 || status === 422) {
    return new Failure(
      'InvalidInput',
      `${label}: ${host} does not take this request for ${model} (${status})${says} Change the brief or its model.`,
      left,
    );
  }
  const how = status === undefined ? 'broke off with an error' : `failed (${status})`;
  return new Failure('ModelUnavailable', `${label}: ${host} ${how}${says} Try again later.`, detail);
}

/** What the provider said, shortened, with nothing of the key in it. */
function said({ redactor }: Asked, error: APIError): string {
  const body = error.error as { message?: unknown } | undefined;
  if (typeof body?.message !== 'string') return '.';
  return `: ${redactor.text(body.message).trim().replace(/\.$/, '').slice(0, 250)}.`;
}

/** Network errors hide their reason in their cause. */
function rootMessage(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? rootMessage(cause) : message;
}
