import { execFileSync } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CERTIFICATE, KEY } from '../support/certificate.js';
import { type Place, place } from '../support/muster.js';

const SECRET = 'tok-never-to-be-seen';
let here: Place;
let server: Server;
let seen: IncomingMessage[];
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let origin: string;

beforeEach(async () => {
  here = place();
  seen = [];
  server = createServer({ key: KEY, cert: CERTIFICATE }, (request, response) => {
    seen.push(request);
    request.resume().on('end', () => answer(request, response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `https://localhost:${(server.address() as AddressInfo).port}`;
  Object.assign(here.env, { NODE_EXTRA_CA_CERTS: here.write('ca.pem', CERTIFICATE), API_TOKEN: SECRET });
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await here.close();
});

const json = (response: ServerResponse, status: number, value: unknown) =>
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
const vendors = () => ({
  muster: 1,
  name: 'vendors',
  brief: 'What does each vendor cost?',
  requirements: [
    { id: 'all', says: 'Every vendor has a price.', check: { count: { min: 2 }, in: '$.prices[*]' } },
  ],
  briefs: [
    {
      id: 'list',
      http: { url: `${origin}/vendors`, headers: { Authorization: { env: 'API_TOKEN', prefix: 'Bearer ' } } },
    },
    {
      id: 'price',
      needs: ['list'],
      forEach: { in: 'list.output.vendors', as: 'vendor' },
      http: `GET ${origin}/prices/{{ vendor }}`,
      output: { type: 'object', properties: { usd: { type: 'number' } }, required: ['usd'] },
      retry: { attempts: 2, backoff: '50ms..50ms' },
    },
  ],
  integrate: { merge: { prices: { from: ['price'], at: '$' } } },
});
const reportOf = async (id: string) => JSON.parse((await here.muster('result', id, '--json')).stdout);

describe('http, through the whole product', () => {
  it('fans out over what an answer held, waits as it is told, and keeps the secret to itself', async () => {
    here.env.MUSTER_POLICY = here.write('policy.json', { env: ['API_*'], privateAddresses: ['localhost'] });
    let slow = 0;
    answer = (request, response) => {
      const { pathname } = new URL(request.url!, origin);
      if (pathname === '/vendors')
        return json(response, 200, { vendors: ['a/b', 'c'], you: request.headers.authorization });
      if (pathname === '/prices/c' && slow++ === 0)
        return response.writeHead(429, { 'retry-after': '0' }).end();
      return json(response, 200, { usd: pathname === '/prices/c' ? 3 : 2 });
    };
    await here.worker();
    const { code, stdout, stderr } = await here.muster(
      'run',
      here.write('plan.json', vendors()),
      '--id',
      'web',
    );
    expect(code, stderr).toBe(0);
    const { answer: report, run } = await reportOf('web');
    expect(report.data.prices).toEqual([{ usd: 2 }, { usd: 3 }]);
    expect(run.tries).toBe(4);

    expect(seen.map(({ url }) => url).sort()).toEqual([
      '/prices/a%2Fb',
      '/prices/c',
      '/prices/c',
      '/vendors',
    ]);
    expect(seen[0]?.headers.authorization).toBe(`Bearer ${SECRET}`);
    expect(seen.slice(1).some(({ headers }) => 'authorization' in headers)).toBe(false);
    const keys = seen.map(({ headers }) => headers['idempotency-key']);
    expect(new Set(keys).size).toBe(4);
    const found = execFileSync('sh', ['-c', `grep -rl "${SECRET}" . || true`], {
      cwd: here.folder,
      encoding: 'utf8',
    });
    expect([stdout.includes(SECRET), stderr.includes(SECRET), found]).toEqual([false, false, '']);
  });

  it('is refused before anything starts, where the worker keeps to the public internet', async () => {
    await here.worker();
    const { code, stdout, stderr } = await here.muster(
      'run',
      here.write('plan.json', vendors()),
      '--id',
      'no',
    );
    expect(code).toBe(2);
    expect(stdout + stderr).toContain(
      'briefs[0].http: `localhost` leads to an address of the worker’s own machine',
    );
    expect(stdout + stderr).toContain('briefs[0].http.headers.Authorization');
    expect(seen).toEqual([]);
  });
});
