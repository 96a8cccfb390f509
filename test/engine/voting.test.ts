import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../src/adapters/stores/memory.js';
import { carriedOut } from '../../src/core/integrate/ledger.js';
import { Failure } from '../../src/core/outcome/failure.js';
import type { Brief, Vote } from '../../src/core/plan/plan.js';
import type { AskWork } from '../../src/core/plan/render.js';
import { readValue } from '../../src/engine/artifacts.js';
import { runUnit } from '../../src/engine/runUnit.js';
import type { Effect, Task } from '../../src/ports/executor.js';
import { attempt, planOf, type Setting, setting, untilStopped } from './setting.js';

const VOTE: Vote = {
  samples: 5,
  field: 'winner',
  match: 'normalised',
  tie: 'reject',
  stop: 'never',
  parallel: 1,
};
const OUTPUT = { type: 'object', properties: { winner: { type: ['string', 'null'] } }, required: ['winner'] };
const asked = (vote: Partial<Vote> = {}, more: Partial<Brief> = {}) => ({
  ...planOf({
    id: 'verdict',
    executor: { kind: 'ask', text: 'Which?' },
    parse: 'json',
    output: OUTPUT,
    vote: { ...VOTE, ...vote },
    retry: { attempts: 3, backoff: { minMs: 1, maxMs: 1 }, then: 'fail' },
    ...more,
  }),
  models: { fast: 's-1', default: 'm-1' },
});
const said = (winner: string | null, tokens = 10): Effect => ({
  output: { text: JSON.stringify({ winner }) },
  usage: { inputTokens: tokens, outputTokens: 1, model: 'm-1' },
});
const go = (s: Setting, n = 1) => s.clock.until(runUnit(s.lease(attempt(n)), s.effects));
async function throughAll(s: Setting) {
  for (let n = 1; ; n++) {
    const ended = await go(s, n);
    if (ended.kind !== 'again') return ended;
    s.clock.pass(ended.delayMs);
  }
}
const modelsOf = (tasks: readonly Task[]) => tasks.map(({ work }) => (work as AskWork).model);
/** As the ledger tells it. */
const usageOf = async (s: Setting) => carriedOut(await s.state(), false).usage;
async function outputOf(s: Setting) {
  const { final } = await s.state();
  return final?.ref && (await readValue(s.store, final.ref));
}

describe('a brief that is voted on', () => {
  it('delivers the answer that most samples give, and records who dissented and what all of it cost', async () => {
    const answers = ['Restate', 'Temporal', 'temporal', 'Restate', 'Temporal'];
    const s = await setting(asked(), (_, n) => said(answers[n - 1]!));
    expect(await go(s)).toMatchObject({ kind: 'ended', result: { status: 'succeeded', tries: 1 } });
    expect(await outputOf(s)).toEqual({ winner: 'Temporal' });
    const { final } = await s.state();
    expect(final?.voted).toEqual({
      samples: 5,
      models: ['m-1'],
      candidates: [
        { value: 'Temporal', by: [2, 3, 5] },
        { value: 'Restate', by: [1, 4] },
      ],
      abstained: [],
      because: 'all asked',
      decided: true,
    });
    expect(await usageOf(s)).toEqual({ inputTokens: 50, outputTokens: 5 });
    expect(new Set(s.tasks.map(({ key }) => key)).size).toBe(5);
  });

  it('asks no more than it takes, and as many at a time as it may', async () => {
    const early = await setting(asked({ stop: 'early' }), () => said('Temporal'));
    await go(early);
    expect(early.tasks).toHaveLength(3);
    let under = 0;
    let most = 0;
    const wide = await setting(asked({ parallel: 2 }), async () => {
      most = Math.max(most, ++under);
      await new Promise(setImmediate);
      under--;
      return said('Temporal');
    });
    await go(wide);
    expect([most, wide.tasks.length]).toEqual([2, 5]);
  });

  it('takes what cannot be used, and what is refused, for abstentions', async () => {
    const s = await setting(asked(), (_, n) => {
      if (n === 1) return { output: { text: 'no json' }, usage: { inputTokens: 7 } };
      if (n === 2) return { output: { text: '{"loser":1}' } };
      if (n === 3) throw new Failure('ModelRefused', 'It refused.', { usage: { inputTokens: 3 } });
      return n === 4 ? said(null) : said('Temporal');
    });
    await go(s);
    const { final } = await s.state();
    expect(final?.voted).toMatchObject({ candidates: [{ by: [5] }], abstained: [1, 2, 3, 4], decided: true });
    expect((await usageOf(s))?.inputTokens).toBe(7 + 3 + 10 + 10);
  });

  it('that decides nothing is a rejected try: the next asks anew, under other keys, and a higher tier where that is asked for', async () => {
    const answers = ['a', 'b', 'a', 'b', 'c'];
    const s = await setting(
      asked(
        {},
        {
          model: 'fast',
          retry: { attempts: 2, backoff: { minMs: 1, maxMs: 1 }, then: 'missing', escalate: true },
        },
      ),
      (_, n) => said(answers[(n - 1) % 5]!),
    );
    expect(await throughAll(s)).toMatchObject({ result: { status: 'missing', tries: 2 } });
    expect(modelsOf(s.tasks)).toEqual([...Array(5).fill('s-1'), ...Array(5).fill('m-1')]);
    expect(new Set(s.tasks.map(({ key }) => key)).size).toBe(10);
    const { final, findings } = await s.state();
    expect(final?.voted).toMatchObject({ because: 'tie', decided: false });
    expect(final?.reason?.message).toBe(
      'The vote of verdict decides nothing (tie): 2 for "a", 2 for "b", 1 for "c"',
    );
    // Nobody is told what others said.
    expect(findings).toEqual([]);
    expect(new Set(s.tasks.map(({ work }) => JSON.stringify((work as AskWork).messages))).size).toBe(1);
  });

  it('goes on with the samples that it has, where one was not answered: none is asked twice, and each is counted once', async () => {
    const s = await setting(asked({ parallel: 2 }), async (_, n) => {
      if (n === 3) throw new Failure('ModelRateLimited', 'Later.', { usage: { inputTokens: 1 } });
      return said('Temporal');
    });
    await throughAll(s);
    expect(s.tasks).toHaveLength(6);
    const { counted, final } = await s.state();
    expect(final).toMatchObject({ status: 'succeeded', try: 2, voted: { samples: 5 } });
    expect(counted.map(({ reason }) => reason?.type)).toEqual(['ModelRateLimited', undefined]);
    expect((await usageOf(s))?.inputTokens).toBe(51);
  });

  it('is taken up where its worker died: only what was under way is asked again, under the same key', async () => {
    const store = memoryStore();
    const dead = await setting(
      asked(),
      (task, n) => (n === 3 ? untilStopped(task) : said('Temporal')),
      store,
    );
    void runUnit(dead.lease(), dead.effects).catch(() => undefined);
    while (dead.tasks.length < 3) await new Promise(setImmediate);
    const next = await setting(asked(), () => said('Restate'), store);
    await go(next, 2);
    expect(next.tasks).toHaveLength(3);
    expect(next.tasks[0]!.key).toBe(dead.tasks[2]!.key);
    const { final, tries } = await next.state();
    expect(tries).toBe(1);
    expect((await usageOf(next))?.inputTokens).toBe(50);
    expect(final?.voted?.candidates).toEqual([
      { value: 'Restate', by: [3, 4, 5] },
      { value: 'Temporal', by: [1, 2] },
    ]);
  });

  it('asks several models in turns, at the temperature that it says', async () => {
    const s = await setting(asked({ models: ['fast', 'gpt-9'], temperature: 0.9 }), () => said('Temporal'));
    await go(s);
    expect(modelsOf(s.tasks)).toEqual(['s-1', 'gpt-9', 's-1', 'gpt-9', 's-1']);
    expect(new Set(s.tasks.map(({ work }) => (work as AskWork).temperature))).toEqual(new Set([0.9]));
  });

  it('is closed by the first samples that close it, whatever comes besides, and stops what is under way', async () => {
    for (const late of ['hangs', 'breaks'] as const) {
      let stopped = false;
      const s = await setting(
        asked(
          { stop: 'early', parallel: 4 },
          { retry: { attempts: 1, backoff: { minMs: 1, maxMs: 1 }, then: 'fail' } },
        ),
        async (task, n) => {
          if (n !== 4) return said('Temporal');
          if (late === 'breaks') throw new Failure('ModelRateLimited', 'Later.');
          return untilStopped(task).finally(() => {
            stopped = true;
          });
        },
      );
      expect(await go(s), late).toMatchObject({ result: { status: 'succeeded', tries: 1 } });
      const { voted } = (await s.state()).final!;
      expect(voted).toMatchObject({ samples: 3, candidates: [{ by: [1, 2, 3] }] });
      expect(stopped).toBe(late === 'hangs');
    }
  });

  it('comes to the same whichever sample comes sooner', async () => {
    const answers = ['a', 'b', 'b', 'a', 'b', 'b', 'a', 'b', 'b'];
    const told = new Set<string>();
    for (let seed = 1; seed <= 12; seed++) {
      const s = await setting(asked({ samples: 9, stop: 0.8, parallel: 3 }), async ({ work: _ }, n) => {
        for (let i = 0; i < (n * seed) % 5; i++) await new Promise(setImmediate);
        return said(answers[n - 1]!);
      });
      await go(s);
      told.add(JSON.stringify((await s.state()).final!.voted));
    }
    expect(told.size).toBe(1);
  });

  it('counts what its samples consumed where nobody could record how it ended', async () => {
    const store = memoryStore();
    const dead = await setting(
      asked({}, { withinMs: 5_000 }),
      (task, n) => (n === 3 ? untilStopped(task) : said('a')),
      store,
    );
    void runUnit(dead.lease(), dead.effects).catch(() => undefined);
    while (dead.tasks.length < 3) await new Promise(setImmediate);
    const next = await setting(asked({}, { withinMs: 5_000 }), () => said('a'), store);
    const scheduledAt = next.clock.now() - 6_000;
    await next.clock.until(runUnit(next.lease({ ...attempt(2), scheduledAt }), next.effects));
    expect((await next.state()).final?.status).toBe('failed');
    expect(await usageOf(next)).toMatchObject({ inputTokens: 20 });
  });

  it('that breaks and is out of time says the latter: of what was under way nobody knows what became, so it keeps its key', async () => {
    const s = await setting(
      asked(
        { parallel: 2 },
        { timeoutMs: 5_000, retry: { attempts: 2, backoff: { minMs: 1, maxMs: 1 }, then: 'fail' } },
      ),
      (task, n) => {
        if (n === 1) throw new Failure('ModelRateLimited', 'Later.');
        return n === 2 ? untilStopped(task) : said('a');
      },
    );
    await throughAll(s);
    const { counted } = await s.state();
    expect(counted[0]).toMatchObject({ verdict: 'timed-out' });
    const keys = s.tasks.map(({ key }) => key);
    expect(keys.slice(2)).toEqual(expect.arrayContaining(keys.slice(0, 2)));
  });

  it('is told of where its fallback delivers, and asks anew where the models of its tiers are others', async () => {
    const fallback = planOf({ id: 'verdict', executor: { kind: 'constant', value: { winner: 'none' } } })
      .briefs[0]!;
    const once = { attempts: 1, backoff: { minMs: 1, maxMs: 1 }, then: 'fail' } as const;
    const s = await setting(asked({ samples: 2 }, { fallback, retry: once }), ({ work }, n) =>
      work.kind === 'ask' ? said(n === 1 ? 'a' : 'b') : { output: { value: { winner: 'none' } } },
    );
    await throughAll(s);
    const row = carriedOut(await s.state(), false);
    expect(row).toMatchObject({ fallback: 'constant', voted: { because: 'tie', decided: false } });

    const store = memoryStore();
    const cached = asked({ models: ['fast', 'default'] }, { cacheMs: 60_000 });
    const first = await setting(cached, () => said('a'), store);
    await go(first);
    const other = await setting(
      { ...cached, models: { fast: 's-2', default: 'm-2' } },
      () => said('b'),
      store,
    );
    const again = { run: { id: 'other', first: 'second' } };
    await other.clock.until(runUnit(other.lease(again), other.effects));
    expect(modelsOf(other.tasks)).toEqual(['s-2', 'm-2', 's-2', 'm-2', 's-2']);
  });

  it('stops with its time, and keeps what had come', async () => {
    const s = await setting(
      asked({}, { timeoutMs: 5_000, retry: { attempts: 2, backoff: { minMs: 1, maxMs: 1 }, then: 'fail' } }),
      (task, n) => (n === 2 ? untilStopped(task) : said('Temporal')),
    );
    await throughAll(s);
    const { counted, final } = await s.state();
    expect(counted.map(({ verdict }) => verdict)).toEqual(['timed-out', 'succeeded']);
    expect(s.tasks).toHaveLength(6);
    expect(final?.voted?.samples).toBe(5);
  });
});
