import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { hostPattern, isRange, nameFits } from './hosts.js';
import type { Policy } from './policy.js';

/*
 * 1. What is not known to be an address of the public internet is refused.
 * 2. An IPv4 address that IPv6 wraps counts as what it leads to.
 * 3. Where a cloud gives out the credentials of its machines is allowed by that very address only.
 */

type Address = ipaddr.IPv4 | ipaddr.IPv6;
/** A range as its first address and how many bits of it count. */
type Range = readonly [Address, number];
export type AddressKind = 'public' | 'own' | 'private' | 'link-local' | 'metadata' | 'reserved';

/** Link-local, unique-local, shared and even public addresses at which clouds answer their own machines. */
const METADATA: ReadonlySet<string> = new Set([
  ...['169.254.169.254', 'fd00:ec2::254', 'fd20:ce::254'],
  // Credentials of containers and pods.
  ...['169.254.170.2', '169.254.170.23', 'fd00:ec2::23'],
  // Alibaba, Azure, Oracle.
  ...['100.100.100.200', '168.63.129.16', '192.0.0.192'],
]);

/** Of IPv6 only this part is given out for the public internet (RFC 4291, 2.4). */
const GLOBAL = ipaddr.IPv6.parseCIDR('2000::/3');

/** Any other range is reserved for something that is no service: examples, tests, many at once, tunnels. */
const KINDS: { readonly [range: string]: AddressKind } = {
  loopback: 'own',
  unspecified: 'own',
  private: 'private',
  uniqueLocal: 'private',
  carrierGradeNat: 'private',
  deprecatedSiteLocal: 'private',
  linkLocal: 'link-local',
};

/** As the end of a sentence. */
export const KIND_WORDS: { readonly [kind in AddressKind]: string } = {
  public: 'a public address',
  own: 'an address of the worker’s own machine',
  private: 'a private address',
  'link-local': 'a link-local address',
  metadata: 'an address at which a cloud gives out credentials',
  reserved: 'a reserved address',
};

export const kindOf = (address: string): AddressKind => {
  const read = addressOf(address);
  return read ? kind(read) : 'reserved';
};

function kind(address: Address): AddressKind {
  if (METADATA.has(address.toString())) return 'metadata';
  const range = address.range();
  if (range !== 'unicast') return KINDS[range] ?? 'reserved';
  return address.kind() === 'ipv4' || address.match(GLOBAL) ? 'public' : 'reserved';
}

/** Whether a host may be connected to at an address. */
export type Permits = (host: string, address: string) => boolean;

export const publicOnly: Permits = (_, address) => kindOf(address) === 'public';

/** Public addresses, and besides what the policy allows. */
export function permitting(privateAddresses: Policy['privateAddresses']): Permits {
  const entries = typeof privateAddresses === 'boolean' ? [] : privateAddresses;
  const ranges = entries.filter(isRange).map(rangeOf);
  const names = entries.flatMap((entry) => (isRange(entry) ? [] : (hostPattern(entry) ?? [])));
  return (host, text) => {
    const address = addressOf(text);
    if (!address) return false;
    const listed = (least = 0) =>
      ranges.some(
        ([start, bits]) => bits >= least && start.kind() === address.kind() && address.match(start, bits),
      );
    switch (kind(address)) {
      case 'public':
        return true;
      case 'metadata':
        return listed(bitsOf(address));
      case 'reserved':
        return listed();
      default:
        return privateAddresses === true || listed() || names.some((name) => nameFits(name, host));
    }
  };
}

/** What `entry` stands for where it {@link isRange}. */
function rangeOf(entry: string): Range {
  const [start = '', bits] = entry.split('/');
  const address = ipaddr.parse(start);
  return [address, bits === undefined ? bitsOf(address) : Number(bits)];
}

const bitsOf = (address: Address): number => 8 * address.toByteArray().length;

/** Without a zone; an IPv4 address that IPv6 wraps is that address. */
function addressOf(text: string): Address | undefined {
  const version = isIP(text);
  if (version === 0) return;
  // The library takes `::1.2.3.4` for a mapped address; in the form that URLs have nothing is left to guess.
  const plain = version === 4 ? text : new URL(`http://[${text.replace(/%.*$/, '')}]`).hostname.slice(1, -1);
  const bytes = ipaddr.parse(plain).toByteArray();
  const wrapped = WRAPPINGS.some((prefix) => prefix.every((byte, i) => bytes[i] === byte));
  return ipaddr.fromByteArray(wrapped ? bytes.slice(12) : bytes);
}

/** `::ffff:0:0/96` (RFC 4291, 2.5.5.2) and NAT64's `64:ff9b::/96` (RFC 6052). */
const WRAPPINGS = ['::ffff:0:0', '64:ff9b::'].map((prefix) =>
  ipaddr.parse(prefix).toByteArray().slice(0, 12),
);
