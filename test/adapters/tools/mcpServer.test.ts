import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import {
  CallToolRequestSchema,
  ListToolsRequestSchema,
  type ListToolsResult,
  McpError,
} from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, it } from 'vitest';
import { type McpConnection, mcpConnection } from '../../../src/adapters/tools/mcpServer.js';

const NOTHING = { signal: new AbortController().signal, progress: () => {} };
const call = (to: McpConnection) => to.call({ tool: 'read', input: {}, key: 'k' }, NOTHING);

interface World {
  readonly list?: (cursor: string | undefined) => ListToolsResult;
  readonly read?: () => { readonly content: never[] } | Promise<never>;
  /** Waited for before a connection is closed. */
  readonly closing?: () => Promise<void>;
  readonly idleMs?: number;
}
const READ = { name: 'read', inputSchema: { type: 'object' as const } };

/** A server in this process, and how often it was connected to. */
function served({
  list = () => ({ tools: [READ] }),
  read = () => ({ content: [] }),
  closing,
  idleMs,
}: World) {
  const connected: InMemoryTransport[] = [];
  const over: Server[] = [];
  const connection = mcpConnection(
    async () => {
      const [ours, theirs] = InMemoryTransport.createLinkedPair();
      const server = new Server({ name: 'notes', version: '1' }, { capabilities: { tools: {} } });
      server.setRequestHandler(ListToolsRequestSchema, ({ params }) => list(params?.cursor));
      server.setRequestHandler(CallToolRequestSchema, read);
      server.onclose = () => over.push(server);
      await server.connect(theirs);
      const close = ours.close.bind(ours);
      if (closing) ours.close = () => closing().then(close);
      connected.push(ours);
      return ours;
    },
    '0',
    idleMs,
  );
  return { connection, connected, over };
}

describe('a connection to an MCP server', () => {
  it('that fails a call with a code of its own, such as 404, has not forgotten anybody: it is called once', async () => {
    let calls = 0;
    const { connection, connected } = served({
      read: () => {
        calls++;
        throw new McpError(404, 'no such note');
      },
    });
    await expect(call(connection)).rejects.toThrow('no such note');
    expect([calls, connected.length]).toEqual([1, 1]);
    await connection.close();
  });

  it('is not listened to for ever where its list of tools has no end', async () => {
    let pages = 0;
    const { connection } = served({ list: () => ({ tools: [READ], nextCursor: `${++pages}` }) });
    await expect(connection.tools()).rejects.toThrow(/its list of tools has no end/);
    const asked = pages;
    await new Promise((done) => setTimeout(done, 20));
    expect(pages).toBe(asked);
    await connection.close();
  });

  it('that breaks off in the middle of a call says why, where it knows', async () => {
    let answers = true;
    const { connection, connected } = served({
      read: () => (answers ? { content: [] } : new Promise<never>(() => {})),
    });
    const broken = (why: string) => connected[0]!.onerror?.(new Error(why));
    await connection.tools();
    broken('no JSON');
    await call(connection);
    answers = false;
    const calling = call(connection);
    const [transport] = connected;
    setTimeout(() => {
      broken('a line of over 10 MB');
      broken('what is left of it is no JSON');
      void transport!.close();
    }, 20);
    await expect(calling).rejects.toThrow('Connection closed (a line of over 10 MB)');
  });

  it('is not lost to one that is still being let go of', async () => {
    let isClosed = () => {};
    const closed = new Promise<void>((done) => {
      isClosed = done;
    });
    let isClosing = false;
    const { connection, connected, over } = served({
      idleMs: 1,
      closing: () => {
        isClosing = true;
        return closed;
      },
    });
    await call(connection);
    await expect.poll(() => isClosing).toBe(true);
    const again = call(connection);
    isClosed();
    await again;
    await connection.close();
    expect([connected.length, new Set(over).size]).toEqual([2, 2]);
  });
});
