import { createServer } from 'node:http';
import { bodyOf, DONE, modelListening, piece } from './endpoint.js';

/** One request, as a model that calls tools sees it. */
export interface Asked {
  readonly key: string;
  /** Answers that it gave before in this conversation, plus one. */
  readonly turn: number;
  readonly tools: readonly string[];
  readonly messages: readonly { readonly role: string; readonly content: string | null }[];
  /** It may call no tool. */
  readonly answerNow: boolean;
}
export type Said =
  | { readonly text: string }
  | { readonly calls: readonly (readonly [name: string, input: object])[] };

/**
 * An OpenAI-compatible endpoint over HTTP, bound to loopback, that calls tools as a function of the request says. Calls come
 * in pieces, side by side, as those of real endpoints do. Ten tokens in and two out each time.
 */
export async function toolModel(say: (asked: Asked) => Said | Promise<Said>) {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const body = JSON.parse(await bodyOf(request)) as {
      messages: Asked['messages'];
      tools?: { function: { name: string } }[];
      tool_choice?: string;
    };
    const one: Asked = {
      key: String(request.headers['idempotency-key']),
      turn: body.messages.filter(({ role }) => role === 'assistant').length + 1,
      tools: (body.tools ?? []).map(({ function: { name } }) => name),
      messages: body.messages,
      answerNow: body.tool_choice === 'none',
    };
    asked.push(one);
    const said = await say(one);
    const chunk = (...said: [delta: object, finish_reason?: string, usage?: object]) =>
      response.write(piece('stand-in-1', ...said));
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    if ('text' in said) chunk({ role: 'assistant', content: said.text });
    else {
      for (const [index, [name]] of said.calls.entries()) {
        const call = {
          index,
          id: `t${one.turn}c${index}`,
          type: 'function',
          function: { name, arguments: '' },
        };
        chunk({ tool_calls: [call] });
      }
      const inputs = said.calls.map(([, input]) => JSON.stringify(input));
      for (let at = 0; inputs.some((input) => at < input.length); at += 3)
        for (const [index, input] of inputs.entries())
          if (at < input.length)
            chunk({ tool_calls: [{ index, function: { arguments: input.slice(at, at + 3) } }] });
    }
    chunk({}, 'text' in said ? 'stop' : 'tool_calls', { prompt_tokens: 10, completion_tokens: 2 });
    response.end(DONE);
  });
  return { ...(await modelListening(server)), asked };
}
