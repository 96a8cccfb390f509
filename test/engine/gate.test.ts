import { describe, expect, it } from 'vitest';
import { sha256 } from '../../src/adapters/digest.js';
import { suspects } from '../../src/core/outcome/fold.js';
import type { Brief } from '../../src/core/plan/plan.js';
import { readValue } from '../../src/engine/artifacts.js';
import type { Ended, Lease } from '../../src/engine/lease.js';
import { runUnit } from '../../src/engine/runUnit.js';
import { planOf, type Setting, setting, value } from './setting.js';

const gate = (more: Partial<Brief> = {}) =>
  planOf(
    { id: 'verdict' },
    {
      id: 'release',
      executor: { kind: 'gate', text: 'Release {{ verdict.output }}?' },
      needs: ['verdict'],
      context: ['verdict'],
      retry: { attempts: 1, backoff: { minMs: 1, maxMs: 1 }, then: 'fail' },
      ...more,
    },
  );
const go = (s: Setting, dispatch: number, more: Partial<Lease> = {}) =>
  s.clock.until(runUnit(s.lease({ u: 1, holder: { dispatch, attempt: 1 }, ...more }), s.effects));
/** With its need delivered. */
async function ready(more: Partial<Brief> = {}, output = 'fastify'): Promise<Setting> {
  const s = await setting(gate(more), () => value(output));
  await s.clock.until(runUnit(s.lease(), s.effects));
  return s;
}
function questionIn(ended: Ended) {
  if (ended.kind !== 'asked') throw new Error(`it is ${ended.kind}`);
  return ended.question;
}
const yes = (digest: string, more = {}) => ({ answer: { verdict: 'approved', digest, ...more } }) as const;
const outputOf = async (s: Setting) => {
  const { final } = await s.state(1);
  return final?.ref && readValue(s.store, final.ref);
};

describe('a gate', () => {
  it('records exactly what it shows before it asks, under the digest that an answer has to name', async () => {
    const s = await ready({ title: 'The last word', withinMs: 5_000 });
    const question = questionIn(await go(s, 1));
    const { asked } = await s.state(1);
    expect(question).toEqual({
      digest: asked!.ref.digest,
      since: s.clock.now(),
      until: s.clock.now() + 5_000,
    });
    expect(await readValue(s.store, asked!.ref)).toEqual({
      plan: 'trial',
      brief: 'release',
      title: 'The last word',
      question: 'Release fastify?',
      context: [{ need: 'verdict', status: 'succeeded', output: 'fastify' }],
    });
    expect(s.tasks).toHaveLength(1);
  });

  it('shows the same to whoever comes next, however late, and nobody is suspected of a crash', async () => {
    const s = await ready({ withinMs: 5_000 });
    const question = questionIn(await go(s, 1));
    s.clock.pass(60_000);
    expect(questionIn(await go(s, 1, { holder: { dispatch: 1, attempt: 2 } }))).toEqual(question);
    expect(suspects(await s.state(1), { dispatch: 2, attempt: 1 })).toBe(0);
    expect((await s.segments(1)).flatMap(({ rows }) => rows)).toHaveLength(1);
  });

  it('approved, delivers who said so, what, when, and of what; it lasted from the question to the answer', async () => {
    const s = await ready();
    const { digest, since } = questionIn(await go(s, 1));
    s.clock.pass(3_000);
    const ended = await go(s, 2, yes(digest, { by: 'Ann' }));
    expect(ended).toEqual({ kind: 'ended', result: { status: 'succeeded', tries: 1 } });
    const at = new Date(since + 3_000).toISOString();
    expect(await outputOf(s)).toEqual({ approved: true, by: 'Ann', note: null, at, digest });
    expect((await s.state(1)).final).toMatchObject({ try: 1, started: since, ended: since + 3_000 });
    expect(await go(s, 3, { answer: { verdict: 'rejected', digest } })).toEqual(ended);
  });

  it('asks again where the answer is to something else', async () => {
    const s = await ready();
    const question = questionIn(await go(s, 1));
    expect(questionIn(await go(s, 2, yes(sha256('another'))))).toEqual(question);
    expect((await s.state(1)).final).toBeUndefined();
  });

  it('rejected, failed for good, with the reason that was given; what was said is kept', async () => {
    const s = await ready({ retry: { attempts: 1, backoff: { minMs: 1, maxMs: 1 }, then: 'missing' } });
    const { digest } = questionIn(await go(s, 1));
    const said = { verdict: 'rejected', digest, by: 'Ben', note: 'not today' } as const;
    expect(await go(s, 2, { answer: said })).toMatchObject({
      kind: 'ended',
      result: { status: 'failed' },
      reason: { type: 'Rejected', message: 'Rejected by Ben: not today' },
    });
    expect(await outputOf(s)).toMatchObject({ approved: false, by: 'Ben', note: 'not today' });
  });

  it('that nobody answered is timed out, or missing where the plan says so', async () => {
    for (const [then, status] of [['fail', 'failed'] as const, ['missing', 'missing'] as const]) {
      const s = await ready({
        withinMs: 5_000,
        retry: { attempts: 1, backoff: { minMs: 1, maxMs: 1 }, then },
      });
      const { digest } = questionIn(await go(s, 1));
      expect(await go(s, 2, { answer: { verdict: 'expired', digest } })).toMatchObject({
        result: { status },
        reason: { type: 'TimedOut', message: expect.stringContaining('within the 5 s') },
      });
    }
  });

  it('that is not needed asks nobody, and one that cannot be shown fails', async () => {
    expect(await go(await ready({ when: 'false' }), 1)).toMatchObject({ result: { status: 'not-needed' } });
    const bad = await ready({ executor: { kind: 'gate', text: '{{ verdict.output.winner }}?' } });
    expect(await go(bad, 1)).toMatchObject({
      result: { status: 'failed' },
      reason: { type: 'InvalidInput' },
    });
    const long = await ready({}, 'x'.repeat(400_000));
    expect(await go(long, 1)).toMatchObject({
      reason: { type: 'InvalidInput', message: expect.stringContaining('over the maximum of 400,000') },
    });
  });

  it('asked for once more asks again, and the no of before counts no more', async () => {
    const s = await ready();
    const first = questionIn(await go(s, 1));
    await go(s, 2, { answer: { verdict: 'rejected', digest: first.digest } });
    s.clock.pass(1_000);
    const second = questionIn(await go(s, 3, { again: 1 }));
    expect(second).toEqual({ digest: first.digest, since: first.since + 1_000 });
    expect(await go(s, 4, { again: 1, ...yes(second.digest) })).toMatchObject({
      result: { status: 'succeeded', tries: 2 },
    });
  });
});
