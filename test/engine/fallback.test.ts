import { describe, expect, it } from 'vitest';
import { Failure, type FailureType } from '../../src/core/outcome/failure.js';
import type { Brief } from '../../src/core/plan/plan.js';
import { readValue } from '../../src/engine/artifacts.js';
import { runUnit } from '../../src/engine/runUnit.js';
import { readState } from '../../src/engine/segments.js';
import type { Effect, Task } from '../../src/ports/executor.js';
import { attempt, planOf, type Setting, setting, untilStopped, value } from './setting.js';

const retry = { attempts: 2, backoff: { minMs: 1_000, maxMs: 1_000 }, then: 'fail' } as const;
const [plain] = planOf({ id: 'dig', retry }).briefs as [Brief];
const constant: Brief = { ...plain, executor: { kind: 'constant', value: { found: 0 } } };
const other: Brief = { ...plain, executor: { kind: 'call', name: 'other' } };
const planWith = (fallback: Brief, more: Partial<Brief> = {}) =>
  planOf({ ...plain, ...more, fallback: { ...fallback, ...more } });

const named = ({ work }: Task) => (work.kind === 'call' ? work.name : work.kind);
/** The brief's own work fails with that type, everything else delivers. */
const failing =
  (type: FailureType, detail = {}) =>
  (task: Task): Effect => {
    if (task.work.kind === 'constant') return value(task.work.value);
    if (named(task) === 'other') return value({ found: 1 });
    throw new Failure(type, `dig: ${type} happened.`, detail);
  };

const go = (s: Setting, n = 1, more = {}) =>
  s.clock.until(runUnit(s.lease({ ...attempt(n), scheduledAt: 1_000_000, ...more }), s.effects));

/** Delivers the unit again and again, as Temporal does, until it has ended. */
async function throughAll(s: Setting, from = 1, more = {}) {
  for (let n = from; ; n++) {
    const ended = await go(s, n, more);
    if (ended.kind !== 'again') return ended;
    expect(ended.delayMs).toBeGreaterThanOrEqual(1);
    s.clock.pass(ended.delayMs);
  }
}

describe('a fallback', () => {
  it('that is a constant delivers it once the tries are spent, and says why', async () => {
    const s = await setting(planWith(constant), failing('CallFailed'));
    expect(await throughAll(s)).toMatchObject({ result: { status: 'repaired', tries: 3 } });
    const { final } = await s.state();
    expect(final).toMatchObject({
      status: 'repaired',
      fallback: 'constant',
      reason: { type: 'CallFailed', message: 'dig: CallFailed happened.' },
    });
    expect(await readValue(s.store, final!.ref!)).toEqual({ found: 0 });
    expect(s.tasks.map(named)).toEqual(['work', 'work', 'constant']);
  });

  it('that is another executor has tries of its own', async () => {
    const s = await setting(planWith(other), (task, nth) => {
      if (nth === 3) throw new Failure('CallFailed', 'dig: not yet.');
      return failing('CallFailed')(task);
    });
    expect(await throughAll(s)).toMatchObject({ result: { status: 'repaired', tries: 4 } });
    expect(s.tasks.map(named)).toEqual(['work', 'work', 'other', 'other']);
    expect((await s.state()).final).toMatchObject({
      fallback: 'call',
      reason: { message: 'dig: CallFailed happened.' },
    });
  });

  it('is not reached by a brief that delivers itself', async () => {
    const s = await setting(planWith(constant), () => value({ found: 9 }));
    expect(await throughAll(s)).toMatchObject({ result: { status: 'succeeded', tries: 1 } });
    expect((await s.state()).final).not.toHaveProperty('fallback');
  });

  it('must give what the brief must give', async () => {
    const s = await setting(
      planWith(other, { accept: [{ kind: 'cel', cel: 'output.found > 1' }] }),
      failing('CallFailed'),
    );
    const ended = await throughAll(s);
    expect(ended).toMatchObject({
      result: { status: 'failed', tries: 4 },
      reason: { type: 'OutputInvalid' },
    });
    expect((await s.state()).final?.reason?.message).toMatch(
      /Its fallback failed too: .*is not accepted.* Before that: dig: CallFailed happened\./,
    );
  });

  it('says after its last try what the brief is then', async () => {
    const missing = { ...other, retry: { ...retry, attempts: 1, then: 'missing' } } as const;
    const s = await setting(planWith(missing), () => {
      throw new Failure('CallFailed', 'x'.repeat(2_000));
    });
    expect(await throughAll(s)).toMatchObject({ result: { status: 'missing', tries: 3 } });
    expect((await s.state()).final!.reason!.message.length).toBeLessThanOrEqual(500);
  });

  it('follows at once where no other try can mend it, or none has time left', async () => {
    const wrongKey = await setting(planWith(constant), failing('ModelAuth'));
    expect(await throughAll(wrongKey)).toMatchObject({ result: { status: 'repaired', tries: 2 } });
    const noTime = await setting(planWith(constant, { withinMs: 900 }), failing('CallFailed'));
    expect(await throughAll(noTime)).toMatchObject({ result: { status: 'repaired', tries: 2 } });
  });

  it.each(['InvalidPlan', 'ContractViolation'] as const)(
    'does not follow %s: that is to be mended',
    async (type) => {
      const s = await setting(planWith(constant), failing(type));
      expect(await throughAll(s)).toMatchObject({ result: { status: 'failed', tries: 1 } });
    },
  );

  it('does not follow once `within` is over, nor a cancellation', async () => {
    const late = await setting(planWith(constant, { withinMs: 5_000 }), untilStopped);
    expect(await throughAll(late)).toMatchObject({ result: { status: 'failed', tries: 1 } });
    const stop = new AbortController();
    const s = await setting(planWith(constant), (task) => {
      stop.abort();
      return untilStopped(task);
    });
    const cancelled = { signal: stop.signal, abortedBecause: () => 'cancelled' as const };
    expect(await go(s, 1, cancelled)).toMatchObject({ result: { status: 'cancelled' } });
  });

  it('is taken up where it was by whoever comes next, under the same key', async () => {
    const s = await setting(planWith(other), (task, nth) => {
      if (nth < 4) return nth < 3 ? failing('CallFailed')(task) : untilStopped(task);
      return value({ found: 1 });
    });
    await go(s, 1);
    s.clock.pass(1_000);
    await go(s, 2);
    // The third falls silent in the middle of the fallback; the fourth takes over.
    const silent = runUnit(s.lease({ ...attempt(3), scheduledAt: 1_000_000 }), s.effects);
    silent.catch(() => undefined);
    await expect.poll(() => s.tasks.length).toBe(3);
    expect(await go(s, 4)).toMatchObject({ result: { status: 'repaired', tries: 3 } });
    expect(s.tasks.map(named)).toEqual(['work', 'work', 'other', 'other']);
    expect(s.tasks[2]).toMatchObject({ key: s.tasks[3]!.key, try: 3 });
    expect(new Set(s.tasks.map(({ key }) => key)).size).toBe(3);
  });

  it('begins with the brief itself again where somebody asks for it once more', async () => {
    const s = await setting(planWith(other), (_, nth) => {
      if (nth < 5) throw new Failure('CallFailed', 'dig: no.');
      return value({ found: 5 });
    });
    expect(await throughAll(s)).toMatchObject({ result: { status: 'failed', tries: 4 } });
    const again = { again: 1, holder: { dispatch: 2, attempt: 1 } };
    expect(await go(s, 1, again)).toMatchObject({ result: { status: 'succeeded', tries: 5 } });
    expect(named(s.tasks[4]!)).toBe('work');
  });

  it('delivers no result of the brief: a re-run tries that again, and says so', async () => {
    const plan = planWith(constant);
    const s = await setting(plan, failing('CallFailed'));
    await throughAll(s);
    const base = { first: 'first', plan: s.lease().plan };
    const again = await setting(plan, () => value({ found: 7 }), s.store);
    const run = { id: 'again', first: 'second', base };
    expect(await go(again, 1, { run })).toMatchObject({ result: { status: 'succeeded', tries: 1 } });
    expect(again.tasks.map(named)).toEqual(['work']);
    const { last } = await readState(s.store, { run: 'second', unit: '0' });
    expect(last?.anew).toEqual({ because: 'fallback' });
  });

  it('that is edited leaves what the brief delivered itself as it is', async () => {
    const s = await setting(planWith(constant), () => value({ found: 7 }));
    await go(s);
    const base = { first: 'first', plan: s.lease().plan };
    const edited = await setting(planWith(other), () => value({ found: 8 }), s.store);
    await go(edited, 1, { run: { id: 'again', first: 'second', base } });
    expect(edited.tasks).toEqual([]);
  });
});
