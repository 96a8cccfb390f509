import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { readOn, tripOn } from './receipts.mjs';

/*
 * An MCP server on standard input and output: a shelf of receipts, a folder for each trip. It gives no other file, whatever it
 * is asked for, and ends when its input does.
 */
const tool = (name, description, ...wants) => ({
  name,
  description,
  inputSchema: {
    type: 'object',
    additionalProperties: false,
    required: wants,
    properties: Object.fromEntries(wants.map((want) => [want, { type: 'string' }])),
  },
});
const TOOLS = [
  tool('list', 'Names the receipts of a trip.', 'trip'),
  tool('read', 'Gives the text of a receipt.', 'trip', 'receipt'),
];

function answer({ name, arguments: { trip, receipt } = {} }) {
  try {
    return {
      content: [{ type: 'text', text: name === 'list' ? tripOn(trip).join('\n') : readOn(trip, receipt) }],
    };
  } catch (error) {
    return { content: [{ type: 'text', text: error.message }], isError: true };
  }
}

const server = new Server({ name: 'shelf', version: '1.0.0' }, { capabilities: { tools: {} } });
server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: TOOLS }));
server.setRequestHandler(CallToolRequestSchema, ({ params }) => answer(params));
await server.connect(new StdioServerTransport());
