import { describe, expect, it } from 'vitest';
import { sha256 } from '../../src/adapters/digest.js';
import type { Json } from '../../src/core/outcome/canonical.js';
import { Failure, type FailureType } from '../../src/core/outcome/failure.js';
import { judging } from '../../src/core/plan/judge.js';
import type { Accept, Brief } from '../../src/core/plan/plan.js';
import { runUnit } from '../../src/engine/runUnit.js';
import { readState } from '../../src/engine/segments.js';
import type { Effect, Task } from '../../src/ports/executor.js';
import { attempt, planOf, type Setting, setting, value } from './setting.js';

const SAYS = 'The summary names every author.';
const judge: Accept = { kind: 'judge', model: 'capable', says: SAYS };
const models = { capable: 'model-c' };
const plan = (more: Partial<Brief> = {}) => ({
  ...planOf({ id: 'sum', accept: [judge], ...more }),
  models,
});
const go = (s: Setting, n = 1, more = {}) =>
  s.clock.until(runUnit(s.lease({ ...attempt(n), scheduledAt: 1_000_000, ...more }), s.effects));

const isJudging = ({ work }: Task) => work.kind === 'ask';
/** The brief delivers `output`; the judge answers with these, one after the other. */
function judged(output: Json, ...answers: readonly (Effect | Failure)[]) {
  let asked = 0;
  return (task: Task): Effect => {
    if (!isJudging(task)) return { ...value(output), usage: { cpuSeconds: 2 } };
    const answer = answers[asked++] ?? answers.at(-1)!;
    if (answer instanceof Failure) throw answer;
    return answer;
  };
}
const says = (holds: boolean, finding = '', usage: Effect['usage'] = {}): Effect => ({
  ...value({ holds, finding }),
  usage,
});
const fails = (type: FailureType, detail = {}) => new Failure(type, `the judge of sum: ${type}.`, detail);

describe('a judge', () => {
  it('is asked whether the sentence is true of the output, which it is given as data and alone', async () => {
    const s = await setting(plan(), judged({ text: 'By A. and B.' }, says(true)));
    expect(await go(s)).toMatchObject({ result: { status: 'succeeded', tries: 1 } });
    const [own, asked] = s.tasks as [Task, Task];
    expect(asked).toMatchObject({ label: 'the judge of sum', work: { kind: 'ask', model: 'model-c' } });
    expect(asked.key).not.toBe(own.key);
    const messages = JSON.stringify('messages' in asked.work && asked.work.messages);
    expect(messages).toContain(SAYS);
    expect(messages).toMatch(/<<< data [0-9a-f]{16}: the work\\n\{\\+"text\\+":\\+"By A\. and B\.\\+"\}/);
    expect(messages).not.toContain('Try it.');
  });

  it('that says no rejects the try, and its finding goes along with the next', async () => {
    const s = await setting(plan(), judged({}, says(false, 'B. is not named.'), says(true)));
    expect(await go(s)).toMatchObject({ kind: 'again', reason: { type: 'OutputInvalid' } });
    const state = await s.state();
    expect(state.last).toMatchObject({ verdict: 'rejected' });
    expect(state.findings).toEqual(['The output of sum is not accepted: B. is not named.']);
    s.clock.pass(1_000);
    expect(await go(s, 2)).toMatchObject({ result: { status: 'succeeded', tries: 2 } });
  });

  it('counts in what the brief consumed, whatever it says, and is not who answered', async () => {
    const ask = { executor: { kind: 'ask', text: 'Sum up.' } } as const;
    const spent = (n: number) => ({ inputTokens: n, outputTokens: 1, model: 'model-c' });
    const rejecting = says(false, 'No.', spent(100));
    const answers = [rejecting, fails('ModelUnavailable', { usage: spent(10) })];
    const s = await setting(plan(ask), (task) => {
      if (task.label === 'sum')
        return { ...value('x'), usage: { inputTokens: 5, outputTokens: 5, model: 'model-x' } };
      return judged({}, answers.shift() ?? says(true, '', spent(1)))(task);
    });
    for (const n of [1, 2, 3]) {
      await go(s, n);
      s.clock.pass(60_000);
    }
    const usages = (await s.state()).counted.map(({ usage }) => usage);
    expect(usages).toEqual([
      { inputTokens: 105, outputTokens: 6, model: 'model-x' },
      { inputTokens: 15, outputTokens: 6, model: 'model-x' },
      { inputTokens: 6, outputTokens: 6, model: 'model-x' },
    ]);
    expect((await s.state()).final?.status).toBe('succeeded');
  });

  it.each([
    ['cannot be asked', fails('ModelRateLimited', { retryAfterMs: 9_000 }), 'ModelRateLimited'],
    ['refuses', fails('ModelRefused'), 'ModelRefused'],
    ['answers what is no JSON', fails('OutputInvalid'), 'ModelUnavailable'],
    ['answers something else', value({ verdict: 'good' }), 'ModelUnavailable'],
    ['answers in words', { output: { text: 'It holds.' } }, 'ModelUnavailable'],
  ] as const)('that %s has failed, and not the output', async (_, answer, type) => {
    const s = await setting(plan(), judged({}, answer, says(true)));
    const ended = await go(s);
    expect(ended).toMatchObject({ kind: 'again', reason: { type } });
    if (type === 'ModelRateLimited') expect(ended).toMatchObject({ delayMs: 9_000 });
    const { last, findings } = await s.state();
    expect([last?.verdict, findings]).toEqual(['failed', []]);
    expect(last?.reason?.message).toMatch(/^the judge of sum: (?!the judge)/);
    s.clock.pass(60_000);
    expect(await go(s, 2)).toMatchObject({ result: { status: 'succeeded', tries: 2 } });
  });

  it('is not asked about what does not fit the schema or another condition', async () => {
    const accept = [{ kind: 'cel', cel: 'output.n > 1' }, judge] as const;
    const s = await setting(plan({ accept }), judged({ n: 1 }, says(true)));
    await go(s);
    expect(s.tasks.filter(isJudging)).toEqual([]);
  });

  it('is never given a part of the output: what is too long to be judged is rejected', async () => {
    const s = await setting(plan(), judged('x'.repeat(400_000), says(true)));
    expect(await go(s)).toMatchObject({
      reason: { type: 'OutputInvalid', message: expect.stringContaining('400,000') },
    });
    expect(s.tasks.filter(isJudging)).toEqual([]);
    const long = judging(plan(), judge, 'x'.repeat(398_000), sha256);
    expect(long.messages[1]!.content).toContain('x'.repeat(398_000));
  });

  it('is not asked again about a result that is used again; asked something else, the brief is carried out', async () => {
    const s = await setting(plan(), judged({ n: 1 }, says(true)));
    await go(s);
    const rerun = async (as: string, accept: readonly Accept[]) => {
      const later = await setting(plan({ accept }), judged({ n: 2 }, says(true)), s.store);
      await go(later, 1, { run: { id: as, first: as, base: { first: 'first', plan: s.lease().plan } } });
      return {
        labels: later.tasks.map(({ label }) => label),
        state: await readState(s.store, { run: as, unit: '0' }),
      };
    };
    expect((await rerun('same', [judge])).labels).toEqual([]);
    const other = await rerun('other', [{ ...judge, says: 'It is short.' }]);
    expect(other.labels).toEqual(['sum', 'the judge of sum']);
    expect(other.state.last?.anew).toEqual({ because: 'changed', fields: ['judge'] });
  });
});
