import { describe, expect, it } from 'vitest';
import { WAITING_MS } from '../../src/contracts/unit.js';
import type { Brief } from '../../src/core/plan/plan.js';
import { runUnit } from '../../src/engine/runUnit.js';
import type { Effect, Task } from '../../src/ports/executor.js';
import { planOf, type Setting, setting, value } from './setting.js';

const SECOND = 1_000;
const brief = (more: Partial<Brief> = {}) => planOf({ id: 'dig', timeoutMs: 10 * SECOND, ...more });
const go = (s: Setting) => s.clock.until(runUnit(s.lease(), s.effects));

/** Waits for somebody's leave for so long, then works for so long. */
const waiting =
  (s: () => Setting, waitMs: number, workMs: number) =>
  (task: Task): Promise<Effect> =>
    new Promise((done, fail) => {
      task.signal.addEventListener('abort', () => fail(task.signal.reason));
      const goOn = task.waits!('waits for its turn with api.test');
      s().clock.after(waitMs, () => {
        goOn();
        s().clock.after(workMs, () => done(value('all of it')));
      });
    });

describe('a try that waits for its provider', () => {
  it('has its whole time left when it goes on, and is stopped when that is over', async () => {
    const patient: Setting = await setting(
      brief(),
      waiting(() => patient, 600 * SECOND, 9 * SECOND),
    );
    expect(await go(patient)).toMatchObject({ result: { status: 'succeeded', tries: 1 } });
    const slow: Setting = await setting(
      brief(),
      waiting(() => slow, 600 * SECOND, 11 * SECOND),
    );
    expect(await go(slow)).toMatchObject({
      reason: { message: expect.stringContaining('10 s of its `timeout`') },
    });
  });

  it('is not silent meanwhile, and may be silent for as long as ever afterwards', async () => {
    const s: Setting = await setting(
      brief({ stallMs: 3 * SECOND }),
      waiting(() => s, 60 * SECOND, 2 * SECOND),
    );
    expect(await go(s)).toMatchObject({ result: { status: 'succeeded' } });
    const silent: Setting = await setting(
      brief({ stallMs: 3 * SECOND }),
      waiting(() => silent, 60 * SECOND, 4 * SECOND),
    );
    expect(await go(silent)).toMatchObject({ reason: { message: expect.stringContaining('`stall`') } });
  });

  it('says so in its heartbeat, and no longer once it goes on', async () => {
    const s: Setting = await setting(
      brief(),
      waiting(() => s, 60 * SECOND, SECOND),
    );
    await go(s);
    const notes = s.beats.filter(({ doing }) => doing === 'running').map(({ note }) => note);
    expect(notes).toEqual([undefined, 'waits for its turn with api.test', undefined]);
  });

  it('still ends with its `within`, which is the time of the brief and not of a try', async () => {
    const s: Setting = await setting(
      brief({ withinMs: 30 * SECOND }),
      waiting(() => s, 60 * SECOND, SECOND),
    );
    expect(await go(s)).toMatchObject({ result: { status: 'failed' } });
    expect((await s.state()).final?.reason?.message).toContain('30 s of its `within`');
  });

  it('is handed back after an hour, and that was no try', async () => {
    const s: Setting = await setting(
      brief(),
      waiting(() => s, 2 * WAITING_MS, SECOND),
    );
    const began = s.clock.now();
    expect(await go(s)).toMatchObject({
      kind: 'again',
      delayMs: 1,
      reason: { type: 'ModelRateLimited', message: 'dig still waits for its provider.' },
    });
    expect(s.clock.now() - began).toBe(WAITING_MS);
    expect(await s.state()).toMatchObject({ tries: 0 });
  });
});
