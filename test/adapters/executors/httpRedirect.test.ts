import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type HttpOptions, httpExecutor } from '../../../src/adapters/executors/http.js';
import { firstHop, redirected } from '../../../src/adapters/executors/httpRedirect.js';
import type { HttpWork } from '../../../src/core/plan/render.js';
import { failureOf, taskFor, textIn } from './task.js';
import { getting, HERE, saying, type Web, web } from './web.js';

let here: Web;
let other: Web;
beforeAll(async () => {
  [here, other] = await Promise.all([web(), web()]);
});
afterAll(() => {
  here.close();
  other.close();
});
beforeEach(() => {
  for (const one of [here, other]) {
    one.seen.length = 0;
    one.bodies.length = 0;
    one.answer = saying(200, 'arrived');
  }
});

const SECRET = 'a-very-secret-token';
const http = (options: Partial<HttpOptions> = {}) =>
  httpExecutor({ policy: { ...HERE, env: ['TOKEN'] }, env: { TOKEN: SECRET }, ...options });
const asking = (more: Partial<HttpWork> = {}) => getting(`${here.origin}/from`, more);
/** `/from` redirects, anything else has arrived. */
const redirecting = (status: number, location: string) => {
  here.answer = (request, response) =>
    request.url === '/from'
      ? saying(status, 'elsewhere', { location })(request, response)
      : saying(200, 'arrived')(request, response);
};
const HEADERS = [
  { name: 'X-Api-Key', text: 'written-in-the-plan' },
  { name: 'Authorization', env: 'TOKEN', prefix: 'Bearer ' },
];
const BODY = '{"order":1}';

describe('a redirect within one origin', () => {
  it.each([
    [301, 'POST', 'GET', ''],
    [302, 'POST', 'GET', ''],
    [303, 'POST', 'GET', ''],
    [307, 'POST', 'POST', BODY],
    [308, 'POST', 'POST', BODY],
    [301, 'PUT', 'PUT', BODY],
    [303, 'PUT', 'GET', ''],
    [307, 'DELETE', 'DELETE', BODY],
    [302, 'GET', 'GET', ''],
    [303, 'HEAD', 'HEAD', ''],
  ] as const)('%i after %s is followed by %s', async (status, method, then, body) => {
    redirecting(status, '/to?x=1');
    const sends = method !== 'GET' && method !== 'HEAD';
    await http()(taskFor(asking({ method, headers: HEADERS, ...(sends && { body: BODY }) })));
    const [, second] = here.seen;
    expect(second).toMatchObject({ method: then, url: '/to?x=1' });
    expect(here.bodies[1]).toBe(body);
    expect(second?.headers).toMatchObject({
      authorization: `Bearer ${SECRET}`,
      'x-api-key': 'written-in-the-plan',
      'idempotency-key': 'key-1',
    });
    expect(second?.headers['content-type']).toBe(body === '' ? undefined : 'application/json');
  });

  it('is followed five times, and not a sixth', async () => {
    const arrivingAt = (last: number) => {
      here.answer = (request, response) => {
        const n = Number(request.url?.slice(1));
        saying(n < last ? 302 : 200, `${n}`, { location: `/${n + 1}` })(request, response);
      };
    };
    arrivingAt(5);
    expect(textIn(await http()(taskFor(getting(`${here.origin}/0`))))).toBe('5');
    arrivingAt(6);
    here.seen.length = 0;
    const failure = await failureOf(http()(taskFor(getting(`${here.origin}/0`))));
    expect(failure).toMatchObject({ type: 'HttpFailed', permanent: true });
    expect(failure.message).toContain('redirects after 5 redirects');
    expect(here.seen).toHaveLength(6);
  });

  it('without a place to go is a status like any other', async () => {
    here.answer = saying(302, 'lost');
    const failure = await failureOf(http()(taskFor(asking())));
    expect(failure).toMatchObject({ permanent: true });
    expect(failure.message).toContain('answered 302, saying: lost.');
  });
});

describe('a redirect to another origin', () => {
  /** All addresses are public here: what is tested is what goes along. */
  const anywhere = { permits: () => true };

  it.each([301, 302, 303, 307, 308])('%i takes nothing of the plan along, nor back again', async (status) => {
    redirecting(status, `${other.origin}/to`);
    other.answer = saying(status, '', { location: `${here.origin}/back` });
    expect(textIn(await http(anywhere)(taskFor(asking({ headers: HEADERS }))))).toBe('arrived');
    for (const { headers } of [...other.seen, here.seen[1]!]) {
      expect(JSON.stringify(headers)).not.toMatch(/very-secret|written-in-the-plan/);
      expect(headers['idempotency-key']).toBe('key-1');
    }
  });

  it('drops a body where it turns into GET, and is refused where it would repeat it', async () => {
    redirecting(303, `${other.origin}/to`);
    await http(anywhere)(taskFor(asking({ method: 'POST', body: BODY })));
    expect([other.seen[0]?.method, other.bodies[0]]).toEqual(['GET', '']);
    for (const [status, method] of [
      [307, 'POST'],
      [308, 'PUT'],
      [302, 'PATCH'],
      [307, 'DELETE'],
    ] as const) {
      redirecting(status, `${other.origin}/again`);
      const failure = await failureOf(http(anywhere)(taskFor(asking({ method }))));
      expect(failure).toMatchObject({ type: 'HttpFailed', permanent: true });
      expect(failure.message).toContain(`${method} is not repeated at another place`);
    }
    expect(other.seen).toHaveLength(1);
  });

  it('leads to public addresses only, though the plan itself may talk to others', async () => {
    const { made } = other.connections();
    redirecting(302, `${other.origin}/to`);
    const failure = await failureOf(http()(taskFor(asking())));
    expect(failure).toMatchObject({ type: 'CommandNotAllowed', permanent: true });
    expect(failure.message).toContain('`127.0.0.1` leads to an address of the worker’s own machine');
    expect(other.connections().made).toBe(made);
  });

  it('leads only where the policy allows', async () => {
    const policy = { ...HERE, hosts: [`127.0.0.1:${here.port}`] };
    redirecting(302, `http://localhost:${other.port}/to`);
    const failure = await failureOf(http({ policy, ...anywhere })(taskFor(asking())));
    expect(failure).toMatchObject({ type: 'CommandNotAllowed' });
    expect(failure.message).toContain(`may not talk to \`localhost:${other.port}\``);
    expect(failure.message).toContain(`allows only 127.0.0.1:${here.port}`);
  });
});

describe('where a response leads', () => {
  const hop = firstHop(getting(''), new URL('https://a.test/x/y?q'));
  const leads = (location: string) => {
    const next = redirected(hop, 302, location);
    return typeof next === 'object' ? next.url.href : next;
  };

  it('is read as a reader of it would', () => {
    expect(leads('z')).toBe('https://a.test/x/z');
    expect(leads('/z')).toBe('https://a.test/z');
    expect(leads('//b.test/z')).toBe('https://b.test/z');
    expect(leads('?r')).toBe('https://a.test/x/y?r');
  });

  it.each([
    ['http://a.test/', 'from https to http'],
    ['ftp://a.test/', '`ftp:` is not spoken here'],
    ['file:///etc/passwd', '`file:`'],
    ['data:text/plain,x', '`data:`'],
    ['javascript:alert(1)', '`javascript:`'],
    ['https://me@b.test/', 'a user name'],
    ['//a.test@b.test/', 'a user name'],
    ['https://', 'no address'],
    ['https://[::1', 'no address'],
  ])('is not followed to %s', (location, why) => expect(leads(location)).toContain(why));

  it('is nowhere, where it does not say or is no redirect', () => {
    expect(redirected(hop, 302, undefined)).toBeUndefined();
    for (const status of [200, 300, 304, 305, 306, 404])
      expect(redirected(hop, status, '/z')).toBeUndefined();
  });
});
