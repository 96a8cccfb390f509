import { BlockList } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kindOf, permitting, publicOnly } from '../../../src/adapters/executors/httpAddress.js';

/** What IANA's registries of special-purpose addresses hold beyond the public internet, and multicast. */
const SPECIAL4 = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12'],
  ...['192.0.0.0/24', '192.0.2.0/24', '192.31.196.0/24', '192.52.193.0/24', '192.88.99.0/24'],
  ...['192.168.0.0/16', '192.175.48.0/24', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24'],
  ...['224.0.0.0/4', '240.0.0.0/4', '168.63.129.16/32'],
];
const SPECIAL6 = [
  ...['::/96', '::ffff:0:0:0/96', '64:ff9b:1::/48', '100::/64', '2001::/23', '2001:db8::/32', '2002::/16'],
  ...['3fff::/20', '5f00::/16', 'fc00::/7', 'fe80::/10', 'fec0::/10', 'ff00::/8'],
];
const listed = new BlockList();
for (const range of SPECIAL4) listed.addSubnet(...split(range), 'ipv4');
function split(range: string): [string, number] {
  const [start = '', bits] = range.split('/');
  return [start, Number(bits)];
}

const octets = fc.array(fc.nat(255), { minLength: 4, maxLength: 4 });
const v4 = octets.map((bytes) => bytes.join('.'));
const groups = fc.array(fc.nat(0xffff), { minLength: 8, maxLength: 8 });
/** An address of a range: its first bits, then anything. */
const within = (range: string) => {
  const [start, bits] = split(range);
  const six = start.includes(':');
  const size = six ? 128 : 32;
  const first = six ? bits6(start) : bits4(start);
  return fc.bigInt({ min: 0n, max: (1n << BigInt(size - bits)) - 1n }).map((rest) => text(first | rest, six));
};
const bits4 = (address: string) => address.split('.').reduce((all, byte) => (all << 8n) | BigInt(byte), 0n);
function bits6(address: string): bigint {
  const [head = '', tail = ''] = address.split('::');
  const parts = (half: string) => half.split(':').filter(Boolean);
  const zeros = Array(8 - parts(head).length - parts(tail).length).fill('0');
  const all = address.includes('::') ? [...parts(head), ...zeros, ...parts(tail)] : parts(address);
  return all.reduce((sum, part) => (sum << 16n) | BigInt(`0x${part}`), 0n);
}
function text(value: bigint, six: boolean): string {
  const [count, width, base] = six ? [8, 16n, 16] : [4, 8n, 10];
  const parts = Array.from({ length: count }, (_, i) =>
    ((value >> (width * BigInt(count - 1 - i))) & ((1n << width) - 1n)).toString(base),
  );
  return parts.join(six ? ':' : '.');
}

describe('an address is public', () => {
  it('in IPv4 where no registry says otherwise', () => {
    fc.assert(
      fc.property(fc.oneof(v4, ...SPECIAL4.map(within)), (address) => {
        expect(kindOf(address) === 'public').toBe(!listed.check(address));
      }),
      { numRuns: 3000 },
    );
  });

  it('in IPv6 never in a special range, nor outside of what is given out', () => {
    fc.assert(
      fc.property(fc.oneof(...SPECIAL6.map(within)), (address) => {
        expect(kindOf(address)).not.toBe('public');
      }),
      { numRuns: 2000 },
    );
    fc.assert(
      fc.property(groups, (parts) => {
        const given = (parts[0]! & 0xe000) === 0x2000;
        const address = parts.map((part) => part.toString(16)).join(':');
        if (!given && !address.startsWith('64:ff9b:0:0:0:0')) expect(kindOf(address)).not.toBe('public');
      }),
      { numRuns: 2000 },
    );
  });

  it('where IPv6 wraps it as where it stands for itself', () => {
    fc.assert(
      fc.property(fc.oneof(v4, ...SPECIAL4.map(within)), (address) => {
        for (const prefix of ['::ffff:', '64:ff9b::', '0:0:0:0:0:FFFF:'])
          expect(kindOf(`${prefix}${address}`)).toBe(kindOf(address));
        for (const prefix of ['::', '::ffff:0:', '64:ff9b:1::'])
          expect(kindOf(`${prefix}${address}`)).not.toBe('public');
        const [a, b, c, d] = address.split('.').map((byte) => Number(byte).toString(16).padStart(2, '0'));
        expect(kindOf(`2002:${a}${b}:${c}${d}::1`)).not.toBe('public');
      }),
      { numRuns: 1000 },
    );
  });

  it.each(['8.8.8.8', '1.1.1.1', '104.16.0.1', '2606:4700::1111', '2a00:1450:4001::8a', '2620:fe::fe'])(
    'as %s is',
    (address) => expect(kindOf(address)).toBe('public'),
  );

  it('where it is one at all', () => {
    for (const none of ['', 'localhost', '0x7f.1', '127.1', '2130706433', '0177.0.0.1', '1.2.3.4.5', '::g'])
      expect([kindOf(none), publicOnly('x', none), permitting(true)('x', none)]).toEqual([
        'reserved',
        false,
        false,
      ]);
  });
});

describe('addresses that are not public', () => {
  const METADATA = ['169.254.169.254', 'fd00:ec2::254', 'fd20:ce::254', '100.100.100.200', '168.63.129.16'];
  const PRIVATE = [
    '127.0.0.1',
    '10.1.2.3',
    '192.168.0.1',
    '169.254.1.1',
    '::1',
    'fd12::1',
    'fe80::1',
    '100.64.0.1',
  ];
  const RESERVED = [
    '224.0.0.1',
    '255.255.255.255',
    '192.0.2.1',
    '198.18.0.1',
    '2001:db8::1',
    '2002:7f00:1::',
    'ff02::1',
  ];

  it('are refused unless something is said', () => {
    const permits = permitting(false);
    for (const address of [...METADATA, ...PRIVATE, ...RESERVED])
      expect(permits('x.test', address)).toBe(false);
    expect(permits('x.test', '8.8.8.8')).toBe(true);
  });

  it('are allowed altogether, but for those of nobody and those that give out credentials', () => {
    const permits = permitting(true);
    for (const address of PRIVATE) expect(permits('x.test', address)).toBe(true);
    for (const address of [...METADATA, ...RESERVED]) expect(permits('x.test', address)).toBe(false);
    for (const wrapped of ['::ffff:169.254.169.254', '64:ff9b::a9fe:a9fe'])
      expect(permits('x.test', wrapped)).toBe(false);
  });

  it('are allowed by range', () => {
    const permits = permitting(['10.0.0.0/8', '::1', '198.18.0.0/15']);
    for (const address of ['10.0.0.1', '10.255.255.255', '::1', '::ffff:10.0.0.1', '198.19.0.1'])
      expect(permits('x.test', address)).toBe(true);
    for (const address of ['11.0.0.1 ', '127.0.0.1', '::2', 'fd00::1'])
      expect(permits('x.test', address)).toBe(false);
  });

  it('are allowed by the host that leads to them, and to no other host', () => {
    const permits = permitting(['localhost', '*.corp.test']);
    expect(permits('localhost', '127.0.0.1')).toBe(true);
    expect(permits('a.b.corp.test', '10.0.0.1')).toBe(true);
    expect(permits('corp.test', '10.0.0.1')).toBe(false);
    expect(permits('localhost.evil.test', '127.0.0.1')).toBe(false);
    for (const address of [...METADATA, ...RESERVED]) expect(permits('localhost', address)).toBe(false);
  });

  it('that give out credentials are allowed by nothing but their own name', () => {
    for (const address of METADATA) {
      const all = ['0.0.0.0/0', '::/0', '169.254.0.0/16', '169.254.169.254/31', 'fd00::/8'];
      expect(permitting(all)('metadata.test', address)).toBe(false);
      expect(permitting([address])('metadata.test', address)).toBe(true);
    }
  });
});
