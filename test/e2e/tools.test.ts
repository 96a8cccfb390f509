import { existsSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listening } from '../support/endpoint.js';
import { offering } from '../support/mcpServer.mjs';
import { endOfRun, type Place, place } from '../support/muster.js';
import { type Asked, type Said, toolModel } from '../support/toolModel.js';

const FUNCTIONS = `
export const search = ({ input }) => ({ found: 'page of ' + input.query });
search.tool = {
  description: 'Finds pages.',
  input: { type: 'object', properties: { query: { type: 'string' } }, required: ['query'] },
};
export const secret = () => 'not for models';
`;
const textOf = ({ messages }: Asked) => messages.map(({ content }) => content ?? '').join('\n');

/** It looks up the topic that it is asked about, and answers with what it was told. */
function lookUp(asked: Asked): Said {
  const topic = /What is known of (\w+)\?/.exec(textOf(asked))?.[1] ?? '';
  if (asked.turn === 1)
    return {
      calls: [
        ['search', { query: topic }],
        ['web_read', { name: topic }],
      ],
    };
  const told = asked.messages
    .filter(({ role }) => role === 'tool')
    .map(({ content }) => content!.split('\n')[1]!);
  return { text: JSON.stringify({ found: told }) };
}

let here: Place;
let model: Awaited<ReturnType<typeof toolModel>>;
let web: Awaited<ReturnType<typeof listening>>;
beforeAll(async () => {
  here = place();
  model = await toolModel(lookUp);
  // Each session is a server of its own, as the SDK wants it.
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  const server = createServer(async (request, response) => {
    let transport = sessions.get(String(request.headers['mcp-session-id']));
    if (!transport) {
      transport = new StreamableHTTPServerTransport({
        sessionIdGenerator: () => `s-${sessions.size}`,
        onsessioninitialized: (id) => void sessions.set(id, transport!),
      });
      await offering(`${here.folder}/mcp.log`).connect(transport);
    }
    await transport.handleRequest(request, response);
  });
  web = await listening(server);
  here.env.OPENAI_BASE_URL = model.url;
  here.env.MUSTER_FUNCTIONS = here.write('functions.mjs', FUNCTIONS);
  here.env.MUSTER_POLICY = here.write('policy.json', {
    privateAddresses: ['127.0.0.1'],
    tools: { functions: ['search'], mcp: { web: { url: `http://127.0.0.1:${web.port}/mcp` } } },
  });
  await here.worker();
});
afterAll(async () => {
  await here.close();
  await model.close();
  await web.close();
});

const head = { muster: 1, brief: 'What is known?', models: { default: 'stand-in-1' } };
const output = {
  type: 'object',
  properties: { found: { type: 'array', items: { type: 'string' } } },
  required: ['found'],
};

describe('a plan whose models call tools', () => {
  it('is carried out, by functions and servers over HTTP, for each item of a fan-out and in a run within', async () => {
    here.write('part.json', {
      ...{ ...head, name: 'part' },
      briefs: [{ id: 'one', ask: 'What is known of water?', output, tools: ['search', 'web.read'] }],
    });
    const plan = here.write('plan.json', {
      ...{ ...head, name: 'whole' },
      briefs: [
        {
          ...{ id: 'dig', forEach: { in: ['fire', 'air', 'earth'], as: 'topic' } },
          ...{ ask: 'What is known of {{ topic }}?', output, tools: ['search', 'web.*'] },
        },
        { id: 'within', plan: { file: 'part.json' } },
      ],
    });
    const shown = await here.muster('plan', plan);
    expect(shown.stdout).toContain('with search, web.* in up to 20 turns and 50 calls');
    const started = await here.muster('start', plan, '--id', 'looked-up');
    expect(started.code, started.stderr).toBe(0);
    const report = await endOfRun(here, 'looked-up');
    const of = (topic: string) => ({
      found: [`{"found":"page of ${topic}"}`, `note ${topic}: ${topic.toUpperCase()}`],
    });
    expect(report.answer.data).toMatchObject({
      dig: [{ output: of('fire') }, { output: of('air') }, { output: of('earth') }],
      within: { one: of('water') },
    });
    expect(report.run.usage).toMatchObject({ inputTokens: 80, turns: 8, calls: 8 });
    expect(new Set(model.asked.map(({ key }) => key)).size).toBe(8);
    // Nobody is offered what the policy does not name.
    expect(new Set(model.asked.flatMap(({ tools }) => tools))).toEqual(
      new Set(['search', 'web_read', 'web_fail', 'web_env', 'web_exit', 'web_wait']),
    );
    const result = await here.muster('result', 'looked-up');
    expect(result.stdout).toContain('96 tokens · 8 tool calls');
    const { stdout } = await here.muster('result', 'looked-up', '--markdown');
    expect(stdout).toContain('with tools: 8 turns and 8 calls');
  });

  it('leaves nothing of its turns behind when its run is removed', async () => {
    const logs = () =>
      readdirSync(join(here.folder, 'home/store/runs'), { recursive: true, encoding: 'utf8' });
    expect(logs().filter((name) => /\/0\.0-1\.1\.2_0$/.test(name))).toHaveLength(1);
    const { code, stderr } = await here.muster('prune', '--run', 'looked-up');
    expect(code, stderr).toBe(0);
    expect(existsSync(join(here.folder, 'home/store/runs')) ? logs() : []).toEqual([]);
  });

  it('is refused before anything starts where the worker offers no such tool', async () => {
    const plan = here.write('wrong.json', {
      ...{ ...head, name: 'wrong' },
      briefs: [{ id: 'dig', ask: 'x', tools: ['search', 'secret', 'mails.send'] }],
    });
    const before = model.asked.length;
    const { code, stderr } = await here.muster('run', plan, '--id', 'refused-tools');
    expect(code).toBe(2);
    expect(stderr).toContain('briefs[0].tools: this worker offers no tool `secret`; it has search, web.*.');
    expect(stderr).toContain('`mails.send`');
    expect(model.asked).toHaveLength(before);
  });
});
