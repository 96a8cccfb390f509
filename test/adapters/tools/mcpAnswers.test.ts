import { createServer, type ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { OPEN_POLICY } from '../../../src/adapters/executors/policy.js';
import { redactorOf } from '../../../src/adapters/executors/redactor.js';
import { mcpConnection } from '../../../src/adapters/tools/mcpServer.js';
import { wayTo } from '../../../src/adapters/tools/mcpTransport.js';
import { bodyOf, listening } from '../../support/endpoint.js';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const EVENTS = { 'content-type': 'text/event-stream' };
const JSON_BODY = { 'content-type': 'application/json' };
const resultOf = (id: unknown, text: string) =>
  JSON.stringify({ jsonrpc: '2.0', id, result: { content: [{ type: 'text', text }] } });

/** How a server goes on with a call, and with the request for the rest of its answer. */
interface Manner {
  readonly call: (response: ServerResponse, id: number, n: number) => void;
  readonly rest?: (response: ServerResponse, id: number) => void;
}

/** A server over HTTP that answers a call as it is told. @returns how to call it */
async function answering({ call, rest }: Manner) {
  const asked: number[] = [];
  const server = createServer(async (request, response) => {
    if (request.method !== 'POST') {
      if (request.headers['last-event-id'] === undefined || !rest) response.writeHead(405).end();
      else rest(response, asked.at(-1)!);
      return;
    }
    const { id, method, params } = JSON.parse(await bodyOf(request));
    if (id === undefined) response.writeHead(202).end();
    else if (method === 'tools/call') {
      asked.push(id);
      call(response, id, asked.length);
    } else {
      const { protocolVersion } = params;
      const result = {
        protocolVersion,
        capabilities: { tools: {} },
        serverInfo: { name: 's', version: '1' },
      };
      response.writeHead(200, JSON_BODY).end(JSON.stringify({ jsonrpc: '2.0', id, result }));
    }
  });
  const { port, close } = await listening(server);
  const given = { policy: { ...OPEN_POLICY, privateAddresses: ['127.0.0.1'] }, env: {} };
  const redactor = redactorOf({ ...given, model: {} });
  const way = wayTo('notes', { url: `http://127.0.0.1:${port}/mcp` }, { ...given, redactor });
  const connection = mcpConnection(way.connect, '0');
  closing.push(connection.close, close);
  const calling = (signal = new AbortController().signal) =>
    connection.call({ tool: 'read', input: {}, key: 'k' }, { signal, progress: () => {} });
  return { calling, asked };
}
const begun = (response: ServerResponse) => response.writeHead(200, EVENTS).write(': one moment\n\n');
const event = (data: string, id?: string) => `${id === undefined ? '' : `id: ${id}\n`}data: ${data}\n\n`;

describe('an answer of an MCP server over HTTP', () => {
  it('that breaks off fails the call, and the next one goes through', async () => {
    const { calling } = await answering({
      call(response, id, n) {
        begun(response);
        if (n === 1) setTimeout(() => response.destroy(), 20);
        else response.end(event(resultOf(id, 'here')));
      },
    });
    await expect(calling()).rejects.toThrow(/it ended its answer before there was one.*terminated/);
    expect(await calling()).toEqual({ text: 'here' });
  });

  it('that ends in good order without one fails the call', async () => {
    const { calling } = await answering({ call: (response) => response.writeHead(200, EVENTS).end() });
    await expect(calling()).rejects.toThrow('it ended its answer before there was one');
  });

  it('that is to somebody else fails the call', async () => {
    const { calling } = await answering({
      call: (response, id) => response.writeHead(200, JSON_BODY).end(resultOf(id + 1000, 'here')),
    });
    await expect(calling()).rejects.toThrow('it ended its answer before there was one');
  });

  it('that breaks off within the name of an event, which nobody can ask for the rest of, fails the call', async () => {
    const { calling } = await answering({
      call(response) {
        begun(response);
        response.end('id: 1\n');
      },
    });
    await expect(calling()).rejects.toThrow('it ended its answer before there was one');
  });

  it('of which the rest can be asked for is waited for', async () => {
    const { calling, asked } = await answering({
      call: (response) => response.writeHead(200, EVENTS).end(`retry: 1500\n${event('', '1')}`),
      rest: (response, id) => response.writeHead(200, EVENTS).end(event(resultOf(id, 'the rest'), '2')),
    });
    expect(await calling()).toEqual({ text: 'the rest' });
    expect(asked).toHaveLength(1);
  });

  it('of which the rest is not to be had fails the call', async () => {
    const { calling } = await answering({
      call: (response) => response.writeHead(200, EVENTS).end(`retry: 50\n${event('', '1')}`),
      rest: (response) => response.writeHead(500).end(),
    });
    await expect(calling()).rejects.toThrow(/it broke off its answer \(.*Failed to open SSE stream/);
  });

  it.each([
    ['JSON', JSON_BODY, ''],
    ['an event', EVENTS, 'data: '],
  ])('has at most 10 MB, as %s', async (_, headers, before) => {
    let sent = 0;
    const { calling } = await answering({
      call(response, _id, n) {
        response.writeHead(200, headers).write(before);
        const more = () => {
          while (!response.destroyed && sent < 64 * 2 ** 20) {
            sent += 2 ** 16;
            if (!response.write('x'.repeat(2 ** 16))) return response.once('drain', more);
          }
          return n;
        };
        more();
      },
    });
    await expect(calling()).rejects.toThrow(/its answer has over 10 MB/);
    expect(sent).toBeLessThan(40 * 2 ** 20);
  });

  it('may be long where it is many events', async () => {
    const { calling } = await answering({
      call(response, id) {
        begun(response);
        const note = JSON.stringify({
          ...{ jsonrpc: '2.0', method: 'notifications/message' },
          params: { level: 'info', data: 'x'.repeat(2 ** 20) },
        });
        for (let n = 0; n < 12; n++) response.write(event(note));
        response.end(event(resultOf(id, 'at last')));
      },
    });
    expect(await calling()).toEqual({ text: 'at last' });
  });

  it('that nobody waits for any more is no trouble of the next call', async () => {
    const { calling } = await answering({
      call(response, _, n) {
        begun(response);
        setTimeout(() => response.end(), n === 1 ? 50 : 1_500);
      },
    });
    const stop = new AbortController();
    const first = calling(stop.signal);
    setTimeout(() => stop.abort(new Error('enough')), 20);
    await expect(first).rejects.toThrow();
    const said = await calling().catch(({ message }: Error) => message);
    expect(said).toBe('MCP error -32000: it ended its answer before there was one');
  });
});
