import { isIP } from 'node:net';
import { allowedHost, hostName, hostRefused } from './hosts.js';
import { KIND_WORDS, kindOf, type Permits, permitting, publicOnly } from './httpAddress.js';
import type { Policy } from './policy.js';

/** The addresses that a plan's requests may go to; `inline` is one that came without a file. */
export const permitsFor = (policy: Policy, inline: boolean): Permits =>
  inline && !policy.inlineCommands ? publicOnly : permitting(policy.privateAddresses);

/**
 * Why this worker may not talk to `url`, as far as its text tells; undefined where it may. What a name leads to
 * is only seen when it is connected to.
 */
export function targetRefused(policy: Policy, permits: Permits, url: URL): string | undefined {
  if (!allowedHost(policy, url)) return hostRefused(policy, url);
  const host = hostName(url);
  const address = addressIn(host);
  return address === undefined || permits(host, address) ? undefined : addressRefused(host, address);
}

/** What to tell whoever asked for a host that leads where this worker may not go. */
export const addressRefused = (host: string, address: string): string =>
  `\`${host}\` leads to ${KIND_WORDS[kindOf(address)]}, where this worker's requests may not go. Use another host, or ask whoever runs the worker to allow this one under \`privateAddresses\`, for plans that have a file.`;

/** The address that a host is, or means everywhere (RFC 6761, 6.3). */
function addressIn(host: string): string | undefined {
  const literal = host.replace(/^\[(.*)\]$/, '$1');
  if (isIP(literal) !== 0) return literal;
  return /(^|\.)localhost$/.test(host) ? '127.0.0.1' : undefined;
}
