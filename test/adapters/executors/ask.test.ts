import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LLMock } from '@copilotkit/aimock';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { askExecutor } from '../../../src/adapters/executors/ask.js';
import type { AskWork } from '../../../src/core/plan/render.js';
import type { Effect } from '../../../src/ports/executor.js';
import { exam } from './exam.js';
import { asking, failureOf, stoppedAtProgress, taskFor, textIn, valueIn } from './task.js';

const KEY = 'sk-very-secret-key';
const mock = new LLMock({ port: 0 });
const ask = (given: object = {}) => askExecutor({ baseURL: `${mock.url}/v1`, apiKey: KEY, ...given });
const requests = () => mock.getRequests();

beforeAll(() => mock.start());
afterAll(() => mock.stop());
beforeEach(() => {
  mock.reset();
  mock.onMessage(/^say /, ({ messages }) => ({ content: String(messages.at(-1)?.content).slice(4) }));
  mock.onMessage('endless', { content: 'word '.repeat(2000) }, { latency: 40, chunkSize: 5 });
});

describe('ask sits the exam', () =>
  exam(() => ({
    executor: ask(),
    says: (words) => asking(`say ${words}`),
    identity: {
      work: asking('say it'),
      read: () => ({ key: requests().at(-1)?.headers['idempotency-key'] }),
    },
    endless: asking('endless'),
    failing: asking('nobody answers this'),
    leftovers: () => [],
  })));

describe('an answer', () => {
  it('is text where no schema is given, with what it cost', async () => {
    mock.onMessage('hello', {
      content: 'Hi there.',
      usage: { prompt_tokens: 11, completion_tokens: 7 },
      model: 'gpt-x-2',
    });
    const effect = await ask()(taskFor(asking('hello')));
    expect(effect.output).toEqual({ text: 'Hi there.' });
    expect(effect.usage).toEqual({ inputTokens: 11, outputTokens: 7, model: 'gpt-x-2' });
  });

  it('is a value where a schema is given, which the model is told', async () => {
    mock.onMessage('topics', { content: '{"topics":["cost","licence"]}' });
    const schema = { type: 'object', properties: { topics: { type: 'array' } }, required: ['topics'] };
    expect(valueIn(await ask()(taskFor(asking('topics', schema))))).toEqual({ topics: ['cost', 'licence'] });
    expect(requests().at(-1)?.body).toMatchObject({
      model: 'gpt-x',
      stream: true,
      response_format: { type: 'json_schema', json_schema: { name: 'output', schema, strict: false } },
    });
  });

  it('is a value also when the model wraps it in a code block', async () => {
    mock.onMessage('fenced', { content: '```json\n{"a": 1}\n```' });
    expect(valueIn(await ask()(taskFor(asking('fenced', { type: 'object' }))))).toEqual({ a: 1 });
  });

  it('that is no JSON is kept, and the failure says what is wrong with it', async () => {
    mock.onMessage('broken', { content: '{"topics": [' });
    const failure = await failureOf(ask()(taskFor(asking('broken', { type: 'object' }))));
    expect(failure).toMatchObject({
      type: 'OutputInvalid',
      permanent: false,
      detail: { partial: '{"topics": [' },
    });
    expect(failure.detail.usage?.model).toBe('gpt-x');
    expect(failure.message).toContain('is not JSON');
  });

  it('cut at its length limit is no answer', async () => {
    mock.onMessage('long', { content: 'Once upon', finishReason: 'length' });
    const failure = await failureOf(ask()(taskFor(asking('long'))));
    expect(failure).toMatchObject({ type: 'OutputInvalid', detail: { partial: 'Once upon' } });
    expect(failure.message).toContain('length limit');
  });

  it('that the provider filtered is a refusal', async () => {
    mock.onMessage('filtered', { content: '', finishReason: 'content_filter' });
    expect(await failureOf(ask()(taskFor(asking('filtered'))))).toMatchObject({ type: 'ModelRefused' });
  });

  it('that breaks off in the middle counts for nothing, and what there was is kept', async () => {
    mock.onMessage(
      'cut',
      { content: 'one two three four five six seven' },
      { truncateAfterChunks: 4, chunkSize: 5, latency: 20 },
    );
    const failure = await failureOf(ask()(taskFor(asking('cut'))));
    expect(failure).toMatchObject({ type: 'ModelUnavailable', permanent: false });
    expect(failure.detail.partial).toMatch(/^one/);
  });

  it('is counted while it comes', async () => {
    const { given, told } = stoppedAtProgress();
    const failure = await failureOf(ask()(taskFor(asking('endless'), given)));
    expect(told[0]).toEqual({ tokens: expect.any(Number) });
    expect(failure.detail.partial).toMatch(/^word/);
  });

  it('that never comes is waited for until the signal says enough', async () => {
    mock.onMessage('hang', { content: 'late' }, { latency: 60_000 });
    const began = Date.now();
    const failure = await failureOf(ask()(taskFor(asking('hang'), { signal: AbortSignal.timeout(300) })));
    expect(failure.type).toBe('Cancelled');
    expect(Date.now() - began).toBeLessThan(2000);
  });
});

describe('a provider that says no', () => {
  const refusedWith = async (status: number, message = 'no') => {
    mock.nextRequestError(status, { message });
    const failure = await failureOf(ask()(taskFor(asking('say hi'))));
    expect(requests()).toHaveLength(1);
    return failure;
  };

  it.each([
    [400, 'InvalidInput', true],
    [401, 'ModelAuth', true],
    [403, 'ModelAuth', true],
    [404, 'InvalidInput', true],
    [409, 'ModelUnavailable', false],
    [422, 'InvalidInput', true],
    [429, 'ModelRateLimited', false],
    [500, 'ModelUnavailable', false],
    [503, 'ModelUnavailable', false],
  ])('with %i fails as %s and is asked once only', async (status, type, permanent) => {
    expect(await refusedWith(status)).toMatchObject({ type, permanent });
  });

  it('is quoted, with the key left out', async () => {
    expect((await refusedWith(400, `schema too deep for ${KEY}`)).message).toContain(
      'schema too deep for [secret OPENAI_API_KEY]',
    );
    const failure = await refusedWithKey();
    expect(`${failure.message} ${String(failure.cause)}`).not.toContain('sk-very');
  });
  const refusedWithKey = () => {
    mock.reset();
    return refusedWith(401, `Incorrect API key provided: ${KEY.slice(0, 10)}***`);
  };

  it('because nothing is set up says which variables to set', async () => {
    const failure = await failureOf(askExecutor({})(taskFor(asking('say hi'))));
    expect(failure).toMatchObject({ type: 'ModelAuth', permanent: true });
    expect(failure.message).toMatch(/OPENAI_API_KEY.*OPENAI_BASE_URL/);
  });
});

describe('over a plain server', () => {
  let server: Server;
  let answer: (request: IncomingMessage, response: ServerResponse) => void;
  let seen: IncomingMessage[];
  const local = (apiKey?: string) =>
    askExecutor({
      baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
      ...(apiKey && { apiKey }),
    })(taskFor(asking('hello')));
  const chunks =
    (...pieces: object[]) =>
    (_: IncomingMessage, response: ServerResponse) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const piece of pieces) response.write(`data: ${JSON.stringify(piece)}\n\n`);
      response.end('data: [DONE]\n\n');
    };
  beforeAll(async () => {
    server = createServer((request, response) => {
      seen.push(request);
      request.resume().on('end', () => answer(request, response));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    seen = [];
  });

  it.each([
    ['0', 0, 0],
    ['1', 1000, 1000],
    ['2.5', 2500, 2500],
    [new Date(Date.now() - 60_000).toUTCString(), 0, 0],
    [new Date(Date.now() + 60_000).toUTCString(), 50_000, 61_000],
  ])('a rate limit with Retry-After: %s is to be waited out for so long', async (header, least, most) => {
    answer = (_, response) =>
      response.writeHead(429, { 'retry-after': header }).end('{"error":{"message":"slow"}}');
    const failure = await failureOf(local(KEY));
    expect(failure.type).toBe('ModelRateLimited');
    expect(failure.detail.retryAfterMs).toBeGreaterThanOrEqual(least);
    expect(failure.detail.retryAfterMs).toBeLessThanOrEqual(most);
    expect(seen).toHaveLength(1);
  });

  it('a rate limit that waiting cannot mend is for good', async () => {
    answer = (_, response) =>
      response.writeHead(429).end('{"error":{"message":"spent","code":"insufficient_quota"}}');
    expect(await failureOf(local(KEY))).toMatchObject({ type: 'ModelRateLimited', permanent: true });
  });

  it('a refusal is quoted', async () => {
    answer = chunks(
      { model: 'm', choices: [{ delta: { refusal: 'I will ' } }] },
      { choices: [{ delta: { refusal: 'not.' }, finish_reason: 'stop' }] },
    );
    const failure = await failureOf(local(KEY));
    expect(failure.type).toBe('ModelRefused');
    expect(failure.message).toContain('refused: I will not.');
  });

  it('an error in the middle of a stream is told by its code', async () => {
    answer = chunks(
      { choices: [{ delta: { content: 'half' } }] },
      { error: { message: 'later', code: 'rate_limit_exceeded' } },
    );
    expect(await failureOf(local(KEY))).toMatchObject({
      type: 'ModelRateLimited',
      detail: { partial: 'half' },
    });
  });

  it('a stream that ends in good order but without an end is no answer', async () => {
    answer = chunks({ choices: [{ delta: { content: 'half' } }] });
    expect(await failureOf(local(KEY))).toMatchObject({
      type: 'ModelUnavailable',
      detail: { partial: 'half' },
    });
  });

  it('a stream that is no stream is no answer', async () => {
    answer = (_, response) =>
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end('data: {oops\n\n');
    expect(await failureOf(local(KEY))).toMatchObject({ type: 'ModelUnavailable' });
  });

  it('a connection that drops says so', async () => {
    answer = (request) => request.socket.destroy();
    const failure = await failureOf(local(KEY));
    expect(failure).toMatchObject({ type: 'ModelUnavailable', permanent: false });
    expect(failure.message).toContain('the connection to 127.0.0.1');
  });

  it('no key is sent where none is set', async () => {
    answer = chunks({ choices: [{ delta: { content: 'hi' }, finish_reason: 'stop' }] });
    expect(textIn(await local())).toBe('hi');
    expect(seen[0]?.headers.authorization).toBeUndefined();
    await local(KEY);
    expect(seen[1]?.headers.authorization).toBe(`Bearer ${KEY}`);
  });

  it('an abort closes the connection', async () => {
    const closed = new Promise((resolve) => {
      answer = (_, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write('data: {"choices":[{"delta":{"content":"a"}}]}\n\n');
        response.on('close', resolve);
      };
    });
    const { given } = stoppedAtProgress();
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
    const failure = await failureOf(askExecutor({ baseURL: url })(taskFor(asking('hello'), given)));
    expect(failure).toMatchObject({ type: 'Cancelled', detail: { partial: 'a' } });
    await closed;
  });
});

describe('a model with tools', () => {
  const input = { type: 'object', properties: { query: { type: 'string' } } };
  const work: AskWork = {
    kind: 'ask',
    model: 'gpt-x',
    messages: [
      { role: 'user', content: 'dig' },
      { role: 'assistant', content: '', calls: [{ id: 'c1', name: 'search', input: '{}' }] },
      { role: 'tool', of: 'c1', content: 'nothing' },
    ],
    tools: [{ name: 'search', description: 'Finds pages.', input }],
  };
  const chunk = (delta: object, finish_reason: string | null = null) =>
    `data: ${JSON.stringify({ object: 'chat.completion.chunk', model: 'm', choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
  let server: Server;
  let sent: { [name: string]: unknown };
  let stream: readonly string[];
  let effect: (work: AskWork) => Promise<Effect>;
  beforeAll(async () => {
    server = createServer(async (request, response) => {
      let text = '';
      for await (const piece of request) text += String(piece);
      sent = JSON.parse(text);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(`${stream.join('')}data: [DONE]\n\n`);
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    effect = (work) => askExecutor({ baseURL: `http://127.0.0.1:${port}` })(taskFor(work));
  });
  afterAll(() => void server.close());

  it('is told of them and of what came of its calls, in the words of the interface', async () => {
    stream = [chunk({ content: 'done' }, 'stop')];
    expect((await effect({ ...work, answerNow: true })).output).toEqual({ text: 'done' });
    expect(sent).toMatchObject({
      tool_choice: 'none',
      tools: [
        { type: 'function', function: { name: 'search', description: 'Finds pages.', parameters: input } },
      ],
      messages: [
        { role: 'user', content: 'dig' },
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'c1', function: { name: 'search', arguments: '{}' } }],
        },
        { role: 'tool', tool_call_id: 'c1', content: 'nothing' },
      ],
    });
  });

  it('calls some instead of an answer, in pieces that belong together by their place', async () => {
    const call = (index: number, more: object) => chunk({ tool_calls: [{ index, ...more }] });
    stream = [
      chunk({ content: 'I look.' }),
      call(0, { id: 'a', function: { name: 'search', arguments: '' } }),
      call(1, { id: 'b', function: { name: 'search', arguments: '{"que' } }),
      call(0, { function: { arguments: '{}' } }),
      call(1, { function: { arguments: 'ry":"x"}' } }),
      call(2, { function: { name: 'search', arguments: '{}' } }),
      chunk({}, 'tool_calls'),
    ];
    expect(await effect({ ...work, schema: { type: 'object' } })).toMatchObject({
      output: { text: 'I look.' },
      calls: [
        { id: 'a', name: 'search', input: '{}' },
        { id: 'b', name: 'search', input: '{"query":"x"}' },
        { id: 'call_3', name: 'search', input: '{}' },
      ],
    });
  });

  it.each([
    ['gives all of them one place', { index: 0 }],
    ['gives them no place', {}],
  ])('of an endpoint that %s calls each by its id', async (_, place) => {
    const call = (more: object) => chunk({ tool_calls: [{ ...place, ...more }] });
    stream = [
      call({ id: 'a', function: { name: 'search', arguments: '{"query":' } }),
      call({ function: { arguments: '"x"}' } }),
      call({ id: 'b', function: { name: 'search', arguments: '{}' } }),
      chunk({}, 'tool_calls'),
    ];
    expect((await effect(work)).calls).toEqual([
      { id: 'a', name: 'search', input: '{"query":"x"}' },
      { id: 'b', name: 'search', input: '{}' },
    ]);
  });

  it('of an endpoint that gives neither places nor ids calls each that is named', async () => {
    const call = { function: { name: 'search', arguments: '{}' } };
    stream = [chunk({ tool_calls: [call] }), chunk({ tool_calls: [call] }), chunk({}, 'tool_calls')];
    expect((await effect(work)).calls?.map(({ id, input }) => [id, input])).toEqual([
      ['call_1', '{}'],
      ['call_2', '{}'],
    ]);
  });

  it('that called what is no tool, or with what is no JSON, is shown that in a form every endpoint takes', async () => {
    stream = [chunk({ content: 'done' }, 'stop')];
    const calls = [
      { id: 'c1', name: 'files.read now!', input: '{"path":' },
      { id: 'c2', name: 'x'.repeat(100), input: '' },
      { id: 'c3', name: 'search', input: '"x"' },
    ];
    await effect({ ...work, messages: [{ role: 'assistant', content: '', calls }] });
    expect(sent.messages).toMatchObject([
      {
        tool_calls: [
          { function: { name: 'files_read_now_', arguments: '{}' } },
          { function: { name: 'x'.repeat(64), arguments: '{}' } },
          { function: { name: 'search', arguments: '{}' } },
        ],
      },
    ]);
  });

  it('whose calls broke off has called nothing', async () => {
    stream = [chunk({ tool_calls: [{ index: 0, id: 'a', function: { name: 'search', arguments: '{"a' } }] })];
    expect(await failureOf(effect(work))).toMatchObject({ type: 'ModelUnavailable' });
    stream = [...stream, chunk({}, 'length')];
    expect(await failureOf(effect(work))).toMatchObject({ type: 'OutputInvalid' });
  });
});
