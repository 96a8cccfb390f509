import { createServer } from 'node:http';

/**
 * Models for recordings: what may call tools does so in its first two turns and answers in the third, anything else is
 * asked of `limited`. There are no batches here.
 */
export async function modelsFor(limited) {
  const server = createServer(async (request, response) => {
    if (!request.url.endsWith('/chat/completions')) return response.writeHead(404).end('{}');
    const text = await new Response(request).text();
    const { tools, messages } = JSON.parse(text);
    if (!tools) {
      const { headers } = request;
      const answer = await fetch(`${limited.url}/chat/completions`, { method: 'POST', headers, body: text });
      response.writeHead(answer.status, Object.fromEntries(answer.headers));
      return response.end(await answer.text());
    }
    const turn = messages.filter(({ role }) => role === 'assistant').length;
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const choice of turn < 2 ? calling(tools[0].function.name, turn) : answering())
      response.write(
        `data: ${JSON.stringify({ object: 'chat.completion.chunk', model: 'm', ...choice })}\n\n`,
      );
    response.end('data: [DONE]\n\n');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/v1`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const usage = { prompt_tokens: 10, completion_tokens: 2, total_tokens: 12 };
const chunk = (delta, finish_reason = null) => ({ choices: [{ index: 0, delta, finish_reason }] });

function calling(name, turn) {
  const call = { index: 0, id: `c${turn}`, type: 'function', function: { name, arguments: '{"n":1}' } };
  return [chunk({ role: 'assistant', tool_calls: [call] }), { ...chunk({}, 'tool_calls'), usage }];
}
const answering = () => [
  chunk({ role: 'assistant', content: '{"ok":true}' }),
  { ...chunk({}, 'stop'), usage },
];
