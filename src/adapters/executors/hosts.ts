import { isIP } from 'node:net';
import type { Policy } from './policy.js';

/** A name, or all names below one, as a policy lists them. */
export interface HostPattern {
  readonly name: string;
  /** Any name below this one, and not this one itself. */
  readonly below: boolean;
  /** Empty: the one that the scheme implies. */
  readonly port: string;
}

const ENTRY = /^(?<below>\*\.)?(?<host>\[[^\]]+\]|[^:]+)(?::(?<port>\d+|\*))?$/;

/** `api.example.com`, `*.example.com`, either with `:8443` or `:*`; undefined where an entry is neither. */
export function hostPattern(entry: string): HostPattern | undefined {
  const { below, host = '', port = '' } = ENTRY.exec(entry)?.groups ?? {};
  // A URL parser would cut off what does not belong to a host.
  if (/[/?#@\\\s*]/.test(host) || !URL.canParse(`http://${host}`)) return;
  return { name: hostName(new URL(`http://${host}`)), below: below !== undefined, port };
}

/** Whether an entry is an address, or a range of them as `10.0.0.0/8`. */
export function isRange(entry: string): boolean {
  const [start = '', bits, ...more] = entry.split('/');
  const longest = { 4: 32, 6: 128 }[isIP(start)];
  if (longest === undefined || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= longest);
}

/** In lower case, in ASCII, numbers of an address in their usual form, without a dot at the end. */
export const hostName = ({ hostname }: URL): string => hostname.replace(/\.$/, '');

/** Whether a plan may talk to the host and port of `url`. What its address is stays to be seen. */
export function allowedHost({ hosts }: Pick<Policy, 'hosts'>, url: URL): boolean {
  if (hosts === '*') return true;
  const host = hostName(url);
  const implied = url.protocol === 'https:' ? '443' : '80';
  const port = url.port === '' ? implied : url.port;
  return hosts.some((entry) => {
    const pattern = hostPattern(entry);
    if (!pattern || !nameFits(pattern, host)) return false;
    return pattern.port === '*' || port === (pattern.port || implied);
  });
}

export const nameFits = ({ name, below }: HostPattern, host: string): boolean =>
  below ? host.endsWith(`.${name}`) : host === name;

/** What to tell whoever asked for a host that is not allowed. */
export function hostRefused({ hosts }: Pick<Policy, 'hosts'>, url: URL): string {
  const allowed = hosts.length === 0 ? 'no host' : `only ${[...hosts].join(', ')}`;
  return `this worker may not talk to \`${url.host}\`; its policy allows ${allowed}. Use one of these, or ask whoever runs the worker to allow it.`;
}
