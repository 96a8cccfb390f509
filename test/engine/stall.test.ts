import { describe, expect, it } from 'vitest';
import type { Brief } from '../../src/core/plan/plan.js';
import { runUnit } from '../../src/engine/runUnit.js';
import type { Effect, Task } from '../../src/ports/executor.js';
import { planOf, type Setting, setting, untilStopped, value } from './setting.js';

const SECOND = 1_000;
const brief = (more: Partial<Brief> = {}) =>
  planOf({ id: 'dig', stallMs: 3 * SECOND, timeoutMs: 60 * SECOND, ...more });
const go = (s: Setting) => s.clock.until(runUnit(s.lease(), s.effects));

/** Tells of progress every `everyMs`, `times` times, then ends; or goes on in silence until it is stopped. */
function telling(
  s: () => Setting,
  task: Task,
  { everyMs, times, ends }: { everyMs: number; times: number; ends: boolean },
): Promise<Effect> {
  return new Promise((done, fail) => {
    task.signal.addEventListener('abort', () => fail(task.signal.reason));
    const again = (n: number) => {
      if (n > times) return ends && done(value('all of it'));
      task.progress({ bytes: n });
      s().clock.after(everyMs, () => again(n + 1));
    };
    again(1);
  });
}

describe('a limit on silence', () => {
  it('stops a try that shows no progress for so long, as timed out', async () => {
    const s = await setting(brief(), untilStopped);
    const began = s.clock.now();
    expect(await go(s)).toMatchObject({
      kind: 'again',
      reason: { type: 'TimedOut', message: expect.stringContaining('no progress for 3 s (`stall`)') },
    });
    const { last } = await s.state();
    expect(last).toMatchObject({ verdict: 'timed-out', try: 1 });
    expect(last!.ended - began).toBe(3 * SECOND);
  });

  it('counts from the latest progress: a try that keeps telling goes on for any time', async () => {
    const s: Setting = await setting(brief(), (task) =>
      telling(() => s, task, { everyMs: 2 * SECOND, times: 20, ends: true }),
    );
    expect(await go(s)).toMatchObject({ result: { status: 'succeeded', tries: 1 } });
  });

  it('stops it when it falls silent later, and keeps what there was of an output', async () => {
    const s: Setting = await setting(
      brief({ retry: { attempts: 1, backoff: { minMs: 0, maxMs: 0 }, then: 'fail' } }),
      (task) => {
        const work = telling(() => s, task, { everyMs: 2 * SECOND, times: 4, ends: false });
        return work.catch((why) => {
          throw Object.assign(why, { detail: { partial: 'half of it' } });
        });
      },
    );
    const began = s.clock.now();
    expect(await go(s)).toMatchObject({ result: { status: 'partial' } });
    const { final } = await s.state();
    expect(final!.ended - began).toBe((3 * 2 + 3) * SECOND);
    expect(final?.ref).toBeDefined();
  });

  it('leaves `timeout` as it is, and nothing is limited where nothing is said', async () => {
    const chatty: Setting = await setting(brief({ timeoutMs: 5 * SECOND }), (task) =>
      telling(() => chatty, task, { everyMs: SECOND, times: 100, ends: true }),
    );
    expect(await go(chatty)).toMatchObject({
      reason: { message: expect.stringContaining('5 s of its `timeout`') },
    });
    const { stallMs: _, ...unlimited } = brief().briefs[0]!;
    const quiet = await setting(planOf(unlimited), untilStopped);
    expect(await go(quiet)).toMatchObject({ reason: { message: expect.stringContaining('`timeout`') } });
  });

  it('does not count while an output is judged, nor hear who tells of progress afterwards', async () => {
    const plan = brief({
      executor: { kind: 'call', name: 'work' },
      accept: [{ kind: 'command', argv: ['judge'] }],
    });
    let told: Task['progress'] = () => {};
    const s: Setting = await setting(plan, (task, nth) => {
      if (nth === 1) {
        told = task.progress;
        return value(1);
      }
      return new Promise((done) => s.clock.after(10 * SECOND, () => done(value(''))));
    });
    expect(await go(s)).toMatchObject({ result: { status: 'succeeded' } });
    told({ note: 'late' });
    expect(s.beats.map(({ note }) => note)).not.toContain('late');
  });
});
