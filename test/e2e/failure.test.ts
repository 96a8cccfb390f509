import { LLMock } from '@copilotkit/aimock';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Place, place } from '../support/muster.js';

let here: Place;
let mock: LLMock;
beforeAll(async () => {
  here = place();
  mock = new LLMock({ port: 0 });
  await mock.start();
  Object.assign(here.env, { OPENAI_BASE_URL: `${mock.url}/v1`, OPENAI_API_KEY: 'sk-test' });
  await here.worker();
});
beforeEach(() => void mock.clearFixtures());
afterAll(async () => {
  await here.close();
  await mock.stop();
});

interface Row {
  readonly brief: string;
  readonly status: string;
  readonly fallback?: string;
  readonly reason?: { readonly type: string; readonly message: string };
}
const retry = { attempts: 2, backoff: '10ms..10ms' };

/** Runs a plan of these briefs to its end. */
async function ran(id: string, briefs: readonly object[], more: object = {}) {
  const plan = { muster: 1, name: 'failing', brief: 'What holds?', briefs, ...more };
  const { code, stdout, stderr } = await here.muster('run', here.write(`${id}.json`, plan), '--id', id);
  const { answer, run } = JSON.parse((await here.muster('result', id, '--json')).stdout);
  const rows: { readonly [brief: string]: Row } = Object.fromEntries(
    answer.ledger.map((row: Row) => [row.brief, row]),
  );
  return { code, said: stdout + stderr, answer, run, rows };
}

describe('a command that falls silent', () => {
  it('is stopped by its `stall`, and one that goes on writing is not', async () => {
    const { rows, answer } = await ran('failure-stall', [
      { id: 'quiet', run: ['sh', '-c', 'echo begun; sleep 60'], stall: '2s', retry: { attempts: 1 } },
      {
        id: 'busy',
        run: ['sh', '-c', 'for n in 1 2 3 4 5; do sleep 1; echo $n >&2; done; echo done'],
        stall: '3s',
        retry: { attempts: 1 },
      },
    ]);
    expect(rows.quiet).toMatchObject({
      status: 'partial',
      reason: { type: 'TimedOut', message: expect.stringContaining('no progress for 2 s (`stall`)') },
    });
    expect(answer.data.quiet).toBe('begun\n');
    expect(rows.busy).toMatchObject({ status: 'succeeded' });
  });
});

describe('a brief that does not deliver', () => {
  it('has its fallback deliver, which the report says, with why', async () => {
    mock.onMessage(/Guess/, { content: '{"price":3}' });
    const output = { type: 'object', properties: { price: { type: 'number' } }, required: ['price'] };
    const fails = { run: ['sh', '-c', 'echo "no price list" >&2; exit 7'], parse: 'json', output };
    const { code, rows, answer, said } = await ran(
      'failure-fallback',
      [
        { id: 'asked', ...fails, retry: { ...retry, then: 'fallback' }, fallback: { ask: 'Guess.' } },
        {
          id: 'fixed',
          ...fails,
          forEach: { in: [1, 2] },
          retry: { ...retry, then: 'fallback' },
          fallback: { value: { price: 0 } },
        },
        { id: 'sum', needs: ['asked'], run: ['cat'], stdin: { from: 'asked.output' }, parse: 'json' },
      ],
      { models: { default: 'model-x' } },
    );
    expect(code, said).toBe(0);
    expect(rows.asked).toMatchObject({ status: 'repaired', fallback: 'ask' });
    expect(rows.fixed).toMatchObject({ status: 'repaired', fallback: 'constant' });
    expect(rows.fixed!.reason!.message).toContain('no price list');
    expect(answer.data.sum).toEqual({ price: 3 });
    expect(said).toMatch(/by its fallback \(ask\): .*ended with exit code 7/s);
    const { stdout } = await here.muster('result', 'failure-fallback', '--markdown');
    expect(stdout).toContain('Not delivered by the brief itself:');
    expect(stdout).toMatch(/\| a constant \|.*no price list/);
  });
});

describe('a judge of outputs', () => {
  const judged = [
    {
      id: 'sum',
      ask: 'Sum up.',
      retry,
      accept: { judge: 'capable', says: 'The summary names every author.' },
    },
  ];
  const models = { default: 'model-x', capable: 'model-c' };

  it('rejects what does not satisfy the sentence, with its finding, and its tokens are counted', async () => {
    const usage = { prompt_tokens: 10, completion_tokens: 1 };
    mock.onMessage(/Mend what was found wrong.*B\. is not named/s, { content: 'By A. and B.', usage });
    mock.onMessage(/Sum up/, { content: 'By A.', usage });
    mock.onMessage(/names every author.*By A\. and B\./s, { content: '{"holds":true,"finding":""}', usage });
    mock.onMessage(/names every author/, { content: '{"holds":false,"finding":"B. is not named."}', usage });
    const { code, said, answer, run } = await ran('failure-judge', judged, { models });
    expect(code, said).toBe(0);
    expect(answer.data.sum).toBe('By A. and B.');
    expect(run).toMatchObject({ tries: 2, usage: { inputTokens: 40, outputTokens: 4 } });
    expect(run.models).toMatchObject([{ model: expect.stringContaining('model-x'), briefs: 1 }]);
  });

  it('is missed before anything starts, where the worker has no model', async () => {
    const bare = place();
    try {
      delete bare.env.OPENAI_API_KEY;
      delete bare.env.OPENAI_BASE_URL;
      await bare.worker();
      const briefs = [{ ...judged[0]!, ask: undefined, run: ['sh', '-c', 'touch ran; echo done'] }];
      const plan = bare.write('p.json', { muster: 1, name: 'p', brief: 'Sum up.', models, briefs });
      const { code, stderr } = await bare.muster('run', plan, '--id', 'failure-unjudged');
      expect(code).not.toBe(0);
      expect(stderr).toContain('briefs[0].accept: no model provider is set up. Set OPENAI_API_KEY');
      expect(() => bare.read('ran')).toThrow();
    } finally {
      await bare.close();
    }
  });
});
