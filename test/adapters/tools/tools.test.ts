import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { afterEach, describe, expect, it } from 'vitest';
import { type McpServer, OPEN_POLICY, type Policy } from '../../../src/adapters/executors/policy.js';
import { redactorOf } from '../../../src/adapters/executors/redactor.js';
import { type OwnTools, workerTools } from '../../../src/adapters/tools/tools.js';
import { Failure } from '../../../src/core/outcome/failure.js';
import type { McpWork } from '../../../src/core/plan/render.js';
import type { Task } from '../../../src/ports/executor.js';
import type { Told } from '../../../src/ports/tools.js';
import { planOf } from '../../engine/setting.js';
import { listening } from '../../support/endpoint.js';
import { offering } from '../../support/mcpServer.mjs';
import { processesWith } from '../../support/processes.js';
import { type Given, taskFor } from '../executors/task.js';

const SERVER = fileURLToPath(new URL('../../support/mcpServer.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'mcp-'));
const log = join(folder, 'mcp.log');
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  rmSync(log, { force: true });
});

const stdio = (more: object = {}): McpServer => ({ command: [process.execPath, SERVER, log], ...more });

function toolsWith(mcp: Policy['tools']['mcp'], policy: Partial<Policy> = {}, env = process.env): OwnTools {
  const own = { policy: { ...OPEN_POLICY, ...policy, tools: { functions: [], mcp } }, env };
  const redactor = redactorOf({ ...own, model: { apiKey: 'sk-of-the-model' } });
  const tools = workerTools({ ...own, redactor, functions: [], version: '0' });
  closing.push(tools.close);
  return tools;
}
const task = (tool: string, input: object = {}, more: Given = {}): Task<McpWork> =>
  taskFor<McpWork>(
    { kind: 'mcp', server: 'notes', tool, input: { ...input } as McpWork['input'] },
    { key: 'k-1', ...more },
  );
async function told(tools: OwnTools, tool: string, input: object = {}): Promise<Told> {
  const { output } = await tools.mcp(task(tool, input));
  return ('value' in output ? output.value : undefined) as unknown as Told;
}
const failure = (work: Promise<unknown>): Promise<Failure> =>
  work.then(
    () => expect.unreachable(),
    (error) => (error instanceof Failure ? error : expect.unreachable(String(error))),
  );
const every = () => true;
const nobody = new AbortController().signal;

/** The same server over HTTP, as one session; what it was sent in headers. */
async function overHttp() {
  const seen: IncomingMessage['headers'][] = [];
  let transport: StreamableHTTPServerTransport | undefined;
  const restart = async () => {
    await transport?.close();
    transport = new StreamableHTTPServerTransport({ sessionIdGenerator: () => `s-${seen.length}` });
    await offering(log).connect(transport);
  };
  await restart();
  const server = createServer((request, response) => {
    seen.push(request.headers);
    if (request.url === '/away') {
      response.writeHead(302, { location: 'http://127.0.0.1:9/elsewhere' }).end();
      return;
    }
    void transport!.handleRequest(request, response);
  });
  const { port, close } = await listening(server);
  closing.push(close);
  return { url: `http://127.0.0.1:${port}/mcp`, away: `http://127.0.0.1:${port}/away`, seen, restart };
}
const local = { privateAddresses: ['127.0.0.1'] };

describe('an MCP server that is started here', () => {
  it('offers its tools under its name, with what they take', async () => {
    const all = await toolsWith({ notes: stdio() }).offered(every, nobody);
    expect(all.map(({ name }) => name)).toEqual([
      ...['notes.read', 'notes.fail', 'notes.env', 'notes.exit', 'notes.wait'],
    ]);
    expect(all[0]).toMatchObject({
      description: 'Reads a note.',
      input: { type: 'object', required: ['name'] },
      by: { server: 'notes', tool: 'read' },
    });
  });

  it('is not started where none of its tools is meant', async () => {
    expect(
      await toolsWith({ notes: stdio() }).offered((beginning) => beginning !== 'notes.', nobody),
    ).toEqual([]);
    expect(processesWith(log)).toEqual([]);
  });

  it('is called with what the model gave, under the idempotency key of the call', async () => {
    const tools = toolsWith({ notes: stdio() });
    expect(await told(tools, 'read', { name: 'a' })).toEqual({ text: 'note a: A' });
    expect(JSON.parse(readFileSync(log, 'utf8'))).toMatchObject({ tool: 'read', input: 'a', key: 'k-1' });
  });

  it('says itself where a call failed: that is told, and no failure of the server', async () => {
    expect(await told(toolsWith({ notes: stdio() }), 'fail', { message: 'no' })).toEqual({
      text: 'no',
      isError: true,
    });
  });

  it('gets of the environment the usual names, and those that the policy names for it', async () => {
    const env = { ...process.env, NOTES_DIR: '/notes', OPENAI_API_KEY: 'sk-very-secret', AWS_KEY: 'x' };
    const { text } = await told(toolsWith({ notes: stdio({ env: ['NOTES_DIR'] }) }, {}, env), 'env');
    const names = Object.keys(JSON.parse(text) as object);
    expect(names).toContain('PATH');
    expect(names).toContain('NOTES_DIR');
    expect(names.filter((name) => /KEY|TOKEN|MUSTER|npm/.test(name))).toEqual([]);
  });

  it('has the secrets that it gets taken out of what it says', async () => {
    const env = { ...process.env, NOTES_TOKEN: 'a-secret-token' };
    const { text } = await told(toolsWith({ notes: stdio({ env: ['NOTES_TOKEN'] }) }, {}, env), 'env');
    expect(text).toContain('"NOTES_TOKEN":"[secret NOTES_TOKEN]"');
  });

  it('has the secrets of other servers taken out of it as well, and the key of the model', async () => {
    const env = { ...process.env, OTHER_DSN: 'another-secret' };
    const other = stdio({ env: ['OTHER_DSN'] });
    const tools = toolsWith({ notes: stdio(), other }, {}, env);
    expect(await told(tools, 'read', { name: 'another-secret' })).toMatchObject({
      text: expect.stringContaining('note [secret OTHER_DSN]'),
    });
    expect(await told(tools, 'read', { name: 'sk-of-the-model' })).toMatchObject({
      text: expect.stringContaining('note [secret OPENAI_API_KEY]'),
    });
  });

  it('has them taken out of what its tools say of themselves, too', async () => {
    const env = { ...process.env, NOTES_DSN: 'read-from-there' };
    const says = { command: [process.execPath, SERVER, log, 'read-from-there'], env: ['NOTES_DSN'] };
    const [read] = await toolsWith({ notes: says }, {}, env).offered(every, nobody);
    expect(read!.description).toBe('Reads a note. [secret NOTES_DSN]');
  });

  it('has them taken out of what it complained of, however many pieces that came in', async () => {
    const secret = 'x'.repeat(50) + 'y'.repeat(2000);
    const script = `
      const secret = process.env.NOTES_DSN;
      process.stderr.write('no licence: ' + secret.slice(0, 1000));
      setTimeout(() => { process.stderr.write(secret.slice(1000)); process.exit(1); }, 200);`;
    const broken = { command: [process.execPath, '-e', script], env: ['NOTES_DSN'] };
    const env = { ...process.env, NOTES_DSN: secret };
    const { message } = await failure(toolsWith({ notes: broken }, {}, env).offered(every, nobody));
    expect(message).toContain('no licence: [secret NOTES_DSN]');
    expect(message).not.toContain('yyyy');
  });

  it('that ends in the middle of a call fails that call, and is started again for the next', async () => {
    const tools = toolsWith({ notes: stdio() });
    expect(await failure(tools.mcp(task('exit')))).toMatchObject({ type: 'CallFailed' });
    expect(await told(tools, 'read', { name: 'b' })).toEqual({ text: 'note b: B' });
  });

  it('that cannot be started says why, from its own standard error', async () => {
    const broken = { command: [process.execPath, '-e', 'console.error("no licence"); process.exit(1)'] };
    const why = await failure(toolsWith({ notes: broken }).offered(every, nobody));
    expect(why).toMatchObject({ type: 'CallFailed' });
    expect(why.message).toMatch(
      /^The MCP server `notes` does not say what it has \(.*it said: no licence\)\.$/,
    );
  });

  it('is let go of when the worker ends: no process is left', async () => {
    const tools = toolsWith({ notes: stdio() });
    await told(tools, 'read', { name: 'a' });
    expect(processesWith(log)).toHaveLength(1);
    await tools.close();
    expect(processesWith(log)).toEqual([]);
  });

  it('is waited for no longer by a call that is stopped; others go on', async () => {
    const tools = toolsWith({ notes: stdio() });
    const stop = new AbortController();
    const waiting = failure(tools.mcp(task('wait', {}, { signal: stop.signal })));
    const other = told(tools, 'read', { name: 'c' });
    stop.abort(new Failure('TimedOut', 'too long'));
    expect(await waiting).toMatchObject({ type: 'TimedOut' });
    expect(await other).toEqual({ text: 'note c: C' });
  });
});

describe('an MCP server over HTTP', () => {
  it('is called like any, with the secrets of its headers, which are taken out of what comes back', async () => {
    const { url, seen } = await overHttp();
    const headers = { Authorization: { env: 'NOTES_TOKEN', prefix: 'Bearer ' } };
    const tools = toolsWith({ notes: { url, headers } }, local, { NOTES_TOKEN: 'a-secret-token' });
    expect((await tools.offered(every, nobody)).length).toBe(5);
    expect(await told(tools, 'read', { name: 'a-secret-token' })).toEqual({
      text: 'note [secret NOTES_TOKEN]: A-SECRET-TOKEN',
    });
    expect(seen.map(({ authorization }) => authorization)).toEqual(seen.map(() => 'Bearer a-secret-token'));
  });

  it('that does not know the session any more is connected to anew, and called once', async () => {
    const { url, restart } = await overHttp();
    const tools = toolsWith({ notes: { url } }, local);
    await told(tools, 'read', { name: 'a' });
    await restart();
    expect(await told(tools, 'read', { name: 'b' })).toEqual({ text: 'note b: B' });
    expect(readFileSync(log, 'utf8').trim().split('\n')).toHaveLength(2);
  });

  it('is not followed where it sends one elsewhere', async () => {
    const { away, seen } = await overHttp();
    const why = await failure(toolsWith({ notes: { url: away } }, local).offered(every, nobody));
    expect(why.type).toBe('CallFailed');
    expect(seen.length).toBeGreaterThan(0);
  });

  it.each([
    ['a private address that the policy does not allow', 'http://127.0.0.1:1/mcp', {}],
    ['a host that it does not allow', 'https://mcp.example.com/', { hosts: ['api.example.com'] }],
  ])('is refused when the worker starts at %s', (_, url, policy) => {
    expect(() => toolsWith({ notes: { url } }, policy)).toThrow(
      /The MCP server `notes`: .*(may not|privateAddresses)/,
    );
  });

  it('whose name leads where requests may not go is not connected to', async () => {
    const { url, seen } = await overHttp();
    const { port } = new URL(url);
    const tools = workerTools({
      policy: {
        ...OPEN_POLICY,
        tools: { functions: [], mcp: { notes: { url: `http://mcp.example:${port}/` } } },
      },
      env: {},
      redactor: redactorOf({ policy: OPEN_POLICY, env: {} }),
      functions: [],
      version: '0',
      resolve: async () => [{ address: '127.0.0.1', family: 4 }],
    });
    closing.push(tools.close);
    expect((await failure(tools.offered(every, nobody))).message).toContain('mcp.example leads to 127.0.0.1');
    expect(seen).toEqual([]);
  });
});

describe('a plan', () => {
  const tools = () =>
    workerTools({
      policy: { ...OPEN_POLICY, tools: { functions: '*', mcp: { notes: stdio() } } },
      env: {},
      redactor: redactorOf({ policy: OPEN_POLICY, env: {} }),
      functions: [
        { name: 'search', description: 'x', input: { type: 'object' }, by: { function: 'search' } },
      ],
      version: '0',
    });
  const bounds = { turns: 5, calls: 5, parallel: 1 };
  const naming = (...use: string[]) =>
    planOf({ id: 'a', executor: { kind: 'ask', text: 'x' }, tools: { use, ...bounds } });

  it('may name what the worker offers; what it does not is refused before anything starts', () => {
    expect(tools().check(naming('search', 'notes.read', 'notes.*', 'sea*', '*'))).toEqual([]);
    expect(tools().check(naming('browse', 'mails.send'))).toMatchObject([
      {
        path: 'briefs[0].tools',
        message: expect.stringContaining('no tool `browse`; it has search, notes.*.'),
      },
      { path: 'briefs[0].tools', message: expect.stringContaining('`mails.send`') },
    ]);
  });

  it('is not refused for what only a role of its names', () => {
    const plan = planOf({
      id: 'a',
      executor: { kind: 'ask', text: 'x' },
      tools: { allow: ['browse'], ...bounds },
    });
    expect(tools().check(plan)).toEqual([]);
  });
});
