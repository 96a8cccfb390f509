import { createServer } from 'node:http';
import { materialIn } from './material.mjs';

const HOST = '127.0.0.1';

/**
 * An endpoint that speaks OpenAI's chat completions, as far as Muster uses them, and is no model.
 * @param port 0: any that is free
 * @param name what it calls itself in every answer: a report labels what comes from a model whose name begins with `simulated`
 * @param answer gets `{prompt, model, properties, key, told}` of a question and gives the value it answers with, or what it calls
 *   (`calling`); undefined: it cannot. `prompt` is all that the user says: the task, and what a sample, a view or a reconciliation
 *   is told beyond it; `told` what came of its calls
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
        told: toldIn(messages),
      });
      if (value === undefined)
        return refuse(response, `${name} answers the briefs of this example and no others.`);
      if (value instanceof Calls)
        stream(response, name, { tool_calls: value.as(messages.length) }, 'tool_calls');
      else stream(response, name, { content: JSON.stringify(value) }, 'stop');
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

/** What an answer calls in place of giving a value: `['name', input]` of each. */
export const calling = (...calls) => new Calls(calls);

class Calls {
  constructor(calls) {
    this.calls = calls;
  }

  /** As the interface has them; ids differ within one conversation. */
  as(at) {
    return this.calls.map(([name, input], index) => ({
      ...{ index, id: `call_${at}_${index}`, type: 'function' },
      function: { name, arguments: JSON.stringify(input) },
    }));
  }
}

/** What came of the calls in a conversation, in order: `[{name, input, text, isError}]`. */
function toldIn(messages) {
  const calls = messages.flatMap(({ tool_calls = [] }) => tool_calls);
  return messages.flatMap(({ role, tool_call_id, content }) => {
    if (role !== 'tool') return [];
    const { name, arguments: input } = calls.find(({ id }) => id === tool_call_id).function;
    const [{ kind, text }] = materialIn(content);
    return [{ name, input: JSON.parse(input), text, isError: kind === 'error of' }];
  });
}

/** It takes no tokens, and says so: else a budget would count what a model is expected to take. */
const NONE = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 };

function stream(response, name, said, why) {
  const chunk = (more) =>
    `data: ${JSON.stringify({ object: 'chat.completion.chunk', model: name, ...more })}\n\n`;
  const piece = (delta, finish_reason = null) => chunk({ choices: [{ index: 0, delta, finish_reason }] });
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.end(
    `${piece({ role: 'assistant', ...said })}${piece({}, why)}${chunk({ choices: [], usage: NONE })}data: [DONE]\n\n`,
  );
}

function refuse(response, message) {
  response.writeHead(400, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ error: { message, type: 'invalid_request_error' } }));
}
