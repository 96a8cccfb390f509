import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { httpExecutor } from '../../../src/adapters/executors/http.js';
import type { Policy } from '../../../src/adapters/executors/policy.js';
import type { HttpWork } from '../../../src/core/plan/render.js';
import { failureOf, stoppedAtProgress, taskFor } from './task.js';
import { getting, HERE, saying, type Web, web } from './web.js';

const SECRET = 'tok"en/with+signs=1';
let here: Web;
beforeAll(async () => {
  here = await web();
});
afterAll(() => here.close());

const policy: Policy = { ...HERE, env: ['API_*'] };
const http = (more: Partial<Policy> = {}, env: { [name: string]: string } = { API_TOKEN: SECRET }) =>
  httpExecutor({ policy: { ...policy, ...more }, env });
const asking = (env = 'API_TOKEN', more: Partial<HttpWork> = {}) =>
  getting(`${here.origin}/`, { headers: [{ name: 'Authorization', env, prefix: 'Bearer ' }], ...more });
const all = (thing: unknown): string =>
  thing instanceof Error
    ? [thing.message, thing.stack, JSON.stringify(thing), all(thing.cause), all({ ...thing })].join()
    : JSON.stringify(thing);

describe('a secret', () => {
  it('is sent as the environment has it', async () => {
    here.answer = saying(200, 'ok');
    await http()(taskFor(asking()));
    expect(here.seen.at(-1)?.headers.authorization).toBe(`Bearer ${SECRET}`);
  });

  const echoes: readonly (readonly [string, (given: string) => string | object])[] = [
    ['as it is', (given) => `you sent ${given}, ${given}`],
    ['in JSON', (given) => ({ you: { sent: [given], [given]: 1 } })],
    ['in JSON that is taken as text', (given) => JSON.stringify({ sent: given })],
    ['in an address', (given) => `/login?token=${encodeURIComponent(given)}`],
  ];
  it.each(echoes)('that comes back %s is taken out of the effect and of the failure', async (_, echo) => {
    for (const status of [200, 400, 500]) {
      here.answer = (request, response) =>
        saying(status, echo(request.headers.authorization!.slice(7)))(request, response);
      const came = await http()(taskFor(asking())).catch((error: unknown) => error);
      expect(all(came)).toContain('[secret API_TOKEN]');
      for (const form of [SECRET, JSON.stringify(SECRET).slice(1, -1), encodeURIComponent(SECRET)])
        expect(all(came)).not.toContain(form);
    }
  });

  it('in escapes of JSON is taken out too', async () => {
    const escaped = [...SECRET].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
    here.answer = saying(200, `{"a":"x${escaped}"}`, { 'content-type': 'application/json' });
    expect(await http()(taskFor(asking()))).toEqual({ output: { value: { a: 'x[secret API_TOKEN]' } } });
  });

  it('is taken out also where the text ends within it', async () => {
    here.answer = saying(200, `you sent ${SECRET}`);
    const cut = httpExecutor({ policy, env: { API_TOKEN: SECRET }, capBytes: 20 });
    expect(JSON.stringify(await cut(taskFor(asking())))).toContain('you sent [secret API_TOKEN]\\n[muster');
    here.answer = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' });
      response.write(`you sent ${SECRET.slice(0, 10)}`);
    };
    const failure = await failureOf(http()(taskFor(asking(), stoppedAtProgress().given)));
    expect(failure.detail.partial).toBe('you sent [secret API_TOKEN]');
  });

  it('is in no failure of the network', async () => {
    here.answer = (request) => request.socket.destroy();
    expect(all(await failureOf(http()(taskFor(asking()))))).not.toContain(SECRET);
    here.answer = (request) =>
      request.socket.end(`no http: ${request.headers.authorization} ${'x'.repeat(100)}\r\n`);
    expect(all(await failureOf(http()(taskFor(asking()))))).not.toContain(SECRET);
  });

  it('that the policy does not name is not sent, nor anything else', async () => {
    const before = here.seen.length;
    const failure = await failureOf(http({ env: ['OTHER'] })(taskFor(asking())));
    expect(failure).toMatchObject({ type: 'CommandNotAllowed', permanent: true });
    expect(failure.message).toContain('`API_TOKEN`');
    expect(here.seen).toHaveLength(before);
  });

  it.each([
    ['', 'is not set on this worker'],
    ['short', 'fewer than 8 characters'],
    ['long-enough\r\nX-Evil: 1', 'holds a line break'],
  ])('that is none (%j) is told apart, and not shown', async (value, says) => {
    const failure = await failureOf(http({}, { API_TOKEN: value })(taskFor(asking())));
    expect(failure).toMatchObject({ type: 'HttpFailed', permanent: true });
    expect(failure.message).toContain(says);
    if (value !== '') expect(all(failure)).not.toContain(value);
  });
});

describe('a plan without a file', () => {
  it('sends no secret where the policy does not say to whom', async () => {
    here.answer = saying(200, 'ok');
    const inline = asking('API_TOKEN', { inline: true });
    expect(await failureOf(http({ inlineCommands: false })(taskFor(inline)))).toMatchObject({
      type: 'CommandNotAllowed',
    });
    await http({ inlineCommands: true })(taskFor(inline));
  });

  it('talks to no private address, though others may', async () => {
    const work = getting(`${here.origin}/`, { inline: true });
    for (const privateAddresses of [true, ['127.0.0.1']]) {
      const failure = await failureOf(http({ inlineCommands: false, privateAddresses })(taskFor(work)));
      expect(failure).toMatchObject({ type: 'CommandNotAllowed', permanent: true });
    }
  });
});
