import { errors } from 'undici';
import { Failure, type FailureDetail } from '../../core/outcome/failure.js';
import { AddressRefused } from './httpConnect.js';
import type { Hop } from './httpRedirect.js';
import { addressRefused } from './httpTarget.js';
import { retryAfter } from './retryAfter.js';

/** Characters of a body that a message quotes. */
const QUOTED = 200;

/** Statuses below 500 that another try may mend. */
const PASSING: ReadonlySet<number> = new Set([408, 425, 429]);
/** Statuses with which a gateway says that it does not know what became of the request. */
const UNCERTAIN: ReadonlySet<number> = new Set([502, 504]);
/** Statuses whose `Retry-After` is heeded. */
const WAITING: ReadonlySet<number> = new Set([429, 503]);

/** A response whose status means no success. `said` is its body, where that is text. */
export function badStatus(
  label: string,
  { method, url }: Hop,
  {
    status,
    said,
    wait,
  }: { readonly status: number; readonly said: string; readonly wait: string | undefined },
  left: FailureDetail,
): Failure {
  const retryAfterMs = WAITING.has(status) ? retryAfter(wait, Date.now()) : undefined;
  return new Failure(
    'HttpFailed',
    `${label}: ${method} ${url.host} answered ${status}${quoted(said)} ${nextStep(status)}`,
    {
      ...left,
      permanent: status >= 300 && status < 500 && !PASSING.has(status),
      // A delay of 0 would end the tries at once.
      ...(retryAfterMs !== undefined && { retryAfterMs: Math.max(1, retryAfterMs) }),
      ...(UNCERTAIN.has(status) && { uncertain: true }),
    },
  );
}

function nextStep(status: number): string {
  if (status === 401 || status === 403) return 'Check the credentials among its headers.';
  if (status === 429) return 'It is asked again later.';
  if (status >= 500 || PASSING.has(status)) return 'Try again later.';
  if (status === 404 || status === 410)
    return `Check the address, or list ${status} under \`okStatus\` if it means success.`;
  return `Check the request, or list ${status} under \`okStatus\` if it means success.`;
}

/** The beginning of a body as one line. */
function quoted(said: string): string {
  const text = said
    .slice(0, 8 * QUOTED)
    .replace(/[\s\p{C}]+/gu, ' ')
    .trim();
  if (text === '') return '.';
  return `, saying: ${(text.length <= QUOTED ? text : `${text.slice(0, QUOTED - 1)}…`).replace(/\.$/, '')}.`;
}

/** What the certificate of a server is refused for (`X509_verify_cert_error_string`, and Node's own). */
const CERTIFICATE: { readonly [code: string]: string } = {
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  CERT_REVOKED: 'its certificate was revoked',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it signed its certificate itself',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is signed by somebody this worker does not know',
  UNABLE_TO_GET_ISSUER_CERT: 'its certificate is signed by somebody this worker does not know',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is signed by somebody this worker does not know',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'it does not send the whole chain of its certificate',
};

/** What keeps a request from being sent at all. */
const UNSENT: { readonly [code: string]: string } = {
  EAI_AGAIN: 'its name could not be looked up just now',
  ECONNREFUSED: 'nothing listens there',
  EHOSTUNREACH: 'no way leads there',
  ENETUNREACH: 'no way leads there',
  ENOTFOUND: 'there is no host of that name',
  EPROTO: 'it speaks no TLS there',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it speaks no TLS there',
  UND_ERR_CONNECT_TIMEOUT: 'no connection came about within 10 s',
};

const BROKEN: { readonly [code: string]: string } = {
  ECONNRESET: 'the connection broke off',
  EPIPE: 'the connection broke off',
  ETIMEDOUT: 'the connection fell silent',
  UND_ERR_HEADERS_OVERFLOW: 'its headers are too long',
  UND_ERR_SOCKET: 'the connection broke off',
};

/** A request that came to no response, or to none that is whole; rethrows what is no matter of the network. */
export function noResponse(
  label: string,
  { method, url }: Hop,
  error: unknown,
  left: FailureDetail,
): Failure {
  if (error instanceof AddressRefused)
    return new Failure('CommandNotAllowed', `${label}: ${addressRefused(error.host, error.address)}`);
  const noHttp = error instanceof errors.HTTPParserError;
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (code === '' && !noHttp) throw error;
  const fails = (why: string, next: string, detail: FailureDetail) =>
    new Failure('HttpFailed', `${label}: ${method} ${url.host} failed: ${why}. ${next}`, {
      ...left,
      ...detail,
    });
  if (CERTIFICATE[code] !== undefined) {
    return fails(
      CERTIFICATE[code],
      'Have it mended there, or give the worker its issuer by NODE_EXTRA_CA_CERTS.',
      { permanent: true },
    );
  }
  if (UNSENT[code] !== undefined) return fails(UNSENT[code], 'Check the address and the network.', {});
  const why = noHttp ? 'what it sends is no HTTP' : (BROKEN[code] ?? `${message} (${code})`);
  return fails(why, 'Whether the request had an effect is not known.', { uncertain: true });
}
