import { describe, expect, it } from 'vitest';
import { sha256 } from '../../src/adapters/digest.js';
import { Failure } from '../../src/core/outcome/failure.js';
import { effectKey, inputDigest } from '../../src/core/plan/keys.js';
import type { Brief } from '../../src/core/plan/plan.js';
import { readValue } from '../../src/engine/artifacts.js';
import { runUnit } from '../../src/engine/runUnit.js';
import { attempt, planOf, type Setting, setting, untilStopped, value } from './setting.js';

const brief = (more: Partial<Brief> = {}) => planOf({ id: 'dig', ...more });
const go = (s: Setting, n = 1, more = {}) =>
  s.clock.until(runUnit(s.lease({ ...attempt(n), scheduledAt: 1_000_000, ...more }), s.effects));
const fails =
  (type: Failure['type'], detail = {}) =>
  () => {
    throw new Failure(type, `${type} happened`, detail);
  };

/** Delivers the unit again and again, as Temporal does, until it has ended. */
async function throughAll(s: Setting): Promise<number[]> {
  const delays: number[] = [];
  for (let n = 1; ; n++) {
    const ended = await go(s, n);
    if (ended.kind !== 'again') return delays;
    delays.push(ended.delayMs);
    s.clock.pass(ended.delayMs);
  }
}

describe('a brief that succeeds', () => {
  it('is recorded with its output, durably, before it is returned', async () => {
    const s = await setting(brief(), () => value({ found: 3 }));
    expect(await go(s)).toEqual({ kind: 'ended', result: { status: 'succeeded', tries: 1 } });
    const { final } = await s.state();
    expect(final).toMatchObject({ brief: 'dig', try: 1, verdict: 'succeeded', status: 'succeeded' });
    expect(final?.ref && (await readValue(s.store, final.ref))).toEqual({ found: 3 });
    expect(await s.store.list('blobs/')).toHaveLength(1); // the plan; the output lies in the segment
  });

  it('is not repeated: whoever comes next gets what is recorded', async () => {
    const s = await setting(brief(), () => value(1));
    const first = await go(s);
    expect(await go(s, 2)).toEqual(first);
    expect(await go(s, 1, { holder: { dispatch: 2, attempt: 1 } })).toEqual(first);
    expect(s.tasks).toHaveLength(1);
    expect(await s.segments()).toHaveLength(1);
  });

  it('stores an output over 64 KB by digest, before the row that names it', async () => {
    const s = await setting(brief(), () => value('x'.repeat(70_000)));
    await go(s);
    const { final } = await s.state();
    expect(final?.ref).toMatchObject({ size: 70_000, type: 'text/plain' });
    expect(final?.ref?.at).toBeUndefined();
    expect(final?.ref && (await readValue(s.store, final.ref))).toBe('x'.repeat(70_000));
  });

  it('says in its record which secrets were taken out of its output, of whatever size', async () => {
    for (const more of ['', 'x'.repeat(70_000)]) {
      const s = await setting(brief(), () =>
        value({ a: '[secret A_KEY] [secret B.KEY]', b: `[secret A_KEY]${more}` }),
      );
      await go(s);
      expect((await s.state()).final?.redacted).toEqual(['A_KEY', 'B.KEY']);
    }
    const none = await setting(brief(), () => value('[secret] [secret a b]'));
    await go(none);
    expect((await none.state()).final?.redacted).toBeUndefined();
  });

  it('gives the usage that was measured, and says what it is doing while it does', async () => {
    const s = await setting(brief(), (task) => {
      task.progress({ bytes: 12 });
      return { ...value(1), usage: { inputTokens: 5 } };
    });
    await go(s);
    expect((await s.state()).final?.usage).toEqual({ inputTokens: 5 });
    expect(s.beats.map(({ doing }) => doing)).toEqual([
      'reading',
      'running',
      'running',
      'accepting',
      'recording',
    ]);
    expect(s.beats[2]).toMatchObject({ try: 1, bytes: 12, since: 1_000_000 });
  });

  it('shows of its progress what a heartbeat has room for, and never in place of what Muster says', async () => {
    const s = await setting(brief(), (task) => {
      const forged = { try: 9, attempts: 9, doing: 'recording', since: 1, more: 'x'.repeat(5_000) };
      task.progress({ ...forged, bytes: 12, tokens: 3, note: 'ä'.repeat(5_000) });
      task.progress({ bytes: Number.NaN, tokens: '7', note: 8 } as object);
      task.progress(null as never);
      return value(1);
    });
    await go(s);
    const own = { try: 1, attempts: 1, doing: 'running', since: 1_000_000 };
    expect(s.beats.slice(2, 5)).toStrictEqual([
      { ...own, bytes: 12, tokens: 3, note: 'ä'.repeat(120) },
      own,
      own,
    ]);
  });

  it('whose output met a cap is partial, and says so', async () => {
    const s = await setting(brief(), () => ({ output: { text: 'begin…' }, truncated: true }));
    expect(await go(s)).toMatchObject({
      result: { status: 'partial' },
      reason: { message: expect.stringContaining('longer than its cap') },
    });
  });
});

describe('tries', () => {
  it('follow one another after a back-off that doubles up to its maximum, until they are spent', async () => {
    const retry = { attempts: 5, backoff: { minMs: 1_000, maxMs: 3_000 }, then: 'fail' } as const;
    const s = await setting(brief({ retry }), fails('CommandFailed'));
    expect(await throughAll(s)).toEqual([1_000, 2_000, 3_000, 3_000]);
    expect((await s.state()).final).toMatchObject({ try: 5, status: 'failed', verdict: 'failed' });
  });

  it('go by how those before ended, as the log says it, also to whoever comes next', async () => {
    const retry = {
      attempts: 2,
      backoff: { minMs: 1_000, maxMs: 60_000 },
      on: { ModelRateLimited: { attempts: 3, backoff: { minMs: 5_000, maxMs: 90_000 } } },
      then: 'fail',
    } as const;
    const types = ['ModelRateLimited', 'CommandFailed', 'ModelRateLimited', 'CommandFailed'] as const;
    const s = await setting(brief({ retry }), (_, nth) => fails(types[nth - 1]!)());
    expect(await throughAll(s)).toEqual([5_000, 1_000, 10_000]);
    expect((await s.state()).final).toMatchObject({ try: 4, status: 'failed' });
  });

  it('spent, a brief with `then: missing` is missing', async () => {
    const retry = { attempts: 1, backoff: { minMs: 0, maxMs: 0 }, then: 'missing' } as const;
    const s = await setting(brief({ retry }), fails('CommandFailed'));
    expect(await go(s)).toMatchObject({ kind: 'ended', result: { status: 'missing', tries: 1 } });
  });

  it('wait at least as long as a provider asks', async () => {
    const s = await setting(brief(), fails('ModelRateLimited', { retryAfterMs: 20_000 }));
    expect(await go(s)).toMatchObject({
      kind: 'again',
      delayMs: 20_000,
      reason: { type: 'ModelRateLimited' },
    });
  });

  it('never come back at once: a back-off of nothing is a delay of 1 ms', async () => {
    const retry = { attempts: 2, backoff: { minMs: 0, maxMs: 0 }, then: 'fail' } as const;
    const s = await setting(brief({ retry }), fails('ModelRateLimited', { retryAfterMs: 0 }));
    expect(await go(s)).toMatchObject({ kind: 'again', delayMs: 1 });
  });

  it('delivered early wait for what remains, and write nothing', async () => {
    const s = await setting(brief(), fails('CommandFailed'));
    await go(s);
    s.clock.pass(400);
    expect(await go(s, 2)).toMatchObject({ kind: 'again', delayMs: 600 });
    expect(s.tasks).toHaveLength(1);
    expect(await s.segments()).toHaveLength(1);
  });

  it('end at once where no other could mend it', async () => {
    const s = await setting(brief(), fails('CommandNotAllowed'));
    expect(await go(s)).toMatchObject({ kind: 'ended', result: { status: 'failed', tries: 1 } });
  });

  it('after a definite failure have another key; after a timeout, when nobody knows, the same', async () => {
    const s = await setting(
      brief({ retry: { attempts: 4, backoff: { minMs: 1, maxMs: 1 }, then: 'fail' } }),
      (task, n) => (n === 1 || n === 3 ? untilStopped(task) : n === 2 ? fails('CommandFailed')() : value(1)),
    );
    await throughAll(s);
    const [a, b, c, d] = s.tasks.map(({ key }) => key);
    expect(a).toBe(b);
    expect(c).not.toBe(b);
    expect(d).toBe(c);
    expect(s.tasks.map((task) => task.try)).toEqual([1, 2, 3, 4]);
  });

  it('after a failure that leaves open what became of the effect have the same key, and cost a try each', async () => {
    const s = await setting(brief(), (_, n) => {
      if (n === 3) return value(1);
      throw new Failure('HttpFailed', 'the connection broke off', { uncertain: n === 1 });
    });
    await throughAll(s);
    const [a, b, c] = s.tasks.map(({ key }) => key);
    expect(a).toBe(b);
    expect(c).not.toBe(b);
    expect(s.tasks.map((task) => task.try)).toEqual([1, 2, 3]);
  });

  it('an error nobody foresaw is a failure that says it is ours', async () => {
    const s = await setting(brief(), () => {
      throw new Error('x is undefined');
    });
    expect(await go(s)).toMatchObject({
      kind: 'ended',
      reason: { message: expect.stringMatching(/x is undefined.*bug/) },
    });
  });
});

describe('time', () => {
  it('over its timeout a try is stopped and counts as a try', async () => {
    const s = await setting(brief(), untilStopped);
    expect(await go(s)).toMatchObject({
      kind: 'again',
      reason: { type: 'TimedOut', message: expect.stringContaining('10 s of its `timeout`') },
    });
    expect(await s.state()).toMatchObject({ tries: 1, generation: 0, last: { verdict: 'timed-out' } });
  });

  it('an effect that does not stop when told is waited for no longer than 5 s', async () => {
    const s = await setting(brief(), () => new Promise(() => undefined));
    const began = s.clock.now();
    await go(s);
    expect(s.clock.now() - began).toBeGreaterThanOrEqual(15_000);
    expect((await s.state()).last).toMatchObject({ verdict: 'timed-out' });
  });

  it('within the brief ends it, though tries are left', async () => {
    const s = await setting(brief({ withinMs: 4_000 }), untilStopped);
    expect(await go(s)).toMatchObject({
      kind: 'ended',
      result: { status: 'failed', tries: 1 },
      reason: { message: expect.stringContaining('4 s of its `within`') },
    });
  });

  it('no try is announced that would begin after it', async () => {
    const s = await setting(brief({ withinMs: 900 }), fails('CommandFailed'));
    expect(await go(s)).toMatchObject({ kind: 'ended', reason: { type: 'CommandFailed' } });
  });

  it('that passed before anyone came ends the brief without a try', async () => {
    const s = await setting(brief({ withinMs: 4_000 }), () => value(1));
    s.clock.pass(5_000);
    expect(await go(s)).toMatchObject({ kind: 'ended', result: { status: 'failed', tries: 0 } });
    expect(s.tasks).toHaveLength(0);
  });

  it.each([
    ['asks nothing of its output: partial', {}, 'partial'],
    ['has a schema: failed', { output: { type: 'string' } }, 'failed'],
    ['has a condition: failed', { accept: [{ kind: 'cel', cel: 'true' } as const] }, 'failed'],
  ])('cut an output short, and the brief %s, with what there was kept', async (_, more, status) => {
    const retry = { attempts: 1, backoff: { minMs: 0, maxMs: 0 }, then: 'fail' } as const;
    const s = await setting(brief({ retry, ...more }), (task) =>
      untilStopped(task).catch((why: Failure) => {
        throw new Failure(why.type, why.message, { partial: 'half' });
      }),
    );
    expect(await go(s)).toMatchObject({ kind: 'ended', result: { status } });
    const { final } = await s.state();
    expect(final?.ref && (await readValue(s.store, final.ref))).toBe('half');
  });
});

describe('an output', () => {
  it('that does not fit its schema is rejected, and the next try is told why under another key', async () => {
    const plan = brief({
      executor: { kind: 'ask', text: 'Count.' },
      parse: 'json',
      output: { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] },
    });
    const s = await setting(plan, (_, n) => ({ output: { text: n === 1 ? '{"n":"one"}' : '{"n":1}' } }));
    await throughAll(s);
    const [first, second] = s.tasks;
    expect((await s.state()).findings[0]).toMatch(/\$\.n must be integer/);
    expect(JSON.stringify(first?.work)).not.toContain('must be integer');
    expect(JSON.stringify(second?.work)).toContain('must be integer');
    expect(first?.key).not.toBe(second?.key);
    const input = first && inputDigest(first.work, sha256); // findings are no part of it
    expect(second?.key).toBe(
      effectKey({ run: 'first', brief: 'dig', input: input ?? '', generation: 1 }, sha256),
    );
    expect((await s.state()).final).toMatchObject({ try: 2, status: 'succeeded' });
  });

  it('that is rejected or refused raises the tier of the next try, where that is asked for; what nobody answered does not', async () => {
    const retry = { attempts: 5, backoff: { minMs: 1, maxMs: 1 }, then: 'fail' } as const;
    const asked = async (more: Partial<Brief>) => {
      const plan = brief({
        executor: { kind: 'ask', text: 'Count.' },
        model: 'fast',
        parse: 'json',
        ...more,
      });
      const models = { fast: 's-1', default: 'm-1', capable: 'l-1' };
      const s = await setting({ ...plan, models }, (task, n) => {
        if (n === 1) return fails('ModelRateLimited')();
        if (n === 2) return untilStopped(task);
        if (n === 3) return { output: { text: 'no json' } };
        return n === 4 ? fails('ModelRefused')() : { output: { text: '1' } };
      });
      await throughAll(s);
      return s.tasks.map(({ work }) => (work as { model: string }).model);
    };
    expect(await asked({ retry: { ...retry, escalate: true } })).toEqual(['s-1', 's-1', 's-1', 'm-1', 'l-1']);
    expect(new Set(await asked({ retry }))).toEqual(new Set(['s-1']));
  });

  it('that is not what `parse` says is rejected', async () => {
    const s = await setting(brief({ parse: 'json' }), () => ({ output: { text: 'no json' } }));
    await go(s);
    expect((await s.state()).last).toMatchObject({ verdict: 'rejected', reason: { type: 'OutputInvalid' } });
  });

  it('is held against each condition, which sees it as `output`', async () => {
    const plan = brief({ accept: [{ kind: 'cel', cel: 'output.n > 1' }] });
    const s = await setting(plan, (_, n) => value({ n }));
    await throughAll(s);
    const state = await s.state();
    expect(state.findings).toEqual(['The output of dig is not accepted: `output.n > 1` is not true.']);
    expect(state.final).toMatchObject({ try: 2, status: 'succeeded' });
  });

  it('is given to an accepting command as JSON; what that prints on refusing is the finding', async () => {
    const plan = brief({ accept: [{ kind: 'command', argv: ['check', '--all'] }] });
    const s = await setting(plan, ({ work }) => {
      if (work.kind !== 'run') return value({ n: 1 });
      throw new Failure('CommandFailed', 'check ended with exit code 1', { partial: 'n is odd\n' });
    });
    await go(s);
    expect(s.tasks[1]?.work).toEqual({
      kind: 'run',
      argv: ['check', '--all'],
      stdin: '{"n":1}',
      okExit: [0],
    });
    const state = await s.state();
    expect(state.last?.verdict).toBe('rejected');
    expect(state.findings[0]).toContain('n is odd');
    expect(state.last?.ref && (await readValue(s.store, state.last.ref))).toEqual({ n: 1 });
  });

  it('is not rejected by a command that could not be run: that is a failure', async () => {
    const plan = brief({ accept: [{ kind: 'command', argv: ['nowhere'] }] });
    const s = await setting(plan, ({ work }) =>
      work.kind === 'run' ? fails('CommandFailed', { permanent: true })() : value(1),
    );
    expect(await go(s)).toMatchObject({ kind: 'ended', result: { status: 'failed' } });
    expect((await s.state()).last?.verdict).toBe('failed');
  });

  it('whose accepting command takes too long is kept itself, not what that command printed', async () => {
    const plan = brief({ accept: [{ kind: 'command', argv: ['check'] }] });
    const s = await setting(plan, (task) =>
      task.work.kind !== 'run'
        ? value('good')
        : untilStopped(task).catch((why: Failure) => {
            throw new Failure(why.type, why.message, { partial: 'checking…' });
          }),
    );
    await go(s);
    const { last } = await s.state();
    expect(last?.verdict).toBe('timed-out');
    expect(last?.ref && (await readValue(s.store, last.ref))).toBe('good');
  });

  it('that JSON cannot carry is rejected', async () => {
    const s = await setting(brief(), () => value(Number.NaN));
    await go(s);
    expect((await s.state()).last).toMatchObject({ verdict: 'rejected' });
  });
});

describe('a condition', () => {
  it('that is false makes the brief not needed: no try, no hole, no effect', async () => {
    const s = await setting(brief({ when: '1 > 2' }), () => value(1));
    expect(await go(s)).toEqual({ kind: 'ended', result: { status: 'not-needed', tries: 0 } });
    expect(s.tasks).toHaveLength(0);
  });

  it('that gives no truth value fails the brief at once', async () => {
    const s = await setting(brief({ when: '"yes"' }), () => value(1));
    expect(await go(s)).toMatchObject({
      result: { status: 'failed', tries: 1 },
      reason: { type: 'InvalidInput', message: expect.stringContaining('not true or false') },
    });
  });
});

describe('a lease that ends', () => {
  const stopping = (why: 'cancelled' | 'shutdown' | 'lost') => {
    const stop = new AbortController();
    return { stop, more: { signal: stop.signal, abortedBecause: () => why } };
  };
  const stoppedAt = async (why: 'cancelled' | 'shutdown' | 'lost') => {
    const { stop, more } = stopping(why);
    const s = await setting(brief(), (task) => {
      setImmediate(() => stop.abort());
      return untilStopped(task).catch((reason: Failure) => {
        throw new Failure(reason.type, reason.message, { partial: 'half' });
      });
    });
    return { s, ended: go(s, 1, more) };
  };

  it('by cancellation is recorded as cancelled, with the partial output', async () => {
    const { s, ended } = await stoppedAt('cancelled');
    expect(await ended).toMatchObject({ kind: 'ended', result: { status: 'cancelled' } });
    const { final } = await s.state();
    expect(final).toMatchObject({ verdict: 'cancelled', status: 'cancelled', try: 1 });
    expect(final?.ref && (await readValue(s.store, final.ref))).toBe('half');
  });

  it('by shutdown is handed back, costs no try and makes nobody a suspect', async () => {
    const { s, ended } = await stoppedAt('shutdown');
    expect(await ended).toEqual({ kind: 'released' });
    expect(await s.state()).toMatchObject({ tries: 0, holders: [{ ended: true }] });
  });

  it('because somebody else has the unit ends with Superseded and no row', async () => {
    const { s, ended } = await stoppedAt('lost');
    await expect(ended).rejects.toMatchObject({ type: 'Superseded' });
    expect(await s.segments()).toEqual([]);
  });

  it('before it began makes no try', async () => {
    const { stop, more } = stopping('cancelled');
    stop.abort();
    const s = await setting(brief(), () => value(1));
    expect(await go(s, 1, more)).toMatchObject({ result: { status: 'cancelled', tries: 0 } });
    expect(s.tasks).toHaveLength(0);
  });

  it('while it gets ready begins no effect', async () => {
    const { stop, more } = stopping('cancelled');
    const s = await setting(brief(), () => value(1));
    const beat = () => stop.abort();
    const ended = runUnit(s.lease(more), { ...s.effects, beat });
    expect(await s.clock.until(ended)).toMatchObject({ result: { status: 'cancelled' } });
    expect(s.tasks).toHaveLength(0);
  });

  it('just as the effect succeeded loses nothing: the success is recorded', async () => {
    const { stop, more } = stopping('shutdown');
    const s = await setting(brief(), () => {
      stop.abort();
      return value(1);
    });
    expect(await go(s, 1, more)).toMatchObject({ kind: 'ended', result: { status: 'succeeded' } });
  });
});

describe('a brief that kills its worker', () => {
  /** A holder that dies in its effect: it is never heard of again. */
  const dies = (s: Setting, n: number) => {
    const effects = {
      ...s.effects,
      executors: { ...s.effects.executors, call: () => new Promise<never>(() => undefined) },
    };
    void runUnit(s.lease(attempt(n)), effects).catch(() => undefined);
    return new Promise<void>((then) => setTimeout(then, 20));
  };
  const isolated = (s: Setting, act: () => never | ReturnType<typeof value>) => {
    const seen: unknown[] = [];
    const effects = {
      ...s.effects,
      isolated: async (task: unknown) => {
        seen.push(task);
        return act();
      },
    };
    return { seen, effects };
  };

  it('once costs no try, and the next holder tries as usual under the same number', async () => {
    const s = await setting(brief(), () => value(1));
    await dies(s, 1);
    expect(await go(s, 2)).toMatchObject({ result: { status: 'succeeded', tries: 1 } });
    expect(s.tasks.map((task) => task.try)).toEqual([1]);
  });

  it('twice is run in a process of its own, whose death is a verdict', async () => {
    const s = await setting(brief(), () => value(1));
    await dies(s, 1);
    await dies(s, 2);
    const { seen, effects } = isolated(s, fails('WorkerCrashed'));
    expect(await s.clock.until(runUnit(s.lease(attempt(3)), effects))).toMatchObject({
      kind: 'again',
      reason: { type: 'WorkerCrashed' },
    });
    expect(seen).toHaveLength(1);
    expect(s.tasks).toHaveLength(0);
    expect(await s.state()).toMatchObject({ tries: 1, generation: 0, last: { verdict: 'crashed' } });
  });

  it('is not suspected of what a deploy did: released holders blame nobody', async () => {
    const s = await setting(brief(), (task) => untilStopped(task));
    for (const n of [1, 2, 3]) {
      const stop = new AbortController();
      const ended = runUnit(
        s.lease({ ...attempt(n), signal: stop.signal, abortedBecause: () => 'shutdown' }),
        s.effects,
      );
      await new Promise((then) => setTimeout(then, 10));
      stop.abort();
      expect(await ended).toEqual({ kind: 'released' });
    }
    const { seen, effects } = isolated(s, () => value(1));
    const last = runUnit(s.lease(attempt(4)), {
      ...effects,
      executors: { ...effects.executors, call: async () => value(2) },
    });
    expect(await s.clock.until(last)).toMatchObject({ result: { status: 'succeeded', tries: 1 } });
    expect(seen).toHaveLength(0);
  });
});
