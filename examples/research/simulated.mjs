import { createServer } from 'node:http';
import { ANSWERS, read } from './extract.mjs';

/** What the stand-in calls itself in every answer. A report labels what comes from a model whose name begins like this. */
const MODEL = 'simulated-extractive';
const HOST = '127.0.0.1';

/**
 * An endpoint that speaks OpenAI's chat completions, as far as Muster uses them, and is no model: see extract.mjs.
 * @param port 0: any that is free. @returns its address, and how to end it
 */
export async function serve(port) {
  const server = createServer(async (request, response) => {
    try {
      const { messages, response_format } = await new Response(request).json();
      const { properties } = response_format?.json_schema.schema ?? {};
      const [, answer] = Object.entries(ANSWERS).find(([property]) => properties?.[property]) ?? [];
      if (!answer) return refuse(response, `${MODEL} answers the briefs of this example and no others.`);
      stream(response, JSON.stringify(answer(read(messages.at(-1).content))));
    } catch (error) {
      refuse(response, error.message);
    }
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject).listen(port, HOST, resolve);
  });
  return {
    port: server.address().port,
    url: `http://${HOST}:${server.address().port}/v1`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Tokens are not counted: there are none. */
function stream(response, content) {
  const chunk = (delta, finish_reason = null) =>
    `data: ${JSON.stringify({ object: 'chat.completion.chunk', model: MODEL, choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.end(`${chunk({ role: 'assistant', content })}${chunk({}, 'stop')}data: [DONE]\n\n`);
}

function refuse(response, message) {
  response.writeHead(400, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ error: { message, type: 'invalid_request_error' } }));
}
