import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, buildConnector } from 'undici';
import type { Permits } from './httpAddress.js';

/** Every address of a host. */
export type Resolve = (host: string) => Promise<readonly LookupAddress[]>;

/** From the name to a connection that is ready, TLS included, ms. */
const CONNECT_MS = 10_000;

/** A host leads, or one of its addresses does, where a request may not go. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
  constructor(
    readonly host: string,
    readonly address: string,
  ) {
    super(`${host} leads to ${address}`);
  }
}

const asTheSystemDoes: Resolve = (host) => lookup(host, { all: true });

/**
 * Connections to permitted addresses only. A host is looked up once for each, every address it has is checked, and
 * those very addresses are connected to: a name that means something else a moment later has no second chance.
 * The environment's proxies are not used, and a request may take its time: its signal ends it.
 */
export function pinnedAgent(permits: Permits, resolve: Resolve = asTheSystemDoes): Agent {
  const check = (hostname: string, address: string) => {
    const host = hostname.replace(/\.$/, '');
    if (!permits(host, address)) throw new AddressRefused(host, address);
  };
  const checked = async (hostname: string): Promise<LookupAddress[]> => {
    const addresses = await resolve(hostname);
    for (const { address } of addresses) check(hostname, address);
    return [...addresses];
  };
  const pinned: LookupFunction = (hostname, { all }, callback) => {
    checked(hostname).then(
      (addresses) => {
        const [first] = addresses;
        if (!first)
          callback(Object.assign(new Error(`${hostname} has no address`), { code: 'ENOTFOUND' }), '');
        else if (all) callback(null, addresses);
        else callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, ''),
    );
  };
  const connect = buildConnector({ timeout: CONNECT_MS, lookup: pinned, autoSelectFamily: true });
  return new Agent({
    headersTimeout: 0,
    bodyTimeout: 0,
    connect(options, callback) {
      const { hostname } = options;
      try {
        // What is an address already is never looked up.
        if (isIP(hostname) !== 0) check(hostname, hostname);
      } catch (error) {
        callback(error as Error, null);
        return;
      }
      connect(options, callback);
    },
  });
}
