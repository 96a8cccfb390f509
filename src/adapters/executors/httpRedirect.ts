import type { HttpMethod } from '../../core/plan/executor.js';
import type { HttpWork } from '../../core/plan/render.js';

/** One request on the way to a response. */
export interface Hop {
  readonly method: HttpMethod;
  readonly url: URL;
  readonly body?: string;
  /** A redirect has led away from the origin that the plan names: neither headers of the plan nor a body go along. */
  readonly strayed: boolean;
}

export const MAX_REDIRECTS = 5;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

export const firstHop = ({ method, body }: HttpWork, url: URL): Hop => ({
  method,
  url,
  ...(body !== undefined && { body }),
  strayed: false,
});

/** Why nobody is talked to at such an address, whatever a policy allows, as the end of a sentence. */
export function badUrl(url: URL): string | undefined {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return `\`${url.protocol}\` is not spoken here`;
  return url.username === '' && url.password === '' ? undefined : 'it has a user name or a password in it';
}

/**
 * Where a response sends its reader (RFC 9110, 15.4): the next hop, or why it is not taken, as the end of a sentence;
 * undefined where the response is no redirect.
 */
export function redirected(hop: Hop, status: number, location: string | undefined): Hop | string | undefined {
  if (!REDIRECTS.has(status) || location === undefined) return undefined;
  if (!URL.canParse(location, hop.url.href)) return 'to what is no address';
  const url = new URL(location, hop.url);
  const bad = badUrl(url);
  if (bad !== undefined) return `to an address that is not followed: ${bad}`;
  if (hop.url.protocol === 'https:' && url.protocol === 'http:')
    return `from https to http, where anybody on the way could read it`;
  const strays = url.origin !== hop.url.origin;
  const strayed = hop.strayed || strays;
  const asks = hop.method === 'GET' || hop.method === 'HEAD';
  if (!asks && (status === 303 || (hop.method === 'POST' && status <= 302)))
    return { method: 'GET', url, strayed };
  if (!asks && strays)
    return `to \`${url.host}\`, and ${hop.method} is not repeated at another place. Write that address into the plan, if it is to be trusted`;
  return { ...hop, url, strayed };
}
