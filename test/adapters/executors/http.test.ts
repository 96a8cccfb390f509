import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type HttpOptions, httpExecutor } from '../../../src/adapters/executors/http.js';
import { Failure } from '../../../src/core/outcome/failure.js';
import { exam } from './exam.js';
import { failureOf, stoppedAtProgress, taskFor, textIn, valueIn } from './task.js';
import { getting, HERE, saying, type Web, web } from './web.js';

let here: Web;
beforeAll(async () => {
  here = await web();
});
afterAll(() => here.close());
beforeEach(() => {
  here.answer = saying(200, 'well');
  here.seen.length = 0;
  here.bodies.length = 0;
});

const http = (options: Partial<HttpOptions> = {}) => httpExecutor({ policy: HERE, env: {}, ...options });
const at = (path: string) => `${here.origin}${path}`;
const get = (path = '/', more = {}, given = {}) => http()(taskFor(getting(at(path), more), given));
const last = () => here.seen.at(-1)!;

describe('http sits the exam', () =>
  exam(() => {
    here.answer = (request, response) => {
      const { pathname, searchParams } = new URL(request.url!, here.origin);
      if (pathname === '/says')
        return void saying(200, { words: searchParams.get('words') })(request, response);
      if (pathname === '/who')
        return void saying(200, { key: request.headers['idempotency-key'] })(request, response);
      if (pathname === '/fails') return void saying(500, 'broken')(request, response);
      response.writeHead(200, { 'content-type': 'text/plain' });
      const timer = setInterval(() => response.write('more and more '), 20);
      response.on('close', () => clearInterval(timer));
    };
    return {
      executor: http(),
      says: (words: string) => getting(at(`/says?words=${words}`)),
      identity: { work: getting(at('/who')), read: (value: unknown) => value },
      endless: getting(at('/endless')),
      failing: getting(at('/fails')),
      leftovers: () => Array(Math.max(0, here.connections().open - 5)).fill('a connection'),
    };
  }));

describe('a request', () => {
  it('carries method, headers, JSON and the key of its effect', async () => {
    const headers = [{ name: 'X-Team', text: 'blue' }];
    await get('/v1?q=1', { method: 'PATCH', headers, body: '{"a":[1]}' }, { key: 'key-9' });
    expect(last()).toMatchObject({ method: 'PATCH', url: '/v1?q=1' });
    expect(last().headers).toMatchObject({
      'x-team': 'blue',
      'content-type': 'application/json',
      'content-length': '9',
      'idempotency-key': 'key-9',
      'accept-encoding': 'identity',
    });
    expect(here.bodies).toEqual(['{"a":[1]}']);
  });

  it('has no body and no type of one unless told', async () => {
    await get('/', { method: 'POST' });
    expect(last().headers).not.toHaveProperty('content-type');
    expect(here.bodies).toEqual(['']);
  });

  it('may say for itself what it sends and takes', async () => {
    const headers = [
      { name: 'Content-Type', text: 'application/merge-patch+json' },
      { name: 'Accept', text: 'text/csv' },
    ];
    await get('/', { method: 'PATCH', headers, body: '{}' });
    expect(last().headers).toMatchObject({
      'content-type': 'application/merge-patch+json',
      accept: 'text/csv',
    });
  });

  it('keeps no cookies', async () => {
    here.answer = saying(200, '', { 'set-cookie': 'a=b' });
    const executor = http();
    await executor(taskFor(getting(at('/'))));
    await executor(taskFor(getting(at('/'))));
    expect(last().headers).not.toHaveProperty('cookie');
  });

  it('asks no proxy, whatever the environment says', async () => {
    const before = process.env.HTTP_PROXY;
    process.env.HTTP_PROXY = 'http://127.0.0.1:1';
    try {
      expect(textIn(await get())).toBe('well');
    } finally {
      if (before === undefined) delete process.env.HTTP_PROXY;
      else process.env.HTTP_PROXY = before;
    }
  });
});

describe('a response', () => {
  it.each(['application/json', 'Application/JSON; charset=utf-8', 'application/problem+json'])(
    'of %s is a value',
    async (type) => {
      here.answer = saying(200, { rows: [1, 'ü'] }, { 'content-type': type });
      expect((await get()).output).toEqual({ value: { rows: [1, 'ü'] } });
    },
  );

  it.each(['text/plain', 'application/x-ndjson', 'application/jsonp'])('of %s is text', async (type) => {
    here.answer = saying(200, '{"a":1}', { 'content-type': type });
    expect((await get()).output).toEqual({ text: '{"a":1}' });
  });

  it('is text where the plan says how to read it', async () => {
    here.answer = saying(200, { a: 1 });
    expect((await get('/', { byType: undefined })).output).toEqual({ text: '{"a":1}' });
  });

  it('without a body is empty text, whatever type it has', async () => {
    here.answer = saying(204, '', { 'content-type': 'application/json' });
    expect((await get()).output).toEqual({ text: '' });
    here.answer = saying(200, { a: 1 });
    expect((await get('/', { method: 'HEAD' })).output).toEqual({ text: '' });
  });

  it('is read in the characters it says', async () => {
    here.answer = (_, response) =>
      response.setHeader('content-type', 'text/plain; charset=ISO-8859-1').end(Buffer.from([0x67, 0xfc]));
    expect((await get()).output).toEqual({ text: 'gü' });
    here.answer = (_, response) =>
      response.setHeader('content-type', 'text/plain; charset=no-such').end('gü');
    expect((await get()).output).toEqual({ text: 'gü' });
  });

  it('that is not the JSON it says is rejected, and kept', async () => {
    here.answer = saying(200, '{"a": [', { 'content-type': 'application/json' });
    const failure = await failureOf(get());
    expect(failure).toMatchObject({ type: 'OutputInvalid', detail: { partial: '{"a": [' } });
    expect(failure.message).toMatch(/^dig\[pricing\]: 127\.0\.0\.1:\d+ says that it sends JSON.*parse: text/);
  });

  it('that nests too deep for anybody is rejected', async () => {
    here.answer = saying(200, `${'['.repeat(100_000)}${']'.repeat(100_000)}`, {
      'content-type': 'application/json',
    });
    expect(await failureOf(get())).toMatchObject({ type: 'OutputInvalid' });
  });

  it('in an encoding nobody asked for is refused', async () => {
    here.answer = (_, response) =>
      response.setHeader('content-encoding', 'gzip').end(gzipSync('x'.repeat(1000)));
    const failure = await failureOf(get());
    expect(failure).toMatchObject({ type: 'HttpFailed', permanent: true });
    expect(failure.message).toContain('encoding `gzip`');
    here.answer = (_, response) => {
      response.writeHead(500, { 'content-type': 'text/plain', 'content-encoding': 'gzip' });
      response.end(gzipSync('x'));
    };
    expect((await failureOf(get())).message).toContain('answered 500. Try again later.');
  });

  it('is cut at the cap, with a marker, and whoever sends on is hung up on', async () => {
    let hungUp = false;
    here.answer = (_, response) => {
      response.on('close', () => {
        hungUp = true;
      });
      const more = () => {
        while (!response.destroyed && response.write('0123456789'.repeat(1000)));
        if (!response.destroyed) response.once('drain', more);
      };
      response.setHeader('content-type', 'text/plain');
      more();
    };
    const effect = await http({ capBytes: 10 })(taskFor(getting(at('/'))));
    expect(effect).toEqual({
      output: { text: '0123456789\n[muster: cut here, the response goes on]' },
      truncated: true,
    });
    await expect.poll(() => hungUp).toBe(true);
  });

  it('is whole at exactly the cap, and never cut within a character', async () => {
    here.answer = saying(200, '0123456789');
    const small = http({ capBytes: 10 });
    expect(await small(taskFor(getting(at('/'))))).toEqual({ output: { text: '0123456789' } });
    here.answer = saying(200, 'aüüü');
    expect(textIn(await http({ capBytes: 4 })(taskFor(getting(at('/')))))).toMatch(/^aü\n\[muster/);
  });

  it('of JSON beyond the cap is rejected: half of it is none', async () => {
    here.answer = saying(200, { long: 'x'.repeat(100) });
    const failure = await failureOf(http({ capBytes: 10 })(taskFor(getting(at('/')))));
    expect(failure).toMatchObject({ type: 'OutputInvalid', detail: { partial: '{"long":"x' } });
    expect(failure.message).toContain('longer than the cap');
  });
});

describe('a status', () => {
  it.each([200, 201, 204, 299])('of %i is success', async (status) => {
    here.answer = saying(status, status === 204 ? '' : 'fine');
    await get();
  });

  it.each([
    [304, true],
    [400, true],
    [401, true],
    [403, true],
    [404, true],
    [408, false],
    [409, true],
    [418, true],
    [422, true],
    [425, false],
    [429, false],
    [500, false],
    [501, false],
    [502, false],
    [503, false],
    [504, false],
  ])('of %i fails; for good: %s', async (status, permanent) => {
    here.answer = saying(status, status === 304 ? '' : 'No\u0007 such\r\n\tvendor. ', { 'x-inner': 'hush' });
    const failure = await failureOf(get('/hidden?token=1', { method: 'DELETE' }));
    expect(failure).toMatchObject({ type: 'HttpFailed', permanent });
    expect(failure.message).toContain(`dig[pricing]: DELETE 127.0.0.1:${here.port} answered ${status}`);
    if (status !== 304) expect(failure.message).toContain(', saying: No such vendor. ');
    expect(failure.message).not.toMatch(/hush|hidden|token/);
    expect(here.seen).toHaveLength(1);
  });

  it('that the plan lists is success, and then no other is', async () => {
    here.answer = saying(404, { gone: true });
    expect(valueIn(await get('/', { okStatus: [404] }))).toEqual({ gone: true });
    here.answer = saying(302, 'over there', { location: '/other' });
    expect(textIn(await get('/', { okStatus: [302] }))).toBe('over there');
    expect(here.seen).toHaveLength(2);
    here.answer = saying(202, 'not yet');
    expect(await failureOf(get('/', { okStatus: [200] }))).toMatchObject({ permanent: false });
  });

  it('is quoted with the beginning of a long body, and nothing of one that is no text', async () => {
    here.answer = saying(500, 'x'.repeat(200_000));
    const long = await failureOf(get());
    expect(long.message).toContain(`${'x'.repeat(199)}…`);
    expect(long.message.length).toBeLessThan(400);
    expect(String(long.detail.partial).length).toBeLessThanOrEqual(64 * 1024);
    here.answer = saying(500, 'GIF89a\u0001', { 'content-type': 'image/gif' });
    expect((await failureOf(get())).message).toContain('answered 500. Try again later.');
  });

  it.each([502, 504])('of %i leaves open what became of the request: the key stays', async (status) => {
    here.answer = saying(status);
    expect(await failureOf(get())).toMatchObject({ detail: { uncertain: true } });
  });

  it.each([
    [429, '0', 1, 1],
    [429, '1', 1000, 1000],
    [503, '2.5', 2500, 2500],
    [503, new Date(Date.now() - 60_000).toUTCString(), 1, 1],
    [429, new Date(Date.now() + 60_000).toUTCString(), 50_000, 61_000],
  ])('of %i with Retry-After: %s is to be waited out for so long', async (status, header, least, most) => {
    here.answer = saying(status, 'slow down', { 'retry-after': header });
    const { retryAfterMs } = (await failureOf(get())).detail;
    expect(retryAfterMs).toBeGreaterThanOrEqual(least);
    expect(retryAfterMs).toBeLessThanOrEqual(most);
  });

  it('asks for no wait where it makes none known, or is another', async () => {
    here.answer = saying(429, '', { 'retry-after': 'soon' });
    expect((await failureOf(get())).detail).not.toHaveProperty('retryAfterMs');
    here.answer = saying(500, '', { 'retry-after': '7' });
    expect((await failureOf(get())).detail).not.toHaveProperty('retryAfterMs');
  });
});

describe('a connection', () => {
  it('that nobody takes is worth another try', async () => {
    const gone = await web();
    gone.close();
    const failure = await failureOf(http()(taskFor(getting(`${gone.origin}/x`))));
    expect(failure).toMatchObject({ type: 'HttpFailed', permanent: false });
    expect(failure.detail.uncertain).toBeUndefined();
    expect(failure.message).toContain(`GET 127.0.0.1:${gone.port} failed: nothing listens there.`);
  });

  it('to no host at all says so', async () => {
    const nowhere = async () => {
      throw Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
    };
    for (const resolve of [nowhere, async () => []]) {
      const failure = await failureOf(http({ resolve })(taskFor(getting('https://none.test/'))));
      expect(failure.message).toContain('GET none.test failed: there is no host of that name.');
    }
  });

  it('that breaks off leaves open what became of the request, and what came of the answer', async () => {
    here.answer = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/plain', 'content-length': '100' });
      response.write('half');
      setTimeout(() => response.destroy(), 50);
    };
    const failure = await failureOf(get('/', { method: 'POST' }));
    expect(failure).toMatchObject({
      type: 'HttpFailed',
      permanent: false,
      detail: { uncertain: true, partial: 'half' },
    });
    expect(failure.message).toContain('the connection broke off');
    here.answer = (request) => request.socket.destroy();
    expect(await failureOf(get())).toMatchObject({ detail: { uncertain: true } });
  });

  it('to what speaks no HTTP says so', async () => {
    here.answer = (request) => request.socket.end('SSH-2.0-OpenSSH\r\n');
    expect((await failureOf(get())).message).toContain('what it sends is no HTTP');
  });
});

describe('a request that is stopped', () => {
  it('in the middle of an answer keeps what came of it, and hangs up', async () => {
    const closed = new Promise<void>((resolve) => {
      here.answer = (_, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.write('{"a": 1,');
        response.on('close', resolve);
      };
    });
    const { given } = stoppedAtProgress(new Failure('TimedOut', 'too long'));
    const failure = await failureOf(get('/', {}, given));
    expect(failure).toMatchObject({ type: 'TimedOut', detail: { partial: '{"a": 1,' } });
    await closed;
  });

  it('before a header has come is over at once', async () => {
    here.answer = () => {};
    const began = Date.now();
    const failure = await failureOf(get('/', {}, { signal: AbortSignal.timeout(200) }));
    expect(failure.type).toBe('Cancelled');
    expect(Date.now() - began).toBeLessThan(1500);
  });

  it('while its host is looked up is over at once', async () => {
    const never = () => new Promise<never>(() => {});
    const began = Date.now();
    const given = { signal: AbortSignal.timeout(200) };
    const failure = await failureOf(http({ resolve: never })(taskFor(getting('http://slow.test/'), given)));
    expect(failure.type).toBe('Cancelled');
    expect(Date.now() - began).toBeLessThan(1500);
  });
});
