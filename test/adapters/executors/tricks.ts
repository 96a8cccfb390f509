/** What asking an address of the worker's own machine may look like. */
export interface Trick {
  readonly what: string;
  /** The address to ask, given the port of the canary and that of a server which redirects. */
  url(canary: number, redirector: number): string;
  /** Addresses by name: each look-up takes the next list, the last one over and over. */
  readonly names?: { readonly [name: string]: readonly (readonly string[])[] };
  /** How `public.test` redirects, from one place to the next. */
  redirects?(canary: number): readonly (readonly [status: number, location: string])[];
  /** Asked so often, by one executor. */
  readonly times?: number;
  /** Would reach the canary if nothing but the check of addresses were missing; `6`: where this machine has IPv6. */
  readonly reaches?: true | 6;
}

/** A global address that nobody was given, and that leads nowhere. */
export const NOBODY = '2d00::7';
const LOOP = '127.0.0.1';

const written = (what: string, host: string, reaches?: Trick['reaches']): Trick => ({
  what,
  url: (port) => `http://${host}:${port}/`,
  ...(reaches && { reaches }),
});
const whole = (what: string, url: (port: number) => string, reaches?: Trick['reaches']): Trick => ({
  what,
  url,
  ...(reaches && { reaches }),
});
const named = (
  what: string,
  lookups: readonly (readonly string[])[],
  more: Partial<Trick> = { reaches: true },
): Trick => ({ what, url: (port) => `http://name.test:${port}/`, names: { 'name.test': lookups }, ...more });
const redirected = (
  what: string,
  redirects: NonNullable<Trick['redirects']>,
  more: Partial<Trick> = { reaches: true },
): Trick => ({ what, url: (_, port) => `http://public.test:${port}/0`, redirects, ...more });

const numbers: readonly Trick[] = [
  written('as it is', LOOP, true),
  written('another of the same machine', '127.1.2.3'),
  written('as one decimal number', '2130706433', true),
  written('as one octal number', '017700000001', true),
  written('as one hexadecimal number', '0x7f000001', true),
  written('with an octal part', '0177.0.0.1', true),
  written('with an octal part of many zeros', '0000000177.0.0.1', true),
  written('with hexadecimal parts', '0x7f.0x0.0x0.0x1', true),
  written('with two parts, one hexadecimal', '0x7F.1', true),
  written('with two parts', '127.1', true),
  written('with three parts', '127.0.1', true),
  written('as zero', '0', true),
  written('as four zeros', '0.0.0.0', true),
  written('with a dot at its end', '127.0.0.1.', true),
  written('in full-width digits', '１２７．０．０．１', true),
  written('with ideographic full stops', '127。0｡0。1', true),
  written('in circled digits', '①②⑦.⓪.⓪.①', true),
  written('in mathematical digits', '𝟏𝟐𝟕.𝟎.𝟎.𝟏', true),
  written('percent-encoded', '%31%32%37.0.0.1', true),
  written('with percent-encoded dots', '127%2E0%2e0%2E1', true),
  written('with a soft hyphen', '127.0.0\u00ad.1', true),
  written('with a zero-width space', '127.0\u200b.0.1', true),
  whole('with a tab in it', (port) => `http://127.0\t.0.1:${port}/`, true),
  whole('with line breaks in it', (port) => `ht\ntp://127.0.0.1\r\n:${port}/`, true),
  whole('with blanks around it', (port) => `  http://127.0.0.1:${port}/  `, true),
  whole('with backslashes', (port) => `http:\\\\127.0.0.1:${port}\\x`, true),
  whole('with one slash', (port) => `http:/127.0.0.1:${port}/`, true),
  whole('without a slash', (port) => `http:127.0.0.1:${port}/`, true),
  whole('with many slashes', (port) => `http://///127.0.0.1:${port}/`, true),
  whole('in capitals', (port) => `HTTP://0X7F.0.0.1:${port}/`, true),
];

const version6: readonly Trick[] = [
  written('IPv6', '[::1]', 6),
  written('IPv6, written out', '[0:0:0:0:0:0:0:1]', 6),
  written('IPv6, unspecified', '[::]', 6),
  written('IPv4-mapped', '[::ffff:127.0.0.1]', 6),
  written('IPv4-mapped, in hexadecimal', '[::ffff:7f00:1]', 6),
  written('IPv4-mapped, unspecified', '[::ffff:0:0]', 6),
  written('IPv4-compatible', '[::127.0.0.1]'),
  written('IPv4-translated', '[::ffff:0:7f00:1]'),
  written('NAT64', '[64:ff9b::127.0.0.1]'),
  written('NAT64 of a local prefix', '[64:ff9b:1::7f00:1]'),
  written('6to4', '[2002:7f00:1::]'),
  written('Teredo', '[2001:0:4136:e378:8000:63bf:80ff:fffe]'),
  written('link-local', '[fe80::1]'),
  written('with a zone', '[fe80::1%25lo]'),
];

const namesAndUsers: readonly Trick[] = [
  { ...written('localhost', 'localhost', true), names: { localhost: [[LOOP]] } },
  { ...written('localhost in capitals', 'LocalHost', true), names: { localhost: [[LOOP]] } },
  { ...written('localhost with a dot', 'localhost.', true), names: { 'localhost.': [[LOOP]] } },
  { ...written('below localhost', 'x.y.localhost', true), names: { 'x.y.localhost': [[LOOP]] } },
  { ...written('localhost, percent-encoded', '%6c%6fcalhost', true), names: { localhost: [[LOOP]] } },
  { ...written('localhost in full width', 'ｌｏｃａｌｈｏｓｔ', true), names: { localhost: [[LOOP]] } },
  written('behind a user', `public.test@${LOOP}`),
  written('behind a user and a password', `public.test:80@${LOOP}`),
  written('behind a percent-encoded user', `public.test%2f%40@${LOOP}`),
  written('behind two users', `a@public.test@${LOOP}`),
  whole('before a backslash and a user', (port) => `http://${LOOP}:${port}\\@public.test/`, true),
  whole('before a fragment and a user', (port) => `http://${LOOP}:${port}#@public.test/`, true),
  whole('before a query and a user', (port) => `http://${LOOP}:${port}?@public.test/`, true),
  whole('by ftp', (port) => `ftp://${LOOP}:${port}/`),
  whole('by gopher', (port) => `gopher://${LOOP}:${port}/_GET%20/`),
  whole('by a web socket', (port) => `ws://${LOOP}:${port}/`),
  whole('by a socket’s path', (port) => `http+unix://%2ftmp%2f${port}.sock/`),
  whole('as a file', (port) => `file://${LOOP}:${port}/etc/passwd`),
  whole('as a file of this machine', () => 'file:///etc/passwd'),
  whole('as data', (port) => `data:text/html,<img src=http://${LOOP}:${port}>`),
  whole('as a script', (port) => `javascript:fetch('http://${LOOP}:${port}')`),
];

const lookedUp: readonly Trick[] = [
  named('a name that leads there', [[LOOP]]),
  named('a name that leads to zero', [['0.0.0.0']]),
  named('a name that leads there by IPv6', [['::1']], { reaches: 6 }),
  named('a name that leads there by a mapped address', [['::ffff:127.0.0.1']], { reaches: 6 }),
  named('a name with two addresses, the second of them this', [[NOBODY, LOOP]]),
  named('a name with two addresses, the first of them this', [[LOOP, NOBODY]]),
  named('a name with many addresses', [[...Array(20).fill(NOBODY), LOOP]], {}),
  named('a name that means something else the second time', [[NOBODY], [LOOP]], { times: 2, reaches: true }),
  named('a name that changes its mind each time', [[NOBODY], [LOOP], [NOBODY], [LOOP]], {
    times: 4,
    reaches: true,
  }),
  named('a name that leads to no address at all', [['0177.0.0.1'], ['localhost']], { times: 2 }),
  {
    ...written('a name that looks like an address', '127.0.0.1.nip.test', true),
    names: { '127.0.0.1.nip.test': [[LOOP]] },
  },
  {
    ...written('a name that has the trusted one in it', 'public.test.evil.test', true),
    names: { 'public.test.evil.test': [[LOOP]] },
  },
  {
    ...written('a name that ends like the trusted one', 'evilpublic.test', true),
    names: { 'evilpublic.test': [[LOOP]] },
  },
];

const sentOn: readonly Trick[] = [
  ...[301, 302, 303, 307, 308].map((status) =>
    redirected(`a redirect by ${status}`, (port) => [[status, `http://${LOOP}:${port}/`]]),
  ),
  redirected('a redirect without a scheme', (port) => [[302, `//${LOOP}:${port}/`]]),
  redirected('a redirect with backslashes', (port) => [[302, `/\\${LOOP}:${port}/`]]),
  redirected('a redirect with three slashes', (port) => [[302, `///${LOOP}:${port}/`]]),
  redirected('a redirect to a decimal number', (port) => [[302, `http://2130706433:${port}/`]]),
  redirected('a redirect to IPv6', (port) => [[302, `http://[::1]:${port}/`]], { reaches: 6 }),
  redirected('a redirect to a mapped address', (port) => [[302, `http://[::ffff:7f00:1]:${port}/`]], {
    reaches: 6,
  }),
  redirected('a redirect to localhost', (port) => [[302, `http://localhost:${port}/`]], {
    names: { localhost: [[LOOP]] },
    reaches: true,
  }),
  redirected('a redirect to a name that leads there', (port) => [[302, `http://name.test:${port}/`]], {
    names: { 'name.test': [[LOOP]] },
    reaches: true,
  }),
  redirected('a redirect to another port of the trusted name', (port) => [
    [302, `http://public.test:${port}/`],
  ]),
  redirected('a chain of redirects', (port) => [
    [301, '/1'],
    [302, '/2'],
    [307, '/3'],
    [308, `http://${LOOP}:${port}/`],
  ]),
  redirected('a redirect behind a user', (port) => [[302, `http://public.test@${LOOP}:${port}/`]], {}),
  redirected(
    'a redirect without a scheme, behind a user',
    (port) => [[302, `//public.test@${LOOP}:${port}/`]],
    {},
  ),
  redirected('a redirect by ftp', (port) => [[302, `ftp://${LOOP}:${port}/`]], {}),
  redirected('a redirect to a file', () => [[302, 'file:///etc/passwd']], {}),
  redirected(
    'a redirect that never ends',
    () => Array.from({ length: 50 }, (_, i) => [302, `/${i + 1}`]),
    {},
  ),
];

export const TRICKS: readonly Trick[] = [...numbers, ...version6, ...namesAndUsers, ...lookedUp, ...sentOn];
