import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { LLMock } from '@copilotkit/aimock';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Place, place } from '../support/muster.js';

const KEY = 'sk-never-to-be-seen';
let here: Place;
let mock: LLMock;
beforeAll(async () => {
  here = place();
  mock = new LLMock({ port: 0 });
  await mock.start();
  Object.assign(here.env, { OPENAI_BASE_URL: `${mock.url}/v1`, OPENAI_API_KEY: KEY });
  await here.worker();
});
beforeEach(() => void mock.clearFixtures());
afterAll(async () => {
  await here.close();
  await mock.stop();
});

const survey = {
  muster: 1,
  name: 'survey',
  brief: 'Which topics decide, and what is said of each?',
  models: { default: 'model-x' },
  defaults: { model: 'default', retry: { attempts: 3, backoff: '100ms..100ms' } },
  requirements: [
    { id: 'all', says: 'Every topic is answered.', check: { count: { min: 2 }, in: '$.findings[*]' } },
  ],
  briefs: [
    {
      id: 'explore',
      ask: 'List the topics.',
      output: {
        type: 'object',
        properties: { topics: { type: 'array', items: { type: 'string' } } },
        required: ['topics'],
      },
    },
    {
      id: 'dig',
      needs: ['explore'],
      forEach: { in: 'explore.output.topics', as: 'topic' },
      ask: 'Research {{ topic }}.',
      output: {
        type: 'object',
        properties: { topic: { type: 'string' }, cost: { type: 'number' } },
        required: ['topic', 'cost'],
      },
    },
  ],
  integrate: { merge: { findings: { from: ['dig'], at: '$', key: 'topic' } } },
};

const reportOf = async (id: string) => JSON.parse((await here.muster('result', id, '--json')).stdout);

describe('ask, through the whole product', () => {
  it('is put by a role of the plan, to the model that the role is for, and raised where its answer will not do', async () => {
    mkdirSync(join(here.folder, 'roles'));
    here.write('roles/auditor.md', '---\nmodel: haiku\n---\nYou audit accounts. Every figure is added up.');
    mock.onMessage(/Count them/, ({ model }) => ({ content: model === 'small-1' ? 'many' : '{"n":3}' }));
    const output = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] };
    const plan = {
      muster: 1,
      name: 'audit',
      brief: 'How many?',
      models: { fast: 'small-1', default: 'model-x' },
      briefs: [
        {
          ...{ id: 'count', role: 'auditor', ask: 'Count them.', output },
          retry: { attempts: 2, backoff: '50ms..50ms', escalate: true },
        },
      ],
    };
    const file = here.write('audit.json', plan);
    const { code, stderr } = await here.muster('run', file, '--id', 'audit');
    expect(code, stderr).toBe(0);
    const asked = mock
      .getRequests()
      .map(({ body }) => body as { model: string; messages: { content: string }[] });
    expect(asked.map(({ model }) => model)).toEqual(['small-1', 'model-x']);
    for (const { messages } of asked)
      expect(messages[0]!.content).toMatch(
        /^You audit accounts\. Every figure is added up\.\n\nYou carry out/,
      );
    const told = (await here.muster('plan', file)).stdout;
    expect(told).toMatch(/asks +small-1 \(fast: its role auditor says so\): count/);
  });

  it('fans out over what a model found, takes a rate limit in its stride, and counts tokens', async () => {
    mock.onMessage(/List the topics/, {
      content: '{"topics":["price","licence"]}',
      usage: { prompt_tokens: 10, completion_tokens: 5 },
    });
    mock.onMessage(/Research price/, {
      content: '{"topic":"price","cost":3}',
      usage: { prompt_tokens: 7, completion_tokens: 2 },
    });
    let asked = 0;
    mock.onMessage(/Research licence/, () =>
      asked++ === 0
        ? { error: { message: 'slow down', type: 'rate_limit' }, status: 429 }
        : { content: '{"topic":"licence","cost":0}', usage: { prompt_tokens: 7, completion_tokens: 2 } },
    );
    const { code, stderr } = await here.muster('run', here.write('plan.json', survey), '--id', 'ask');
    expect(code, stderr).toBe(0);
    const { answer, run } = await reportOf('ask');
    expect(answer.data.findings).toHaveLength(2);
    expect(run.usage).toMatchObject({ inputTokens: 24, outputTokens: 9 });
    expect(run.tries).toBe(4);
  });

  it('sends an answer that breaks its schema back, with what was wrong, as a rejected try', async () => {
    mock.onMessage(/List the topics/, { content: '{"topics":["price"]}' });
    let asked = 0;
    mock.onMessage(/Research price/, () => ({
      content: asked++ === 0 ? '{"topic":"price"}' : '{"topic":"price","cost":3}',
    }));
    const { code } = await here.muster('run', here.write('plan.json', survey), '--id', 'mended');
    expect(code).toBe(3);
    const { answer } = await reportOf('mended');
    expect(answer.data.findings).toMatchObject([{ topic: 'price', cost: 3 }]);
    const last = JSON.stringify(mock.getRequests().at(-1)?.body);
    expect(last).toContain('cost');
  });

  it('never lets the key into the report, the store or what is printed', async () => {
    mock.onMessage(/List/, { error: { message: `no: ${KEY}`, type: 'invalid_request_error' }, status: 401 });
    const { stdout, stderr } = await here.muster('run', here.write('plan.json', survey), '--id', 'secret');
    const found = execFileSync('sh', ['-c', `grep -rl "${KEY}" . || true`], {
      cwd: here.folder,
      encoding: 'utf8',
    });
    expect([stdout.includes(KEY), stderr.includes(KEY), found]).toEqual([false, false, '']);
  });
});
