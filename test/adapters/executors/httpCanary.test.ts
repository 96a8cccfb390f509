import type { LookupAddress } from 'node:dns';
import { type AddressInfo, createServer, isIP, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkPolicy } from '../../../src/adapters/executors/checkPolicy.js';
import { type HttpOptions, httpExecutor } from '../../../src/adapters/executors/http.js';
import { OPEN_POLICY, type Policy } from '../../../src/adapters/executors/policy.js';
import { Failure } from '../../../src/core/outcome/failure.js';
import { compileText, plan } from '../../core/plan/support.js';
import { taskFor, textIn } from './task.js';
import { TRICKS, type Trick } from './tricks.js';
import { getting, saying, type Web, web } from './web.js';

/** Counts whoever connects, before a byte is sent. */
let caught = 0;
let port = 0;
const canaries: Server[] = [];
let six = false;
let redirector: Web;

beforeAll(async () => {
  port = await canary('127.0.0.1', 0);
  // Where the machine has them.
  await canary('127.1.2.3', port).catch(() => {});
  six = await canary('::1', port).then(
    () => true,
    () => false,
  );
  redirector = await web();
});
afterAll(() => {
  for (const one of [...canaries, redirector]) one.close();
});

function canary(host: string, at: number): Promise<number> {
  const server = createServer((socket) => {
    caught++;
    socket.on('error', () => {});
    socket.end('HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\ncaught');
  });
  canaries.push(server);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(at, host, () => resolve((server.address() as AddressInfo).port));
  });
}

/** Its own user's worker, whose one exception is a name: where it leads stands for a server out there. */
const policy: Policy = { ...OPEN_POLICY, privateAddresses: ['public.test'] };

function resolving(names: NonNullable<Trick['names']>): HttpOptions['resolve'] {
  const asked: { [name: string]: number } = {};
  return async (name): Promise<LookupAddress[]> => {
    const lookups = { 'public.test': [['127.0.0.1']], ...names }[name] ?? [];
    const n = asked[name] ?? 0;
    asked[name] = n + 1;
    const addresses = lookups[Math.min(n, lookups.length - 1)] ?? [];
    return addresses.map((address) => ({ address, family: isIP(address) || 4 }));
  };
}

/** Plays a trick; how each try ended, and how many times the canary was reached. */
async function play(trick: Trick, more: Partial<HttpOptions> = {}) {
  const { names = {}, redirects, times = 1 } = trick;
  const places = redirects?.(port) ?? [];
  redirector.answer = (request, response) => {
    const [status, location] = places[Number(request.url?.slice(1))] ?? [404, ''];
    saying(status, 'elsewhere', { location })(request, response);
  };
  const before = caught;
  const executor = httpExecutor({ policy, env: {}, resolve: resolving(names), ...more });
  const ends: unknown[] = [];
  for (let i = 0; i < times; i++) {
    // A name that leads nowhere at first may take its time over it.
    const signal = AbortSignal.timeout(i < times - 1 ? 300 : 3000);
    const task = taskFor(getting(trick.url(port, redirector.port)), { signal });
    ends.push(await executor(task).catch((error: unknown) => error));
  }
  return { ends, reached: caught - before };
}

it('there are more than 80 tricks, each another one', () => {
  const written = TRICKS.map((trick) =>
    JSON.stringify([trick.url(1, 2), trick.names, trick.redirects?.(1), trick.times]),
  );
  expect(new Set(written).size).toBe(TRICKS.length);
  expect(TRICKS.length).toBeGreaterThan(80);
});

describe('the canary is not reached', () => {
  it.each(TRICKS.map((trick) => [trick.what, trick] as const))('%s', async (_, trick) => {
    const { ends, reached } = await play(trick);
    expect(reached).toBe(0);
    for (const end of ends) expect(end).toBeInstanceOf(Failure);
    // In the end it is refused, and not merely tried in vain.
    const { type, message, permanent } = ends.at(-1) as Failure;
    expect(['CommandNotAllowed', 'HttpFailed']).toContain(type);
    expect([permanent, message.includes('caught')]).toEqual([true, false]);
  });
});

describe('the canary can be reached', () => {
  const direct = () => getting(`http://127.0.0.1:${port}/`);
  it('where the policy allows its address', async () => {
    for (const privateAddresses of [true, ['127.0.0.1'], ['127.0.0.0/8']]) {
      const before = caught;
      const executor = httpExecutor({ policy: { ...OPEN_POLICY, privateAddresses }, env: {} });
      expect(textIn(await executor(taskFor(direct())))).toBe('caught');
      expect(caught).toBe(before + 1);
    }
  });

  const real = TRICKS.filter(({ reaches }) => reaches);
  it('by most of the tricks, once the check of addresses is taken away', async () => {
    const missed: string[] = [];
    for (const trick of real) {
      if (trick.reaches === 6 && !six) continue;
      const { reached } = await play(trick, { permits: () => true });
      if (reached === 0) missed.push(trick.what);
    }
    expect(missed).toEqual([]);
    expect(real.length).toBeGreaterThan(60);
  });
});

describe('before anything starts', () => {
  const readable = TRICKS.filter(({ names, redirects }) => !names && !redirects);
  it.each(readable.map((trick) => [trick.what, trick] as const))(
    'a plan is refused: %s',
    async (_, trick) => {
      const url = JSON.stringify(trick.url(port, 0));
      const compiled = await compileText(plan(`briefs:\n  - id: a\n    http:\n      url: ${url}`));
      const problems = compiled.ok
        ? checkPolicy(compiled.plan, policy, { inline: false })
        : compiled.problems.map((problem) => ({ ...problem, path: problem.path.replace('.url', '') }));
      expect(problems.map(({ path, severity }) => [path, severity])).toContainEqual([
        'briefs[0].http',
        'error',
      ]);
    },
  );
});
