import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { providerBatches } from '../../../src/adapters/executors/batches.js';
import type { Failure } from '../../../src/core/outcome/failure.js';
import type { BatchRequest } from '../../../src/ports/batches.js';
import { bodyOf, modelListening } from '../../support/endpoint.js';
import { asking, taskFor, textIn } from './task.js';

const KEY = 'sk-very-secret-key';
type Reply = readonly [status: number, body: unknown];

/** What the endpoint says to `METHOD /path`, and what it was asked. */
let routes: Record<string, (text: string, url: URL) => Reply>;
let asked: { readonly what: string; readonly text: string }[];
let endpoint: Awaited<ReturnType<typeof modelListening>>;
beforeEach(async () => {
  routes = {};
  asked = [];
  endpoint = await modelListening(createServer((request, response) => void answer(request, response)));
});
afterEach(() => endpoint.close());

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const text = await bodyOf(request);
  const url = new URL(request.url!, 'http://here');
  const what = `${request.method} ${url.pathname.replace('/v1', '')}`;
  asked.push({ what, text });
  const [status, body] = routes[what]?.(text, url) ?? [404, { error: { message: 'no such path' } }];
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}
const batches = () => providerBatches({ baseURL: endpoint.url, apiKey: KEY });
const signal = new AbortController().signal;
const requests: readonly BatchRequest[] = [
  { key: 'k-1', work: { ...asking('one'), maxTokens: 5 } },
  { key: 'k-2', work: asking('zwei: ä', { type: 'object' }) },
];
const whats = () => asked.map(({ what }) => what);
const failing = (work: Promise<unknown>): Promise<Failure> =>
  work.then(
    (it) => {
      throw new Error(`it succeeded: ${JSON.stringify(it)}`);
    },
    (failure: Failure) => failure,
  );
const lines = (...all: readonly object[]) => all.map((one) => JSON.stringify(one)).join('\n');
const message = (content: string, more: object = {}) => ({
  choices: [{ finish_reason: 'stop', message: { content, refusal: null } }],
  ...more,
});

describe('a batch that is sent', () => {
  const sending = () => {
    routes['POST /files'] = () => [200, { id: 'file-1' }];
    routes['POST /batches'] = () => [200, { id: 'batch-1' }];
  };

  it('is a file of requests, one a line, and carries its name', async () => {
    sending();
    expect(await batches().send('run/q0/1', requests, signal)).toBe('batch-1');
    const [file, batch] = asked;
    const sent = file!.text.split(/\r?\n/).filter((line) => line.startsWith('{"custom_id"'));
    expect(sent.map((line) => JSON.parse(line))).toEqual([
      {
        ...{ custom_id: 'k-1', method: 'POST', url: '/v1/chat/completions' },
        body: { model: 'gpt-x', messages: [{ role: 'user', content: 'one' }], max_completion_tokens: 5 },
      },
      expect.objectContaining({
        custom_id: 'k-2',
        body: expect.objectContaining({ messages: [{ role: 'user', content: 'zwei: ä' }] }),
      }),
    ]);
    expect(JSON.parse(batch!.text)).toEqual({
      ...{ input_file_id: 'file-1', endpoint: '/v1/chat/completions', completion_window: '24h' },
      metadata: { muster: 'run/q0/1' },
    });
  });

  it('leaves no file behind where no batch was made of it', async () => {
    sending();
    routes['POST /batches'] = () => [400, { error: { message: 'no' } }];
    routes['DELETE /files/file-1'] = () => [200, { deleted: true }];
    expect(await failing(batches().send('n', requests, signal))).toMatchObject({ type: 'InvalidInput' });
    expect(whats()).toEqual(['POST /files', 'POST /batches', 'DELETE /files/file-1']);
  });

  it.each([
    [404, 'InvalidInput', /has no Batch API \(it says 404\)/],
    [401, 'ModelAuth', /did not accept the key/],
    [429, 'ModelRateLimited', /rate limited/],
    [500, 'ModelUnavailable', /failed \(500\)/],
  ])('that is turned away with %i is %s, and no try of the client follows', async (status, type, says) => {
    routes['POST /files'] = () => [status, { error: { message: `wrong ${KEY}` } }];
    const failure = await failing(batches().send('n', requests, signal));
    expect(failure).toMatchObject({ type, message: expect.stringMatching(says) });
    expect(failure.message).not.toContain(KEY);
    expect(asked).toHaveLength(1);
  });
});

describe('a batch that may have been sent', () => {
  const since = Date.now();
  const made = (id: string, name: string, ago = 0) => ({
    ...{ id, metadata: { muster: name }, created_at: Math.floor(since / 1_000) - ago },
  });

  it('is found by its name, on whatever page', async () => {
    routes['GET /batches'] = (_, url) =>
      url.searchParams.get('after') === 'b-2'
        ? [200, { data: [made('b-3', 'mine')], has_more: false }]
        : [200, { data: [made('b-1', 'other'), made('b-2', 'another')], has_more: true }];
    expect(await batches().find('mine', since, signal)).toBe('b-3');
  });

  it('is not looked for among those that are older than it can be', async () => {
    routes['GET /batches'] = () => [200, { data: [made('b-1', 'other', 86_400)], has_more: true }];
    expect(await batches().find('mine', since, signal)).toBeUndefined();
    expect(asked).toHaveLength(1);
  });
});

describe('how a batch stands', () => {
  const standing = (body: object) => {
    routes['GET /batches/b'] = () => [200, body];
    return batches().look('b', signal);
  };

  it('is told by its state', async () => {
    expect(await standing({ status: 'validating' })).toEqual({ isOver: false, answered: 0 });
    expect(await standing({ status: 'in_progress', request_counts: { completed: 7 } })).toEqual({
      ...{ isOver: false, answered: 7 },
    });
    for (const status of ['completed', 'expired', 'cancelled'])
      expect(await standing({ status })).toEqual({ isOver: true, answered: 0 });
  });

  it('is why, where the provider refused it, with nothing of the key', async () => {
    const errors = { data: [{ code: 'invalid', message: `Line 1 is wrong for ${KEY}.` }] };
    const { refused, ...rest } = await standing({ status: 'failed', errors });
    expect(rest).toEqual({ isOver: true, answered: 0 });
    expect(refused).toMatch(/took no batch: Line 1 is wrong for .*\.$/);
    expect(refused).not.toContain(KEY);
  });

  it('is that there was no room for it, where it may be sent later', async () => {
    const errors = { data: [{ code: 'token_limit_exceeded', message: 'Enqueued token limit reached' }] };
    expect(await standing({ status: 'failed', errors })).toMatchObject({
      ...{ isOver: true, noRoom: true, refused: expect.stringContaining('Enqueued token limit') },
    });
  });
});

describe('what comes of a batch', () => {
  it('is told by the id of each request, whichever file it is in; what says nothing may be asked again', async () => {
    const ended = { status: 'expired', output_file_id: 'out', error_file_id: 'err' };
    routes['GET /batches/b'] = () => [200, ended];
    const usage = { prompt_tokens: 3, completion_tokens: 2 };
    routes['GET /files/out/content'] = () => [
      200,
      lines(
        {
          custom_id: 'k-2',
          response: { status_code: 200, body: message(`has ${KEY}`, { model: 'gpt-x-1', usage }) },
        },
        { custom_id: 'k-1', response: { status_code: 200, body: message('one') } },
        { custom_id: 'k-3', response: { status_code: 200, body: {} } },
      ),
    ];
    routes['GET /files/err/content'] = () => [
      200,
      `${lines(
        { custom_id: 'k-4', response: null, error: { code: 'batch_expired' } },
        { custom_id: 'k-5', response: { status_code: 400, body: {} } },
        { custom_id: 'k-6', response: { status_code: 429, body: {} } },
        { custom_id: 'k-7', response: { status_code: 500, body: {} } },
      )}\n{"custom_id": "k-8", "respo`,
    ];
    const came = await batches().answers('b', signal);
    expect(came).toEqual([
      {
        key: 'k-2',
        said: {
          text: expect.not.stringContaining(KEY),
          ...{ refusal: '', finish: 'stop' },
          usage: { model: 'gpt-x-1', inputTokens: 3, outputTokens: 2 },
        },
      },
      { key: 'k-1', said: { text: 'one', refusal: '', finish: 'stop', usage: {} } },
      { key: 'k-3', again: true },
      { key: 'k-4', again: true },
      { key: 'k-5', again: false },
      { key: 'k-6', again: true },
      { key: 'k-7', again: true },
    ]);
  });

  it('is nothing where there is no file', async () => {
    routes['GET /batches/b'] = () => [200, { status: 'completed', output_file_id: null }];
    expect(await batches().answers('b', signal)).toEqual([]);
  });

  it('is taken away with its question, and what cannot be is left', async () => {
    const files = { input_file_id: 'in', output_file_id: 'out', error_file_id: null };
    routes['GET /batches/b'] = () => [200, files];
    routes['DELETE /files/out'] = () => [200, { deleted: true }];
    await batches().forget('b');
    expect(whats().sort()).toEqual(['DELETE /files/in', 'DELETE /files/out', 'GET /batches/b']);
  });

  it('comes to the same as an answer that was asked for directly', async () => {
    const task = taskFor(asking('one'));
    const said = { text: 'one', refusal: '', usage: { inputTokens: 3 } };
    const effect = await batches().effectOf(task, { ...said, finish: 'stop' });
    expect([textIn(effect), effect.usage]).toEqual(['one', said.usage]);
    const bad = [
      [{ ...said, finish: 'length' }, 'OutputInvalid'],
      [{ ...said, finish: 'stop', refusal: 'no' }, 'ModelRefused'],
      [{ ...said, finish: 'content_filter' }, 'ModelRefused'],
    ] as const;
    for (const [one, type] of bad) {
      const failure = await failing(batches().effectOf(task, one));
      expect(failure).toMatchObject({ type, detail: { usage: said.usage } });
    }
  });
});

it('a batch that is stopped is stopped at its provider', async () => {
  routes['POST /batches/b/cancel'] = () => [200, { id: 'b', status: 'cancelling' }];
  await batches().cancel('b');
  expect(whats()).toEqual(['POST /batches/b/cancel']);
  expect((await failing(batches().cancel('c'))).message).toContain(new URL(endpoint.url).host);
});
