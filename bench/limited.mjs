import { createServer } from 'node:http';

/**
 * A model server that allows so many requests and tokens in any window, and refuses what is more with 429 and the time to
 * wait. Tokens of a question count when it comes, those of an answer when it is given. Answers take 50 to 350 ms; how long
 * they are follows from the question.
 */
export async function limitedServer({ windowMs, requests, tokens, answer }) {
  const counted = [];
  const taken = [];
  const refusals = [];
  let begun;
  const first = new Promise((resolve) => {
    begun = resolve;
  });
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const { model, messages } = JSON.parse(text);
    const at = Date.now();
    const said = messages.map(({ content }) => content).join('\n');
    const run = /run=(\w+)/.exec(said)?.[1];
    const question = Math.ceil(said.length / 4);
    while (counted[0]?.at <= at - windowMs) counted.shift();
    const calls = counted.filter((one) => one.call);
    const sum = counted.reduce((all, one) => all + one.tokens, 0);
    if (calls.length >= requests || sum + question > tokens) {
      refusals.push(at);
      const until = (calls[0] ?? counted[0]).at + windowMs;
      response.writeHead(429, {
        'retry-after': String(Math.max(0.1, (until - at) / 1000)),
        'content-type': 'application/json',
      });
      return response.end(JSON.stringify({ error: { message: 'too many', code: 'rate_limit_exceeded' } }));
    }
    begun(at);
    counted.push({ at, tokens: question, call: true });
    const one = { at, run, tokens: question };
    taken.push(one);
    const share = (hashOf(said) % 1000) / 1000;
    const length = Math.round(answer * (0.5 + share));
    await new Promise((resolve) => setTimeout(resolve, 50 + 300 * share));
    counted.push({ at: Date.now(), tokens: length });
    one.tokens += length;
    const chunk = (more) =>
      `data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', created: 0, model: `simulated-${model}`, ...more })}\n\n`;
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(
      chunk({
        choices: [{ index: 0, delta: { role: 'assistant', content: '{"ok":true}' }, finish_reason: null }],
      }),
    );
    response.write(chunk({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }));
    response.write(
      chunk({
        choices: [],
        usage: { prompt_tokens: question, completion_tokens: length, total_tokens: question + length },
      }),
    );
    response.end('data: [DONE]\n\n');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/v1`,
    /** When the first call was taken. */
    first: () => first,
    between: (from, to) => ({
      taken: taken.filter(({ at }) => at >= from && at < to),
      refused: refusals.filter((at) => at >= from && at < to).length,
    }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** FNV-1a. */
function hashOf(text) {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return hash;
}
