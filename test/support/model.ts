import { createServer } from 'node:http';
import type { Json } from '../../src/core/outcome/canonical.js';
import { bodyOf, DONE, modelListening } from './endpoint.js';

/** What a model was asked: its messages, one text. */
export interface AskedOf {
  readonly text: string;
  readonly model: string;
  readonly body: { readonly [name: string]: unknown };
}

/**
 * A model over HTTP that answers as a function says: an OpenAI-compatible endpoint that streams, bound to loopback.
 * What the function does not answer yet, it waits for.
 */
export async function modelServer(answer: (asked: AskedOf) => Json | Promise<Json>) {
  const asked: AskedOf[] = [];
  const server = createServer(async (request, response) => {
    const text = await bodyOf(request);
    const body = JSON.parse(text) as { model: string; messages: readonly { content: string }[] };
    const one = { text: body.messages.map(({ content }) => content).join('\n'), model: body.model, body };
    asked.push(one);
    const value = await answer(one);
    const said = typeof value === 'string' ? value : JSON.stringify(value);
    const chunk = (more: object) =>
      `data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', created: 0, model: `${body.model}-served`, ...more })}\n\n`;
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(
      chunk({ choices: [{ index: 0, delta: { role: 'assistant', content: said }, finish_reason: null }] }),
    );
    response.write(chunk({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }));
    response.write(
      chunk({
        choices: [],
        usage: {
          prompt_tokens: text.length,
          completion_tokens: said.length,
          total_tokens: text.length + said.length,
        },
      }),
    );
    response.end(DONE);
  });
  return { ...(await modelListening(server)), asked };
}
