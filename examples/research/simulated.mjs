import { createServer } from 'node:http';

const HOST = '127.0.0.1';

/**
 * An endpoint that speaks OpenAI's chat completions, as far as Muster uses them, and is no model.
 * @param port 0: any that is free
 * @param name what it calls itself in every answer: a report labels what comes from a model whose name begins with `simulated`
 * @param answer gets `{prompt, model, properties, key}` of a question and gives the value it answers with; undefined: it cannot.
 *   `prompt` is all that the user says: the task, and what a sample, a view or a reconciliation is told beyond it
 * @returns its address, and how to end it
 */
export async function serve(port, { name, answer }) {
  const server = createServer(async (request, response) => {
    try {
      const { messages, model, response_format } = await new Response(request).json();
      const value = answer({
        prompt: messages
          .filter(({ role }) => role === 'user')
          .map(({ content }) => content)
          .join('\n\n'),
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

/** It takes no tokens, and says so: else a budget would count what a model is expected to take. */
const NONE = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 };

function stream(response, name, content) {
  const chunk = (more) =>
    `data: ${JSON.stringify({ object: 'chat.completion.chunk', model: name, ...more })}\n\n`;
  const piece = (delta, finish_reason = null) => chunk({ choices: [{ index: 0, delta, finish_reason }] });
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.end(
    `${piece({ role: 'assistant', content })}${piece({}, 'stop')}${chunk({ choices: [], usage: NONE })}data: [DONE]\n\n`,
  );
}

function refuse(response, message) {
  response.writeHead(400, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ error: { message, type: 'invalid_request_error' } }));
}
