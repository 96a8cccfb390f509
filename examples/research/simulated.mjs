import { createServer } from 'node:http';

const HOST = '127.0.0.1';

/**
 * An endpoint that speaks OpenAI's chat completions, as far as Muster uses them, and is no model.
 * @param port 0: any that is free
 * @param name what it calls itself in every answer: a report labels what comes from a model whose name begins with `simulated`
 * @param answer gets `{prompt, model, properties, key}` of a question and gives the value it answers with; undefined: it cannot
 * @returns its address, and how to end it
 */
export async function serve(port, { name, answer }) {
  const server = createServer(async (request, response) => {
    try {
      const { messages, model, response_format } = await new Response(request).json();
      const value = answer({
        prompt: messages.at(-1).content,
        model,
        properties: response_format?.json_schema.schema?.properties ?? {},
        key: request.headers['idempotency-key'] ?? '',
      });
      if (value === undefined)
        return refuse(response, `${name} answers the briefs of this example and no others.`);
      stream(response, name, JSON.stringify(value));
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
function stream(response, name, content) {
  const chunk = (delta, finish_reason = null) =>
    `data: ${JSON.stringify({ object: 'chat.completion.chunk', model: name, choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.end(`${chunk({ role: 'assistant', content })}${chunk({}, 'stop')}data: [DONE]\n\n`);
}

function refuse(response, message) {
  response.writeHead(400, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ error: { message, type: 'invalid_request_error' } }));
}
