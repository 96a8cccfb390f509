import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { OPEN_POLICY } from '../../../src/adapters/executors/policy.js';
import { redacting } from '../../../src/adapters/executors/redacting.js';
import { redactor } from '../../../src/adapters/executors/redactor.js';
import { secretsOf } from '../../../src/adapters/executors/secrets.js';
import { Failure } from '../../../src/core/outcome/failure.js';
import type { Effect, Progress } from '../../../src/ports/executor.js';
import { asking, failureOf, taskFor } from './task.js';

const VALUE = 'tök"en/with+signs=1 & <more>';
const one = redactor([{ name: 'API_TOKEN', value: VALUE }]);
const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('a secret is found', () => {
  const forms: readonly (readonly [string, string])[] = [
    ['as it is', VALUE],
    ['in JSON', JSON.stringify({ a: VALUE })],
    ['in an address', encodeURIComponent(VALUE)],
    ['in a form', new URLSearchParams({ a: VALUE }).toString()],
    [
      'in HTML',
      VALUE.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;'),
    ],
    ['in hexadecimal', Buffer.from(VALUE).toString('hex')],
    ['in base64', base64(VALUE)],
    ['in base64, one byte before', base64(`u${VALUE}`)],
    ['in base64, two bytes before', base64(`u:${VALUE}`)],
    ['in base64, with more before and after', base64(`user:${VALUE}\nand more`)],
    ['in base64 for addresses', Buffer.from(`x${VALUE}`).toString('base64url')],
  ];
  it.each(forms)('%s', (_, form) => {
    expect(one.text(`a ${form} b`)).toContain('[secret API_TOKEN]');
    for (const part of [VALUE, VALUE.slice(4, 16), encodeURIComponent(VALUE).slice(0, 12)])
      expect(one.text(`a ${form} b`)).not.toContain(part);
  });

  const LONG = `${'a1/B+c-'.repeat(12)}é\n"q'`;
  const long = redactor([{ name: 'LONG', value: LONG }]);
  const wrapped = (text: string, columns: number, gap: string) =>
    (text.match(new RegExp(`.{1,${columns}}`, 'g')) ?? []).join(gap);
  const bytes = [...Buffer.from(LONG)];
  const written: readonly (readonly [string, string])[] = [
    ['in an address as browsers write it', new URL(`https://a.example/?b=${encodeURI(LONG)}`).href],
    ['in JSON of PHP, with its strokes escaped', JSON.stringify(LONG).replaceAll('/', '\\/')],
    ['in JSON of Python, in ASCII', JSON.stringify(LONG).replace('é', '\\u00e9')],
    ['in JSON of .NET', JSON.stringify(LONG).replaceAll('+', '\\u002B').replace('\\"', '\\u0022')],
    ['in JSON within JSON', JSON.stringify(JSON.stringify({ a: [LONG] }))],
    ['escaped twice in an address', encodeURIComponent(encodeURIComponent(LONG))],
    [
      'in HTML, by numbers',
      LONG.replace(/[^a-zA-Z0-9]/g, (sign) => `&#x${sign.codePointAt(0)!.toString(16)};`),
    ],
    ['quoted for a shell', LONG.replace(/[^a-zA-Z0-9\n]/g, '\\$&')],
    ['in CSV', `"${LONG.replaceAll('"', '""')}"`],
    ['as Node shows a string', inspect({ a: LONG })],
    ['in base64, wrapped', wrapped(Buffer.from(LONG).toString('base64'), 76, '\n')],
    [
      'in base64, wrapped and in JSON',
      JSON.stringify(wrapped(Buffer.from(`xy${LONG}`).toString('base64'), 64, '\r\n')),
    ],
    ['in base64, in an address', encodeURIComponent(Buffer.from(`x${LONG}`).toString('base64'))],
    ['in hexadecimal, wrapped', wrapped(Buffer.from(LONG).toString('hex'), 60, '\n')],
    ['as Node shows bytes', `<Buffer ${bytes.map((one) => one.toString(16).padStart(2, '0')).join(' ')}>`],
    ['as JSON has bytes', JSON.stringify({ a: Buffer.from(`xx${LONG}xx`) })],
    ['as indented JSON has bytes', JSON.stringify({ a: Buffer.from(LONG) }, null, 4)],
  ];
  it.each(written)('%s', (_, form) => {
    const hidden = long.text(`a ${form} b`);
    expect(hidden).toContain('[secret LONG]');
    expect(hidden).not.toMatch(/a1|B.?c|YTEv|L0Ir|613[12]|61 31|97,\s*49/);
  });

  it('by its beginning, where somebody says that there was more', () => {
    const shortened = [
      inspect(Buffer.from(LONG)),
      `${LONG.slice(0, 30)}...`,
      `${LONG.slice(0, 30)}…`,
      inspect({ a: LONG }, { maxStringLength: 30 }),
      `Bearer ${Buffer.from(LONG).toString('base64').slice(0, 20)}...`,
    ];
    for (const one of shortened) {
      expect(long.text(one)).toContain('[secret LONG]');
      expect(long.text(one)).not.toMatch(/a1|61 31|YTE/);
    }
    expect(long.text(`${LONG.slice(0, 7)}...`)).toBe(`${LONG.slice(0, 7)}...`);
  });

  it('where two overlap, with all of both', () => {
    const two = redactor([
      { name: 'A', value: 'abcdefgh-ijkl' },
      { name: 'B', value: 'ijkl-mnopqrst' },
    ]);
    expect(two.text('x abcdefgh-ijkl-mnopqrst y')).toBe('x [secret A] y');
  });

  it('of digits alone, as a number too; and no key is lost for another', () => {
    const pin = redactor([{ name: 'PIN', value: '1234567890' }]);
    expect(pin.value([1234567890, 12, 1.5])).toEqual(['[secret PIN]', 12, 1.5]);
    expect(Object.keys(pin.value({ '1234567890': 1, '31323334353637383930': 2 }) as object)).toEqual([
      '[secret PIN]',
      '[secret PIN] 2',
    ]);
  });

  it('by what is left of it, however it was written', () => {
    expect(one.text(`you sent ${encodeURIComponent(VALUE).slice(0, 17)}`, 'end')).toBe(
      'you sent [secret API_TOKEN]',
    );
    expect(one.text(`${encodeURIComponent(VALUE).slice(-14)} was sent`, 'start')).toBe(
      '[secret API_TOKEN] was sent',
    );
    expect(one.text(`${encodeURIComponent(VALUE).slice(2)} was sent`, 'start')).toBe(
      '[secret API_TOKEN] was sent',
    );
    expect(one.text('an end', 'end')).toBe('an end');
    expect(one.text('end of it', 'start')).toBe('end of it');
  });

  it('in values and in keys', () => {
    const hidden = one.value({ [VALUE]: [1, { a: `x${VALUE}` }] });
    expect(hidden).toEqual({ '[secret API_TOKEN]': [1, { a: 'x[secret API_TOKEN]' }] });
  });

  it('line by line, where it has several', () => {
    const line = 'MIIEvQIBADANBgkqhkiG9w0BAQEF';
    const pem = redactor([{ name: 'PEM', value: `-----BEGIN KEY-----\n${line}\n-----END KEY-----` }]);
    expect(pem.text(`> ${line} |`)).toBe('> [secret PEM] |');
    expect(pem.text('-----BEGIN KEY-----')).toBe('-----BEGIN KEY-----');
  });

  it('by what a text that was cut has of it, at its end or at its beginning', () => {
    expect(one.text(`you sent ${VALUE.slice(0, 9)}`, 'end')).toBe('you sent [secret API_TOKEN]');
    expect(one.text(`${VALUE.slice(-9)} was sent`, 'start')).toBe('[secret API_TOKEN] was sent');
    expect(one.text(`you sent ${VALUE.slice(0, 9)}`)).toContain(VALUE.slice(0, 9));
  });

  it('the longer of two, where one begins with the other', () => {
    const two = redactor([
      { name: 'A', value: 'abcdefgh' },
      { name: 'B', value: 'abcdefghijkl' },
    ]);
    expect(two.text('abcdefgh abcdefghijkl')).toBe('[secret A] [secret B]');
  });

  it('in an error, its stack and its causes, of which nothing else is left', () => {
    const error = Object.assign(new Error(`no ${VALUE}`, { cause: new TypeError(VALUE) }), { config: VALUE });
    const hidden = one.error(error) as Error;
    expect([hidden.message, (hidden.cause as Error).message, (hidden.cause as Error).name]).toEqual([
      'no [secret API_TOKEN]',
      '[secret API_TOKEN]',
      'TypeError',
    ]);
    expect(hidden.stack).not.toContain(VALUE);
    expect(JSON.stringify({ ...hidden })).not.toContain('more');
  });
});

describe('what is a secret', () => {
  const secrets = (env: { [name: string]: string }, more = {}) =>
    secretsOf({ policy: { ...OPEN_POLICY, ...more }, env });
  it('is what the policy names, what is called one, and a password in an address', () => {
    const env = {
      REGION_ID: 'eu-central-1',
      REGION_PIN: '1234',
      GITHUB_TOKEN: 'ghp_12345678',
      DATABASE_URL: 'postgres://me:p%40ssword-1@db/x',
      GREETING: 'hello, world',
      KEY_FILE_KEY: '/etc/keys/one.pem',
      SHORT_TOKEN: 'abc',
      PATH: '/usr/bin:/usr/local/bin',
    };
    expect(secrets(env, { env: ['REGION_*', 'PATH'] })).toEqual({
      secrets: [
        { name: 'REGION_ID', value: 'eu-central-1' },
        { name: 'GITHUB_TOKEN', value: 'ghp_12345678' },
        { name: 'DATABASE_URL', value: 'p@ssword-1' },
      ],
      short: ['REGION_PIN'],
    });
    expect(
      secrets(env, { env: ['REGION_*'], plainEnv: ['REGION_*', '*_URL', 'DATABASE_*', 'GITHUB_TOKEN'] })
        .secrets,
    ).toEqual([]);
  });
  const values = (env: { [name: string]: string }, more = {}) =>
    secrets(env, more).secrets.map(({ value }) => value);
  it.each([
    ['SMTP_PASS', 'hunter2-hunter2', ['hunter2-hunter2']],
    ['API_KEY_2', 'key-key-key', ['key-key-key']],
    ['GITHUB_PAT', 'ghp_12345678', ['ghp_12345678']],
    ['SECRET_KEY_BASE', 'base-base-base', ['base-base-base']],
    ['AWS_ACCESS_KEY_ID', 'AKIAIOSFODNN7EXAMPLE', []],
    ['SECRET_NAME', 'the-name-of-one', []],
    ['COMPASS', 'north-north-east', []],
    ['MONGO', 'mongodb://me:pa-ss-word@h1:1,h2:2/x', ['pa-ss-word']],
    ['REMOTE', 'https://ghp_12345678@github.example/x', ['ghp_12345678']],
    ['DB', 'postgres://postgres@localhost/x', []],
    ['BROKERS', 'amqp://a:one-one-one@h amqp://b:two-two-two@h', ['one-one-one', 'two-two-two']],
    ['DSN', 'host=db user=me password=pa-ss-word', ['pa-ss-word']],
    ['AZURE', 'Endpoint=sb://x/;SharedAccessKeyName=Root;SharedAccessKey=abc/def+12=', ['abc/def+12=']],
    ['JDBC', 'jdbc:postgresql://h/db?user=me&password=p%40ssword-1', ['p@ssword-1']],
    ['HOOK', 'https://a.example/in?api_key=12345678&mode=long-mode', ['12345678']],
  ])('is, in %s=%s, %j', (name, value, expected) => {
    expect(values({ [name]: value })).toEqual(expected);
  });
  it('is the key within an account in JSON', () => {
    const key = '-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEF\n-----END KEY-----\n';
    const account = JSON.stringify({ type: 'service_account', private_key_id: 'abcdefgh', private_key: key });
    expect(values({ GOOGLE_CREDENTIALS: account })).toEqual([account, key.trim()]);
  });
  it('is what the policy gives a server of tools', () => {
    const mcp = {
      a: { command: ['x'], env: ['DB_DSN'] },
      b: { url: 'https://x', headers: { A: { env: 'B_ID' }, C: 'plain' } },
    };
    expect(
      values({ DB_DSN: 'abcdefgh', B_ID: 'ijklmnop', C: 'qrstuvwx' }, { tools: { functions: [], mcp } }),
    ).toEqual(['abcdefgh', 'ijklmnop']);
  });
  it('is the key of the model, wherever it was given', () => {
    expect(secretsOf({ policy: OPEN_POLICY, env: {}, model: { apiKey: 'sk-12345678' } }).secrets).toEqual([
      { name: 'OPENAI_API_KEY', value: 'sk-12345678' },
    ]);
  });
});

describe('what leaves an executor', () => {
  const given = async (effect: Effect | Failure | Error, told: Progress[] = []) =>
    redacting(one, async ({ progress }) => {
      progress({ note: `at ${VALUE}`, bytes: 1 });
      if (effect instanceof Error) throw effect;
      return effect;
    })(taskFor(asking('x'), { progress: (it) => told.push(it) }));

  it('has no secret in its output', async () => {
    const told: Progress[] = [];
    expect(await given({ output: { text: `a ${VALUE}` } }, told)).toEqual({
      output: { text: 'a [secret API_TOKEN]' },
    });
    expect(told).toEqual([{ note: 'at [secret API_TOKEN]', bytes: 1 }]);
    expect(await given({ output: { value: [1] } })).toEqual({ output: { value: [1] } });
  });
  it('nor in a failure: its message, stack, partial output and cause', async () => {
    const cause = Object.assign(new Error(VALUE), { headers: { authorization: VALUE } });
    const failure = await failureOf(
      given(
        new Failure('CallFailed', `no ${VALUE}`, {
          partial: `x ${VALUE.slice(0, 9)}`,
          cause,
          permanent: true,
        }),
      ),
    );
    expect(failure).toMatchObject({ type: 'CallFailed', message: 'no [secret API_TOKEN]', permanent: true });
    expect(failure.detail.partial).toBe('x [secret API_TOKEN]');
    expect(JSON.stringify([failure.stack, failure.detail, (failure.cause as Error).stack])).not.toContain(
      'more',
    );
    expect('headers' in (failure.cause as object)).toBe(false);
  });
  it('nor in an error that nobody foresaw', async () => {
    expect((await failureOf(given(new TypeError(VALUE)))).message).toBe('[secret API_TOKEN]');
  });
});
