import { createServer } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DONE, modelListening, piece } from '../support/endpoint.js';
import { endOfRun, type Place, place } from '../support/muster.js';

/** An endpoint whose answers take their time; it counts what it is asked, by idempotency key. */
let here: Place;
let model: Awaited<ReturnType<typeof modelListening>>;
const keys: string[] = [];
beforeEach(async () => {
  here = place();
  keys.length = 0;
  const server = createServer((request, response) => {
    keys.push(String(request.headers['idempotency-key']));
    const answer = { winner: keys.length % 3 === 0 ? 'Restate' : 'Temporal' };
    request.resume().on('end', () =>
      setTimeout(() => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        const usage = { prompt_tokens: 10, completion_tokens: 2 };
        response.end(
          [
            piece('slow-1', { content: JSON.stringify(answer) }),
            piece('slow-1', {}, 'stop', usage),
            DONE,
          ].join(''),
        );
      }, 400),
    );
  });
  model = await modelListening(server);
  here.env.OPENAI_BASE_URL = model.url;
});
afterEach(async () => {
  await here.close();
  await model.close();
});

describe('a vote of nine samples', () => {
  it('whose worker is killed with -9 asks again only what was under way, under the same key, and counts each sample once', async () => {
    const plan = here.write('plan.json', {
      muster: 1,
      name: 'vote',
      brief: 'Which one?',
      models: { default: 'slow-1' },
      briefs: [
        {
          id: 'verdict',
          ask: 'Name the winner.',
          output: { type: 'object', properties: { winner: { type: 'string' } }, required: ['winner'] },
          vote: { samples: 9, field: 'winner', quorum: 5, stop: 'never', parallel: 2 },
          heartbeat: '2s',
        },
      ],
    });
    const first = await here.worker();
    const { code, stderr } = await here.muster('start', plan, '--id', 'killed-vote');
    expect(code, stderr).toBe(0);
    await expect.poll(() => keys.length, { timeout: 60_000, interval: 20 }).toBeGreaterThanOrEqual(5);
    first.kill('SIGKILL');
    await here.worker();
    const report = await endOfRun(here, 'killed-vote');
    const [row] = report.answer.ledger;
    expect(row).toMatchObject({ status: 'succeeded', voted: { samples: 9, decided: true } });
    const votes = row!.voted!.candidates.flatMap(({ by }) => by);
    expect(votes.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    // What was under way: two at a time.
    expect(new Set(keys).size).toBe(9);
    expect(keys.length).toBeLessThanOrEqual(11);
    expect(keys.length).toBeGreaterThan(9);
    expect(report.run.usage).toMatchObject({ inputTokens: 90, outputTokens: 18 });
    expect(report.run.tries).toBe(1);
  });
});
