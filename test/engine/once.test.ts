import { describe, expect, it } from 'vitest';
import { Failure, type FailureType } from '../../src/core/outcome/failure.js';
import type { Brief } from '../../src/core/plan/plan.js';
import { mark } from '../../src/engine/marks.js';
import { runUnit } from '../../src/engine/runUnit.js';
import { readState } from '../../src/engine/segments.js';
import type { Store } from '../../src/ports/store.js';
import { attempt, planOf, type Setting, setting, untilStopped, value } from './setting.js';

const brief = (more: Partial<Brief> = {}) => planOf({ id: 'pay', effect: 'once', ...more });
const go = (s: Setting, n = 1, more = {}) =>
  s.clock.until(runUnit(s.lease({ ...attempt(n), scheduledAt: 1_000_000, ...more }), s.effects));
const fails =
  (type: FailureType, detail = {}) =>
  (): never => {
    throw new Failure(type, `pay: ${type} happened.`, detail);
  };
const kinds = async (s: Setting) => (await s.segments()).flatMap(({ rows }) => rows.map(({ row }) => row));

/** A run whose worker fell silent in the middle of it, and what the next one made of that. */
async function crashed(store?: Store) {
  const s = await setting(brief(), untilStopped, store);
  runUnit(s.lease(attempt(1)), s.effects).catch(() => undefined);
  await expect.poll(() => s.tasks.length).toBe(1);
  return { s, ended: await go(s, 2) };
}

describe('what must not run twice', () => {
  it('has begun on record before its effect begins', async () => {
    let found: readonly string[] = [];
    const s: Setting = await setting(brief(), async () => {
      found = await kinds(s);
      return value('paid');
    });
    expect(await go(s)).toMatchObject({ result: { status: 'succeeded', tries: 1 } });
    expect(found).toEqual(['begun']);
    expect(await kinds(s)).toEqual(['begun', 'outcome']);
  });

  it('whose worker was lost is not begun again: it fails, and says what is to be looked at and done', async () => {
    const { s, ended } = await crashed();
    expect(ended).toMatchObject({ kind: 'ended', result: { status: 'failed', tries: 1 } });
    expect(s.tasks).toHaveLength(1);
    const { final } = await s.state();
    expect(final).toMatchObject({ verdict: 'crashed', askFirst: true, reason: { type: 'WorkerCrashed' } });
    expect(final!.reason!.message).toContain('Whether it took place is not known');
    expect(final!.reason!.message).toContain('`muster retry run pay`');
    expect(final!.reason!.message).toContain('`muster mark run pay bad` and `muster rerun run`');
  });

  it('handed back in the middle of it is in doubt, handed back before it is not', async () => {
    const stop = new AbortController();
    const leaving = { signal: stop.signal, abortedBecause: () => 'shutdown' as const };
    const s = await setting(brief(), (task) => {
      stop.abort();
      return untilStopped(task);
    });
    expect(await go(s, 1, leaving)).toEqual({ kind: 'released' });
    expect(await go(s, 2)).toMatchObject({ result: { status: 'failed' } });
    const early = await setting(brief(), () => value('paid'));
    expect(await go(early, 1, leaving)).toEqual({ kind: 'released' });
    expect(await go(early, 2)).toMatchObject({ result: { status: 'succeeded' } });
  });

  it('is not begun again after a timeout, an uncertain end or a rejected output, however many tries it has', async () => {
    const retry = { attempts: 5, backoff: { minMs: 0, maxMs: 0 }, then: 'missing' } as const;
    for (const [act, more] of [
      [untilStopped, {}],
      [fails('HttpFailed', { uncertain: true }), {}],
      [fails('OutputInvalid'), {}],
      [() => value(1), { accept: [{ kind: 'cel', cel: 'output == 2' }] }],
    ] as const) {
      const s = await setting(brief({ retry, ...more }), act);
      expect(await go(s)).toMatchObject({ result: { status: 'failed', tries: 1 } });
      expect((await s.state()).final?.askFirst).toBe(true);
    }
  });

  it('whose judge was stopped before it was asked took place all the same', async () => {
    const judged = {
      executor: { kind: 'ask', text: 'Pay.' },
      accept: [{ kind: 'judge', model: 'default', says: 'ok' }],
    } as const;
    const s = await setting({ ...brief(judged), models: { default: 'm' } }, ({ label }) => {
      if (label.startsWith('the judge')) throw new Failure('TimedOut', 'late', { unbegun: true });
      return value('paid');
    });
    expect(await go(s)).toMatchObject({ kind: 'ended', result: { status: 'failed', tries: 1 } });
    expect((await s.state()).final?.reason?.message).toMatch('It took place');
  });

  it('says that it took place where only its output failed', async () => {
    const s = await setting(brief({ accept: [{ kind: 'cel', cel: 'false' }] }), () => value(1));
    await go(s);
    expect((await s.state()).final?.reason?.message).toContain(
      'is not accepted: `false` is not true. It took place.',
    );
  });

  it('that definitely failed is tried again as its `retry` says', async () => {
    const s = await setting(brief(), (_, nth) => (nth === 1 ? fails('CommandFailed')() : value('paid')));
    expect(await go(s)).toMatchObject({ kind: 'again' });
    s.clock.pass(1_000);
    expect(await go(s, 2)).toMatchObject({ result: { status: 'succeeded', tries: 2 } });
  });

  it('cancelled in the middle of it is in doubt, and says so', async () => {
    const stop = new AbortController();
    const s = await setting(brief(), (task) => {
      stop.abort();
      return untilStopped(task);
    });
    const cancelled = { signal: stop.signal, abortedBecause: () => 'cancelled' as const };
    expect(await go(s, 1, cancelled)).toMatchObject({ result: { status: 'cancelled' } });
    expect((await s.state()).final).toMatchObject({
      askFirst: true,
      reason: { message: expect.stringContaining('Whether it took place is not known') },
    });
  });

  it('does not go on with a fallback unless it definitely failed', async () => {
    const fallback = { ...brief().briefs[0]!, executor: { kind: 'constant', value: 0 } } as const;
    const retry = { attempts: 1, backoff: { minMs: 0, maxMs: 0 }, then: 'fail' } as const;
    const doubtful = await setting(brief({ fallback, retry }), untilStopped);
    expect(await go(doubtful)).toMatchObject({ result: { status: 'failed' } });
    const failed = await setting(brief({ fallback, retry }), ({ work }) =>
      work.kind === 'constant' ? value(work.value) : fails('CommandFailed')(),
    );
    await go(failed);
    expect(await go(failed, 2)).toMatchObject({ result: { status: 'repaired' } });
  });

  it('is done again where a person asks for it', async () => {
    const { s } = await crashed();
    const later = await setting(brief(), () => value('paid'), s.store);
    const again = { again: 1, holder: { dispatch: 2, attempt: 1 } };
    expect(await go(later, 1, again)).toMatchObject({ result: { status: 'succeeded', tries: 2 } });
    expect(later.tasks).toMatchObject([{ key: s.tasks[0]!.key, try: 2 }]);
  });
});

describe('a re-run of what must not run twice', () => {
  const rerun = async (of: Setting, from: string, as: string) => {
    const s = await setting(brief(), () => value('paid'), of.store);
    const run = { id: as, first: as, base: { first: from, plan: of.lease().plan } };
    const ended = await go(s, 1, { run });
    return { s, ended, run, state: await readState(of.store, { run: as, unit: '0' }) };
  };

  it('does not repeat it where that is in doubt, nor does a re-run of that', async () => {
    const { s } = await crashed();
    const second = await rerun(s, 'first', 'second');
    expect(second.ended).toMatchObject({ result: { status: 'failed', tries: 0 } });
    expect(second.state.final?.reason?.message).toContain('`muster mark second pay bad`');
    const third = await rerun(s, 'second', 'third');
    expect(third.ended).toMatchObject({ result: { status: 'failed', tries: 0 } });
    expect([...second.s.tasks, ...third.s.tasks]).toEqual([]);
  });

  it('does it once a person has marked it bad, or asks for a retry', async () => {
    const { s } = await crashed();
    const refused = await rerun(s, 'first', 'second');
    const again = { again: 1, holder: { dispatch: 2, attempt: 1 } };
    const asked = await go(refused.s, 1, { run: refused.run, ...again });
    expect(asked).toMatchObject({ result: { status: 'succeeded' } });
    await mark(s.store, { run: 'first', unit: '0' }, 'bad');
    const marked = await rerun(s, 'first', 'third');
    expect(marked.ended).toMatchObject({ result: { status: 'succeeded' } });
  });

  it('does not repeat it either where the run came to its end before anybody had found out', async () => {
    const s = await setting(brief(), untilStopped);
    runUnit(s.lease(attempt(1)), s.effects).catch(() => undefined);
    await expect.poll(() => s.tasks.length).toBe(1);
    expect((await rerun(s, 'first', 'second')).ended).toMatchObject({
      result: { status: 'failed', tries: 0 },
    });
  });

  it('uses again what it delivered, and does what definitely failed', async () => {
    const paid = await setting(brief(), () => value('paid'));
    await go(paid);
    expect((await rerun(paid, 'first', 'second')).s.tasks).toEqual([]);
    const failed = await setting(
      brief({ retry: { attempts: 1, backoff: { minMs: 0, maxMs: 0 }, then: 'fail' } }),
      fails('CommandFailed'),
    );
    await go(failed);
    expect((await rerun(failed, 'first', 'second')).ended).toMatchObject({ result: { status: 'succeeded' } });
  });
});
