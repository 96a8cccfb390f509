import { describe, expect, it } from 'vitest';
import { carriedOut } from '../../src/core/integrate/ledger.js';
import type { Json } from '../../src/core/outcome/canonical.js';
import { Failure } from '../../src/core/outcome/failure.js';
import type { Brief, Perspectives, Variants } from '../../src/core/plan/plan.js';
import type { AskWork } from '../../src/core/plan/render.js';
import { readValue } from '../../src/engine/artifacts.js';
import { runUnit } from '../../src/engine/runUnit.js';
import type { Effect, Task } from '../../src/ports/executor.js';
import { attempt, planOf, type Setting, setting } from './setting.js';

const OUTPUT = {
  type: 'object',
  properties: { title: { type: 'string' } },
  required: ['title'],
  additionalProperties: false,
};
const VARIANTS: Variants = { samples: 4, parallel: 2, near: 0.8 };
const PERSPECTIVES: Perspectives = {
  views: [{ name: 'skeptic', says: 'Look for what fails.' }, { name: 'optimist' }, { name: 'realist' }],
  parallel: 3,
};
const asked = (more: Partial<Brief>, attempts = 3) => ({
  ...planOf({
    id: 'headline',
    executor: { kind: 'ask', text: 'Write a headline.' },
    parse: 'json',
    output: OUTPUT,
    retry: { attempts, backoff: { minMs: 1, maxMs: 1 }, then: 'fail' },
    ...more,
  }),
  models: { default: 'm-1', capable: 'c-1' },
});
const said = (value: Json): Effect => ({
  output: { text: JSON.stringify(value) },
  usage: { inputTokens: 10, outputTokens: 1, model: 'm-1' },
});
/** As an executor gives what it asked for by a schema. */
const ranked = (order: readonly number[]): Effect => ({
  ...said({}),
  output: { value: { order, finding: 'So.' } },
});
const textOf = ({ work }: Task) => (work as AskWork).messages.map(({ content }) => content).join('\n');
const lastOf = ({ work }: Task) => (work as AskWork).messages.at(-1)!.content;
/** Which of the variants is asked for. */
const numberIn = (task: Task) => Number(/This is variant (\d+)/.exec(textOf(task))?.[1]);

async function throughAll(s: Setting) {
  for (let n = 1; ; n++) {
    const ended = await s.clock.until(runUnit(s.lease(attempt(n)), s.effects));
    if (ended.kind !== 'again') return ended;
    s.clock.pass(ended.delayMs);
  }
}
async function outputOf(s: Setting) {
  const { final } = await s.state();
  return final?.ref && (await readValue(s.store, final.ref));
}

describe('variants', () => {
  it('are all delivered, each asked for as one of so many, in their order', async () => {
    const s = await setting(asked({ variants: VARIANTS }), (task) =>
      said({ title: `Title ${numberIn(task)}` }),
    );
    expect(await throughAll(s)).toMatchObject({ result: { status: 'succeeded', tries: 1 } });
    expect(await outputOf(s)).toEqual([1, 2, 3, 4].map((n) => ({ title: `Title ${n}` })));
    expect((await s.state()).final?.several).toMatchObject({
      kind: 'variants',
      samples: 4,
      order: [1, 2, 3, 4],
    });
    expect(carriedOut(await s.state(), false).usage).toMatchObject({ inputTokens: 40, outputTokens: 4 });
  });

  it('that say nearly the same are listed, and stay', async () => {
    const titles = ['One store for all of it', 'Two ways to begin', 'one store, for all of it!', 'Three'];
    const s = await setting(asked({ variants: VARIANTS }), (task) =>
      said({ title: titles[numberIn(task) - 1]! }),
    );
    await throughAll(s);
    expect((await s.state()).final?.several).toMatchObject({ near: [{ n: 3, as: 1 }] });
    expect(await outputOf(s)).toHaveLength(4);
  });

  it('of which one cannot be used: that one is asked for again, and told what was wrong', async () => {
    const s = await setting(asked({ variants: VARIANTS }), (task) =>
      said(numberIn(task) === 2 && task.try === 1 ? { headline: 2 } : { title: `Title ${numberIn(task)}` }),
    );
    expect(await throughAll(s)).toMatchObject({ result: { status: 'succeeded', tries: 2 } });
    expect(s.tasks).toHaveLength(5);
    expect(textOf(s.tasks[4]!)).toMatch(/1 of 4 variants of headline could not be used/);
    expect(carriedOut(await s.state(), false).usage).toMatchObject({ inputTokens: 50 });
  });

  it('are each accepted or not by what is asked of one', async () => {
    const brief = {
      variants: VARIANTS,
      accept: [{ kind: 'cel', cel: 'output.title != "Title 3"' }] as const,
    };
    const s = await setting(asked(brief), (task) =>
      said({ title: task.try === 1 ? `Title ${numberIn(task)}` : 'Better' }),
    );
    expect(await throughAll(s)).toMatchObject({ result: { status: 'succeeded', tries: 2 } });
    expect(await outputOf(s)).toEqual(
      ['Title 1', 'Title 2', 'Better', 'Title 4'].map((title) => ({ title })),
    );
  });

  it('are delivered as far as they came once no try is left', async () => {
    const s = await setting(asked({ variants: VARIANTS }, 2), (task) => {
      if (numberIn(task) === 4) throw new Failure('ModelRefused', 'No.');
      return said({ title: `Title ${numberIn(task)}` });
    });
    expect(await throughAll(s)).toMatchObject({ result: { status: 'partial', tries: 2 } });
    expect(await outputOf(s)).toHaveLength(3);
  });

  it('that a provider was too busy for are asked for later, and none twice', async () => {
    const s = await setting(asked({ variants: { ...VARIANTS, parallel: 1 } }), (task, nth) => {
      if (nth === 3) throw new Failure('ModelRateLimited', 'Later.');
      return said({ title: `Title ${numberIn(task)}` });
    });
    await throughAll(s);
    expect(s.tasks.map(numberIn)).toEqual([1, 2, 3, 3, 4]);
  });

  const rank = { model: 'capable', by: 'What tells most.' };
  it('are ranked by both answers of a model, the second about them the other way round', async () => {
    const s = await setting(asked({ variants: { ...VARIANTS, rank } }), (task) => {
      if ((task.work as AskWork).model !== 'c-1') return said({ title: `Title ${numberIn(task)}` });
      // Whichever way they stand: the third is best, then the first; it says what stands first is better of the others.
      const shown = [...lastOf(task).matchAll(/Title (\d)/g)].map(([, n]) => Number(n));
      const best = [3, 1, ...shown.filter((n) => n !== 3 && n !== 1)];
      return ranked(best.map((n) => shown.indexOf(n) + 1));
    });
    expect(await throughAll(s)).toMatchObject({ result: { status: 'succeeded' } });
    expect(await outputOf(s)).toEqual([3, 1, 2, 4].map((n) => ({ title: `Title ${n}` })));
    expect((await s.state()).final?.several).toMatchObject({ order: [3, 1, 2, 4], rankedBy: 'm-1' });
  });

  /** What is accounted for where a question about the variants breaks off that took some tokens by then. */
  async function cost(more: Partial<Brief>, breaksOff: (task: Task) => boolean) {
    const s = await setting(asked(more, 1), (task) => {
      if (breaksOff(task))
        throw new Failure('ModelUnavailable', 'It broke off.', {
          usage: { inputTokens: 3, outputTokens: 2 },
        });
      if (task.label.includes('ranking')) return ranked([2, 1]);
      return said({ title: `Title ${numberIn(task)}` });
    });
    expect(await throughAll(s)).toMatchObject({ reason: { type: 'ModelUnavailable' } });
    return carriedOut(await s.state(), false).usage;
  }

  it('cost what each of them took where the second ranking fails: the first, too', async () => {
    let rankings = 0;
    const isSecond = ({ label }: Task) => label.includes('ranking') && ++rankings === 2;
    expect(await cost({ variants: { ...VARIANTS, samples: 2, rank } }, isSecond)).toMatchObject({
      ...{ inputTokens: 33, outputTokens: 5 },
    });
  });

  it('cost what one took whose judge failed, and what the judge took', async () => {
    const accept: Brief['accept'] = [{ kind: 'judge', model: 'capable', says: 'It is short.' }];
    const isJudge = ({ label }: Task) => label.includes('judge');
    expect(await cost({ variants: { ...VARIANTS, samples: 1 }, accept }, isJudge)).toMatchObject({
      ...{ inputTokens: 13, outputTokens: 3 },
    });
  });

  it('stay what they are where their ranking names one twice: it is asked for again', async () => {
    let rankings = 0;
    const s = await setting(asked({ variants: { ...VARIANTS, rank } }), (task) => {
      if ((task.work as AskWork).model !== 'c-1') return said({ title: `Title ${numberIn(task)}` });
      return ranked(++rankings === 1 ? [1, 1, 2, 3] : [1, 2, 3, 4]);
    });
    expect(await throughAll(s)).toMatchObject({ result: { status: 'succeeded', tries: 2 } });
    expect(s.tasks).toHaveLength(4 + 1 + 2);
  });
});

describe('perspectives', () => {
  const viewIn = (task: Task) =>
    /Do the task from this viewpoint, and from no other: (\w+)/.exec(lastOf(task))?.[1];

  it('are asked apart, and one more call brings together what was said of each', async () => {
    const s = await setting(asked({ perspectives: PERSPECTIVES }), (task) => {
      const view = viewIn(task);
      return said({ title: view ? `${view} says so` : 'Together' });
    });
    expect(await throughAll(s)).toMatchObject({ result: { status: 'succeeded', tries: 1 } });
    expect(await outputOf(s)).toEqual({ title: 'Together' });
    expect(s.tasks.map(viewIn)).toEqual(['skeptic', 'optimist', 'realist', undefined]);
    expect(lastOf(s.tasks[0]!)).toMatch(/skeptic\. Look for what fails\./);
    for (const task of s.tasks.slice(0, 3)) expect(textOf(task)).not.toMatch(/says so/);
    for (const view of ['skeptic', 'optimist', 'realist'])
      expect(lastOf(s.tasks[3]!)).toContain(`${view} says so`);
    expect((await s.state()).final?.several).toEqual({
      kind: 'views',
      views: ['skeptic', 'optimist', 'realist'].map((name) => ({
        name,
        value: { title: `${name} says so` },
      })),
      models: ['m-1'],
    });
    expect(carriedOut(await s.state(), false).usage).toMatchObject({ inputTokens: 40 });
  });

  it('of which one could not be used are brought together without it, and the report says so', async () => {
    const s = await setting(asked({ perspectives: PERSPECTIVES }), (task) =>
      viewIn(task) === 'optimist' ? said('Fine.') : said({ title: 'So' }),
    );
    await throughAll(s);
    expect(lastOf(s.tasks[3]!)).toMatch(/the view optimist\nmissing/);
    expect((await s.state()).final?.several).toMatchObject({
      views: [{ name: 'skeptic' }, { name: 'optimist', reason: expect.stringMatching(/schema/) }, {}],
    });
  });

  it('that could not be used are asked for again in the next try, and no others', async () => {
    const s = await setting(asked({ perspectives: PERSPECTIVES }), (task) =>
      viewIn(task) && viewIn(task) !== 'realist' && task.try === 1 ? said('Fine.') : said({ title: 'So' }),
    );
    expect(await throughAll(s)).toMatchObject({ result: { status: 'succeeded', tries: 2 } });
    expect(s.tasks.map(viewIn)).toEqual(['skeptic', 'optimist', 'realist', 'skeptic', 'optimist', undefined]);
  });

  it('are too few with one', async () => {
    const s = await setting(asked({ perspectives: PERSPECTIVES }, 1), (task) =>
      viewIn(task) === 'realist' ? said({ title: 'So' }) : said('Fine.'),
    );
    expect(await throughAll(s)).toMatchObject({ result: { status: 'failed' } });
    expect((await s.state()).final?.reason?.message).toMatch(/Of 3 views of headline 1 could be used/);
  });

  it('are not asked for again where what they came to was rejected', async () => {
    const brief = {
      perspectives: PERSPECTIVES,
      accept: [{ kind: 'cel', cel: 'output.title == "Good"' }] as const,
    };
    const s = await setting(asked(brief), (task, nth) =>
      said({ title: viewIn(task) ? 'So' : nth === 4 ? 'Bad' : 'Good' }),
    );
    expect(await throughAll(s)).toMatchObject({ result: { status: 'succeeded', tries: 2 } });
    expect(s.tasks).toHaveLength(5);
    expect(textOf(s.tasks[4]!)).toMatch(/is not accepted/);
  });
});
