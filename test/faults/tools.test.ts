import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { endOfRun, LOOKING, type Place, place } from '../support/muster.js';
import { processesWith } from '../support/processes.js';
import { type Asked, type Said, toolModel } from '../support/toolModel.js';

const SERVER = fileURLToPath(new URL('../support/mcpServer.mjs', import.meta.url));
const FUNCTIONS = `
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
export function search({ input, key }) {
  appendFileSync(process.env.CALLS, JSON.stringify({ tool: 'search', input: input.query, key }) + '\\n');
  return { found: input.query };
}
search.tool = {
  description: 'Finds pages.',
  input: { type: 'object', properties: { query: { type: 'string' } }, required: ['query'] },
};
export async function wait({ signal }) { await sleep(600_000, undefined, { signal }); }
wait.tool = { description: 'Waits.', input: { type: 'object' } };
`;

let here: Place;
let model: Awaited<ReturnType<typeof toolModel>>;
let say: (asked: Asked) => Said | Promise<Said>;
const mcpLog = () => `${here.folder}/mcp.log`;
const lines = (name: string) =>
  existsSync(`${here.folder}/${name}`)
    ? here
        .read(name)
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { tool: string; input: string; key: string; pid: number })
    : [];

beforeEach(async () => {
  here = place();
  model = await toolModel((asked) => say(asked));
  here.env.OPENAI_BASE_URL = model.url;
  here.env.CALLS = `${here.folder}/calls.log`;
  here.env.MUSTER_FUNCTIONS = here.write('functions.mjs', FUNCTIONS);
  here.env.MUSTER_POLICY = here.write('policy.json', {
    tools: { functions: '*', mcp: { notes: { command: [process.execPath, SERVER, mcpLog()] } } },
  });
});
afterEach(async () => {
  await here.close();
  await model.close();
});

const plan = (more: object = {}) =>
  here.write('plan.json', {
    muster: 1,
    name: 'tools',
    brief: 'What is known?',
    models: { default: 'stand-in-1' },
    briefs: [
      {
        id: 'dig',
        ask: 'Find out.',
        tools: { use: ['search', 'notes.read'], turns: 30 },
        heartbeat: '2s',
        ...more,
      },
    ],
  });

describe('a tool loop of twelve turns', () => {
  it('whose worker is killed with -9 in turn 9 repeats none of turns 1 to 8, and no call of a tool', async () => {
    let held = false;
    say = async ({ turn }) => {
      if (turn === 9 && !held) {
        held = true;
        await new Promise((done) => setTimeout(done, 5_000));
      }
      if (turn === 12) return { text: 'All that is known.' };
      return {
        calls: [
          ['search', { query: `q${turn}` }],
          ['notes_read', { name: `n${turn}` }],
        ],
      };
    };
    const first = await here.worker();
    const { code, stderr } = await here.muster('start', plan(), '--id', 'killed-loop');
    expect(code, stderr).toBe(0);
    await expect
      .poll(() => model.asked.some(({ turn }) => turn === 9), { timeout: 60_000, interval: 10 })
      .toBe(true);
    const [{ pid } = { pid: 0 }] = lines('mcp.log');
    first.kill('SIGKILL');
    // The server that the dead worker had started ends with its input.
    await expect.poll(() => processesWith(mcpLog()).includes(pid), LOOKING).toBe(false);
    await here.worker();
    const report = await endOfRun(here, 'killed-loop');

    const times = (turn: number) => model.asked.filter((asked) => asked.turn === turn).length;
    expect(Array.from({ length: 12 }, (_, i) => times(i + 1))).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 2, 1, 1, 1]);
    const [ninth, again] = model.asked.filter(({ turn }) => turn === 9);
    expect(again).toEqual(ninth);
    expect(new Set(model.asked.map(({ key }) => key)).size).toBe(12);

    const calls = [...lines('calls.log'), ...lines('mcp.log')];
    const each = Array.from({ length: 11 }, (_, i) => i + 1);
    expect(calls.map(({ input }) => input)).toEqual([
      ...each.map((n) => `q${n}`),
      ...each.map((n) => `n${n}`),
    ]);
    expect(new Set(calls.map(({ key }) => key)).size).toBe(22);

    expect(report.answer.data).toEqual({ dig: 'All that is known.' });
    expect(report.answer.ledger[0]).toMatchObject({ status: 'succeeded' });
    expect(report.run.tries).toBe(1);
    expect(report.run.usage).toMatchObject({ inputTokens: 120, outputTokens: 24, turns: 12, calls: 22 });
  });

  it('that is cancelled in the middle of a call ends within ten seconds, with what its turns took', async () => {
    say = ({ turn }) => ({ calls: [turn < 3 ? ['search', { query: 'x' }] : ['wait', {}]] });
    await here.worker();
    await here.muster('start', plan({ tools: ['search', 'wait'] }), '--id', 'cancelled-loop');
    await expect.poll(() => model.asked.length, { timeout: 60_000, interval: 20 }).toBe(3);
    const muster = await here.library();
    const note = async () => (await muster.status('cancelled-loop'))?.progress?.active[0]?.note;
    await expect.poll(note, LOOKING).toBe('turn 3 · calls wait');
    const asked = Date.now();
    await muster.cancel('cancelled-loop');
    const report = await endOfRun(here, 'cancelled-loop');
    expect(Date.now() - asked).toBeLessThan(10_000);
    expect(report.answer.ledger[0]).toMatchObject({ status: 'cancelled' });
    expect(report.run.usage).toMatchObject({ inputTokens: 30, turns: 3, calls: 2 });
  });
});
