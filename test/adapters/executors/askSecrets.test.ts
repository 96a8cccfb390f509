import { describe, expect, it } from 'vitest';
import { askExecutor } from '../../../src/adapters/executors/ask.js';
import { providerBatches } from '../../../src/adapters/executors/batches.js';
import { redacting } from '../../../src/adapters/executors/redacting.js';
import { redactor } from '../../../src/adapters/executors/redactor.js';
import type { Failure } from '../../../src/core/outcome/failure.js';
import { asking, failureOf, taskFor } from './task.js';

const KEY = 'sk-very-secret-key-of-a-model';
const hiding = redactor([{ name: 'OPENAI_API_KEY', value: KEY }]);
const nobody = new AbortController().signal;

const events = (...data: readonly string[]) =>
  new Response(data.map((one) => `data: ${one}\n\n`).join(''), {
    headers: { 'content-type': 'text/event-stream' },
  });
const piece = (more: object, delta: object = {}) =>
  JSON.stringify({ model: KEY, choices: [{ index: 0, delta, ...more }] });
const answering = (response: () => Response) =>
  redacting(
    hiding,
    askExecutor({ apiKey: KEY, redactor: hiding, fetch: async () => response() }),
  )(taskFor(asking('x')));
const all = ({ message, stack, detail, cause }: Failure) =>
  JSON.stringify([message, stack, detail, String((cause as Error | undefined)?.stack)]);

describe('what a model sends', () => {
  it('is quoted with nothing of a secret, where it is no JSON', async () => {
    const failure = await failureOf(
      answering(() => events(piece({}, { content: 'a' }), `${KEY} is no JSON`)),
    );
    expect(failure.type).toBe('ModelUnavailable');
    expect(failure.message).toContain('sent what is no JSON');
    expect(all(failure)).not.toContain(KEY.slice(0, 6));
  });
  it('has none in the name of the model either, when an answer breaks off', async () => {
    const failure = await failureOf(answering(() => events(piece({}, { content: 'a' }))));
    expect(failure.detail.usage).toEqual({ model: '[secret OPENAI_API_KEY]' });
    expect(all(failure)).not.toContain(KEY);
  });
});

describe('what a batch brings', () => {
  const line = (content: string, model = 'm-1', finish = 'stop') =>
    JSON.stringify({
      custom_id: 'k-1',
      response: {
        status_code: 200,
        body: { model, choices: [{ finish_reason: finish, message: { content } }] },
      },
    });
  const batches = (body: object, file = '') =>
    providerBatches({
      apiKey: KEY,
      redactor: hiding,
      fetch: async (url) =>
        String(url).endsWith('/content') ? new Response(file) : Response.json(body, { status: 200 }),
    });
  const schema = { type: 'object' };

  it('has no secret in the text, nor in the name of the model', async () => {
    const text = line(`Your key: ${KEY}`, KEY);
    const came = await batches({ output_file_id: 'f-1' }, text).answers('b-1', nobody);
    expect(JSON.stringify(came)).not.toContain(KEY);
    expect(JSON.stringify(came)).toContain('Your key: [secret OPENAI_API_KEY]');
  });
  it('has none in a value that was written so that nobody sees it in the text', async () => {
    const hidden = [...KEY].map((sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
    const [came] = await batches({ output_file_id: 'f-1' }, line(`{"a":"${hidden}"}`)).answers('b-1', nobody);
    const said = 'said' in came! ? came.said : expect.unreachable();
    const request = taskFor(asking('x', schema));
    const effect = await batches({}).effectOf(request, said);
    expect(effect).toMatchObject({
      output: { value: { a: '[secret OPENAI_API_KEY]' } },
    });
  });
  it('has none in why a provider took no batch, where a message has room for half of it', async () => {
    const errors = { data: [{ message: `${'x'.repeat(240)} ${KEY}` }] };
    const look = await batches({ status: 'failed', errors }).look('b-1', nobody);
    expect(look.refused).not.toContain('sk-very');
  });
});
