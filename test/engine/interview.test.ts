import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/adapters/clock.js';
import { sha256 } from '../../src/adapters/digest.js';
import { memoryStore } from '../../src/adapters/stores/memory.js';
import type { Question } from '../../src/core/integrate/question.js';
import type { Json } from '../../src/core/outcome/canonical.js';
import { Failure } from '../../src/core/outcome/failure.js';
import type { InterviewEffects } from '../../src/engine/answered.js';
import { interviewOf } from '../../src/engine/interview.js';

type Executors = InterviewEffects['executors'];

const nobody = () => Promise.reject(new Error('nobody is to be asked here'));
const question = (content = 'Does it hold?'): Question => ({
  label: 'the judge',
  work: { kind: 'ask', model: 'm', messages: [{ role: 'user', content }] },
  wrong: () => [],
});

/** Opens interviews of one run, one after another, over one store. */
function opening(executors: Partial<Executors>, effects: Partial<InterviewEffects> = {}) {
  const all: InterviewEffects = {
    store: memoryStore(),
    digest: sha256,
    clock: systemClock,
    signal: new AbortController().signal,
    ...effects,
    executors: { run: nobody, ask: nobody, call: nobody, ...executors },
  };
  return (atOnce = 2) => interviewOf('first', atOnce, all);
}

describe('what the integrator asks', () => {
  it('is not waited for longer than two minutes at a time, and that nobody answered is recorded', async () => {
    const waits: number[] = [];
    const after = (ms: number, then: () => void) => {
      const isTimeout = ms === 10 * 60_000;
      if (!isTimeout) {
        waits.push(ms);
        queueMicrotask(then);
      }
      return () => undefined;
    };
    const open = opening(
      {
        ask: async () => {
          throw new Failure('ModelRateLimited', 'Later.', { retryAfterMs: 86_400_000 });
        },
      },
      { clock: { now: systemClock.now, after } },
    );
    expect(await (await open()).ask(question())).toMatchObject({ failure: { type: 'ModelRateLimited' } });
    expect(waits).toEqual([120_000, 120_000]);
    expect((await open()).asked()).toMatchObject({ questions: 1, tries: 3 });
  });

  it('costs what it cost, also where nobody answered at first', async () => {
    let n = 0;
    const open = opening({
      ask: async () => {
        if (n++ === 0)
          throw new Failure('ModelAuth', 'No key.', { permanent: true, usage: { inputTokens: 7 } });
        return { output: { value: 1 }, usage: { inputTokens: 10 } };
      },
    });
    expect(await (await open()).ask(question())).toMatchObject({ failure: { type: 'ModelAuth' } });
    const later = await open();
    expect(await later.ask(question())).toEqual({ value: 1 });
    const asked = { questions: 1, tries: 2, usage: { inputTokens: 17 } };
    expect(later.asked()).toEqual(asked);
    expect((await open()).asked()).toEqual(asked);
  });

  it('has a key by its words: the same after a crash, or where nobody answered, another for other words', async () => {
    const after = (ms: number, then: () => void) => {
      if (ms !== 10 * 60_000) queueMicrotask(then);
      return () => undefined;
    };
    /** Of one that answers so, or is too busy, and is begun anew: its keys. */
    const keysOf = async (...answers: readonly (string | undefined)[]) => {
      const keys: string[] = [];
      const ask: Executors['ask'] = async ({ key }) => {
        const answer = answers[keys.push(key) - 1];
        if (answer === undefined) throw new Failure('ModelUnavailable', 'Too busy.');
        return { output: { value: answer } };
      };
      const open = opening({ ask }, { clock: { now: systemClock.now, after } });
      const wrong = (value: Json) => (value === 'good' ? [] : [`it says ${value}`]);
      expect(await (await open()).ask({ ...question(), wrong })).toEqual({ value: 'good' });
      return keys;
    };
    const [first, mended] = await keysOf('bad', 'good');
    expect(mended).not.toBe(first);
    expect(await keysOf('bad', undefined, 'good')).toEqual([first, mended, mended]);
    expect(await keysOf(undefined, 'good')).toEqual([first, first]);
    expect((await keysOf('worse', 'good'))[1]).not.toBe(mended);
  });

  it('is asked once, also by two at the same time', async () => {
    let n = 0;
    const open = opening({ ask: async () => ({ output: { value: ++n } }) });
    const interview = await open();
    expect(await Promise.all([interview.ask(question()), interview.ask(question())])).toEqual([
      { value: 1 },
      { value: 1 },
    ]);
    expect(n).toBe(1);
  });

  it('of a command is final, also that it was out of time; a function that said nothing is called again', async () => {
    let n = 0;
    const late = async () => {
      n++;
      throw new Failure('TimedOut', 'It took too long.');
    };
    const open = opening({ run: late, call: late });
    const verify: Question = {
      label: 'integrate.verify',
      work: { kind: 'run', argv: ['check'], okExit: [0] },
      attempts: 1,
    };
    const reduce: Question = {
      label: 'sum',
      work: { kind: 'call', name: 'sum', input: [], brief: { id: 'i' } },
      attempts: 1,
    };
    for (const one of [verify, verify, reduce, reduce])
      expect(await (await open()).ask(one)).toMatchObject({ failure: { type: 'TimedOut' } });
    expect(n).toBe(3);
  });

  it('is never more at a time than the run may, however it is nested, and all of it is asked', async () => {
    let now = 0;
    let most = 0;
    let n = 0;
    const open = opening({
      ask: async () => {
        most = Math.max(most, ++now);
        await sleep(2);
        now--;
        return { output: { value: ++n } };
      },
    });
    const interview = await open(3);
    const both = (name: string) =>
      Promise.all([interview.ask(question(name)), interview.ask(question(`not ${name}`))]);
    await interview.each(['a', 'b', 'c', 'd'], (outer) =>
      interview.each([1, 2, 3, 4, 5], (inner) => both(`${outer}${inner}`)),
    );
    expect(n).toBe(40);
    expect(most).toBe(3);
  });

  it.each([
    ['a question', true],
    ['what is made of an answer', false],
  ])('ends where %s throws: no further question begins', async (_, inAsking) => {
    let n = 0;
    const down = new Failure('StoreUnavailable', 'The disk is gone.');
    const open = opening({
      ask: async () => {
        if (++n === 2 && inAsking) throw down;
        await sleep(2);
        return { output: { value: null } };
      },
    });
    const interview = await open(2);
    const all = Array.from({ length: 20 }, (_, at) => `${at}`);
    const asked = interview.each(all, async (content) => {
      if (content === '1' && !inAsking) throw down;
      await interview.ask(question(content));
    });
    await expect(asked).rejects.toBe(down);
    const begun = n;
    await sleep(50);
    expect(n).toBe(begun);
    await expect(interview.ask(question('later'))).rejects.toBe(down);
  });
});
