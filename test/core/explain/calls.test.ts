import { describe, expect, it } from 'vitest';
import { callsOf } from '../../../src/core/explain/calls.js';
import { compiled, plan } from '../plan/support.js';

const callsIn = async (text: string) => callsOf((await compiled(plan(text))).plan);

describe('the calls that a plan may make', () => {
  it('are none where it asks no model', async () => {
    expect(await callsIn('briefs: [{ id: a, run: [node] }]')).toBeUndefined();
  });

  it('are one for each brief at least, and at most as many as all its tries, instances, samples and judges', async () => {
    const calls = await callsIn(`models: { default: gpt-5-mini }
requirements: [{ id: good, says: It is good., check: { judge: default } }]
briefs:
  - { id: topics, ask: Name them., output: { type: object, properties: { all: { type: array } } }, retry: { attempts: 2 } }
  - id: dig
    needs: [topics]
    forEach: { in: topics.output.all, max: 10 }
    ask: Dig {{ item }}.
    retry: { attempts: 3 }
    accept: { judge: default, says: It digs. }
  - { id: vote, ask: Which?, vote: { samples: 5 }, retry: { attempts: 1 }, needs: [topics], when: topics.output.all.size() > 3 }
`);
    // topics 1 to 2, dig none or 10 instances x 3 tries x 2 calls, the vote none or 5, its judge 1 to 3
    expect(calls).toMatchObject({ calls: { least: 2, most: 2 + 60 + 5 + 3 }, unpriced: [], beyond: [] });
    expect(calls!.tokens.least).toBeLessThan(calls!.tokens.most);
    expect(calls!.usd!.most).toBeGreaterThan(calls!.usd!.least);
  });

  it('are as many as its turns where a model has tools; what these give nobody knows before', async () => {
    const calls = await callsIn(
      'models: { default: x }\nbriefs: [{ id: a, ask: Which?, tools: { use: [search], turns: 7 }, retry: { attempts: 2 } }]',
    );
    expect(calls).toMatchObject({ calls: { least: 1, most: 14 }, beyond: ['what tools give'] });
  });

  it('are at most those of a fallback as well, also of a brief that asks no model itself', async () => {
    const most = async (brief: string) =>
      (await callsIn(`models: { default: x }\nbriefs: [{ id: a, ${brief} }]`))!.calls;
    const ask = 'retry: { attempts: 2, then: fallback }, fallback: { ask: Guess. }';
    expect(await most(`run: [node], ${ask}`)).toEqual({ least: 0, most: 2 });
    expect(await most(`ask: Which?, ${ask.replace('ask: Guess.', 'run: [node]')}`)).toEqual({
      least: 1,
      most: 2,
    });
  });

  it('are at most so many in each round of repair', async () => {
    const calls = await callsIn(`models: { default: x }
requirements: [{ id: good, says: It is good., check: { judge: default } }]
briefs: [{ id: a, ask: Which?, retry: { attempts: 1 } }]
integrate: { repair: { rounds: 2 } }`);
    expect(calls!.calls).toEqual({ least: 2, most: 3 * (1 + 3) });
  });

  it('cost at most what the dearest model does that a try may be raised to', async () => {
    const most = async (retry: string) =>
      (await callsIn(`models: { fast: a, default: b, capable: c }
prices: { a: { input: 0, output: 1 }, b: { input: 0, output: 10 }, c: { input: 0, output: 100 } }
briefs: [{ id: a, ask: Which?, maxTokens: 1000000, model: fast, retry: { attempts: 4${retry} } }]`))!.usd!
        .most;
    expect(await most('')).toBeCloseTo(4);
    expect(await most(', escalate: true')).toBeCloseTo(1 + 10 + 100 + 100);
  });

  it('reckon with what was said from each viewpoint, before whoever brings it together', async () => {
    const tokens = async (how: string) =>
      (await callsIn(
        `models: { default: x }\nbriefs: [{ id: a, ask: Which?, maxTokens: 5000, ${how}, retry: { attempts: 1 } }]`,
      ))!.tokens.most;
    expect((await tokens('perspectives: [a, b, c]')) - (await tokens('samples: 4, keep: all'))).toBe(
      3 * 5_000,
    );
  });

  it('close a vote early at the least, or when it has its quorum', async () => {
    const least = async (vote: string) =>
      (await callsIn(`models: { default: x }\nbriefs: [{ id: a, ask: Which?, vote: ${vote} }]`))!.calls.least;
    expect(await least('{ samples: 9 }')).toBe(5);
    expect(await least('{ samples: 9, quorum: 7 }')).toBe(7);
    expect(await least('{ samples: 9, stop: never }')).toBe(9);
  });

  it('are one for each variant and two to rank them, or one for each viewpoint and one to bring them together', async () => {
    const calls = async (how: string) =>
      (await callsIn(
        `models: { default: x }\nbriefs: [{ id: a, ask: Which?, ${how}, retry: { attempts: 1 } }]`,
      ))!.calls;
    expect(await calls('samples: 5, keep: all')).toEqual({ least: 5, most: 5 });
    expect(await calls('samples: 5, keep: all, rank: { by: x, judge: y }')).toEqual({ least: 7, most: 7 });
    expect(await calls('perspectives: [a, b, c]')).toEqual({ least: 4, most: 4 });
  });

  it('cost what the plan says they do, before what is known; where nobody knows, the models are named', async () => {
    const asked = 'briefs: [{ id: a, ask: Which?, maxTokens: 100 }]';
    const own = await callsIn(`models: { default: x }\nprices: { x: { input: 0, output: 10 } }\n${asked}`);
    expect(own!.usd!.most).toBeCloseTo((3 * 100 * 10) / 1e6);
    const unknown = await callsIn(`models: { default: x }\n${asked}`);
    expect(unknown).toMatchObject({ unpriced: ['x'] });
    expect(unknown).not.toHaveProperty('usd');
  });

  it('cost half at the least where they go in batches, and at the most what they cost directly', async () => {
    const usd = async (batch: string) =>
      (await callsIn(`models: { default: gpt-5-mini }\nbriefs: [{ id: a, ask: Which?${batch} }]`))!;
    const [direct, batched] = [await usd(''), await usd(', batch: true')];
    expect(batched.usd!.least).toBeCloseTo(direct.usd!.least / 2, 12);
    expect(batched.usd!.most).toBe(direct.usd!.most);
    expect(batched).toMatchObject({ batched: true });
    expect(direct).not.toHaveProperty('batched');
  });

  it('leave out what nobody can know before, and say so', async () => {
    const calls = await callsIn(`models: { default: x }
briefs:
  - { id: a, ask: Which?, output: { type: object } }
  - { id: b, ask: Which?, output: { type: object } }
  - { id: p, plan: { from: a.output }, needs: [a] }
integrate: { merge: { rows: { from: [a, b], at: $.rows, key: id, conflicts: [{ judge: default }] } } }
`);
    expect(calls!.beyond).toEqual(['runs within it', 'conflicts']);
  });
});
