// An MCP server, over standard input and output, or HTTP: `node mcpServer.mjs LOG`, or `offering(LOG)` for a transport of yours.
import { appendFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { z } from 'zod';

/** Notes in `log` each call, with its idempotency key. */
export function offering(log, more = '') {
  const server = new McpServer({ name: 'notes', version: '1.0.0' });
  const note = (tool, input, { _meta }) =>
    appendFileSync(
      log,
      `${JSON.stringify({ tool, input, key: _meta?.['muster/idempotency-key'], pid: process.pid })}\n`,
    );
  const text = (said, more = {}) => ({ content: [{ type: 'text', text: said }], ...more });
  server.registerTool(
    'read',
    { description: `Reads a note.${more && ` ${more}`}`, inputSchema: { name: z.string() } },
    ({ name }, extra) => {
      note('read', name, extra);
      return text(`note ${name}: ${name.toUpperCase()}`);
    },
  );
  server.registerTool(
    'fail',
    { description: 'Fails.', inputSchema: { message: z.string() } },
    ({ message }, extra) => {
      note('fail', message, extra);
      return text(message, { isError: true });
    },
  );
  server.registerTool('env', { description: 'Names of its environment.', inputSchema: {} }, (_, extra) => {
    note('env', null, extra);
    return text(JSON.stringify(process.env));
  });
  server.registerTool('exit', { description: 'Ends the server.', inputSchema: {} }, () => process.exit(3));
  server.registerTool(
    'wait',
    { description: 'Never answers.', inputSchema: {} },
    () => new Promise(() => {}),
  );
  return server;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href)
  await offering(process.argv[2], process.argv[3]).connect(new StdioServerTransport());
