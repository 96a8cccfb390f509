import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Policy } from '../../src/adapters/executors/policy.js';
import { memoryStore } from '../../src/adapters/stores/memory.js';
import { musterOn } from '../../src/client/muster.js';
import { type AskedOf, modelServer } from '../support/model.js';

const QUESTION = 'Which store is best?';
const GOOD = `muster: 1
name: stores
brief: ${QUESTION}
inputs: { notes: { glob: 'notes/*.md', min: 1 } }
briefs:
  - id: dig
    forEach: { in: inputs.notes, as: note }
    ask: What does it say of stores?
    files: [note]
    output: { type: object, additionalProperties: false, required: [stores], properties: { stores: { type: array, items: { type: string } } } }
    estimate: 60s
`;
const RUNS = `${GOOD}  - { id: tidy, run: [node, tidy.mjs], estimate: 10s }\n`;

let folder: string;
let model: Awaited<ReturnType<typeof modelServer>>;
let answers: readonly string[];
/** The call that is answered by nothing of use. */
let fails: number | undefined;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'muster-draft-'));
  for (const name of ['a', 'b']) {
    writeFileSync(join(folder, `${name}.md`), 'x'.repeat(120));
  }
  fails = undefined;
  model = await modelServer(() => ({
    ...(model.asked.length !== fails && { plan: answers[Math.min(model.asked.length, answers.length) - 1]! }),
    notes: 'Look twice.',
  }));
});
afterEach(async () => {
  await model.close();
  rmSync(folder, { recursive: true });
});

function drafting(
  plans: readonly string[],
  policy: Partial<Policy> = {},
  asking: { baseURL?: string } = { baseURL: model.url },
) {
  answers = plans.map((text) => text.replace('notes/*.md', '*.md'));
  const muster = musterOn({
    store: memoryStore(),
    env: { PATH: process.env.PATH },
    model: asking,
    policy,
    connect: () => {
      throw new Error('Nobody is to be asked to start anything.');
    },
  });
  return muster.draft(QUESTION, { folder, files: ['*.md'], model: 'planner-1' });
}
/** What came back to the model, the latest last. */
const told = ({ body }: AskedOf) =>
  (body.messages as readonly { readonly content: string }[]).at(-1)!.content;

describe('a draft', () => {
  it('that nobody is set up to write is refused, and says what to set', async () => {
    await expect(drafting([GOOD], {}, {})).rejects.toMatchObject({
      type: 'InvalidInput',
      message: expect.stringMatching(/Set OPENAI_API_KEY, or OPENAI_BASE_URL for another provider\.$/),
    });
  });

  it('is a plan that compiles, written from the question and the files there are; nothing is started', async () => {
    const { text, notes, problems, compiled, calls } = await drafting([GOOD]);
    expect({ notes, problems, calls }).toEqual({ notes: 'Look twice.', problems: [], calls: 1 });
    expect(compiled!.plan.briefs.map(({ id }) => id)).toEqual(['dig']);
    expect(text).toContain(QUESTION);
    expect(model.asked[0]!.model).toBe('planner-1');
    expect(model.asked[0]!.text).toContain(QUESTION);
    expect(model.asked[0]!.text).toMatch(/a\.md \(120 bytes\)\nb\.md \(120 bytes\)/);
  });

  it('that does not compile goes back with every problem, and where it is', async () => {
    const broken = GOOD.replace('forEach: { in: inputs.notes', 'forEach: { in: inputs.nots').replace(
      'estimate:',
      'estimat:',
    );
    const { calls, compiled, problems } = await drafting([broken, GOOD]);
    expect([calls, compiled !== undefined, problems]).toEqual([2, true, []]);
    expect(told(model.asked[1]!)).toMatch(/line 11.*Did you mean `estimate`/);
    expect(told(model.asked[1]!)).toMatch(/line 7.*no input is called `nots`/);
  });

  it('is the best there was, not the last', async () => {
    const doubtful = GOOD.replace('estimate:', 'estimat:');
    const worse = doubtful.replace('in: inputs.notes', 'in: inputs.nots');
    const { calls, text, broke } = await drafting([worse, doubtful, worse]);
    expect([calls, broke]).toEqual([4, undefined]);
    expect(text).toContain('estimat:');
    expect(text).toContain('inputs.notes');
  });

  it('that cannot be mended because asking again fails is delivered as it was, and says why', async () => {
    fails = 2;
    const { calls, compiled, broke, text } = await drafting([GOOD.replace('estimate:', 'estimat:')]);
    expect([calls, compiled]).toEqual([2, undefined]);
    expect(text).toContain('estimat:');
    expect(broke).toMatch(/is no plan/);
  });

  it('never uses commands: one that does goes back, and is none where it insists', async () => {
    const { calls, compiled, problems } = await drafting([RUNS]);
    expect([calls, compiled]).toEqual([4, undefined]);
    expect(problems.map(({ path }) => path)).toContain('briefs[1].run');
    expect(told(model.asked[1]!)).toMatch(/may not run commands/);
    expect(model.asked[0]!.text).toMatch(/No commands: no `run`/);
  });

  it('may use commands where the policy lets plans without a file run them', async () => {
    const { calls, compiled } = await drafting([RUNS], { inlineCommands: true });
    expect([calls, compiled !== undefined]).toEqual([1, true]);
    expect(model.asked[0]!.text).toMatch(/Commands, with `run`/);
  });

  it('that is not worth going side by side goes back once, and is delivered all the same', async () => {
    const chain = `muster: 1
name: chain
brief: ${QUESTION}
briefs:
  - { id: a, ask: One., output: { type: object }, estimate: 10s }
  - { id: b, ask: Two., needs: [a], context: [a], output: { type: object }, estimate: 10s }
`;
    const { calls, compiled } = await drafting([chain]);
    expect([calls, compiled !== undefined]).toEqual([2, true]);
    expect(told(model.asked[1]!)).toMatch(/To go side by side is not worth it/);
  });

  it('is refused before anybody is asked where no file matches', async () => {
    answers = [GOOD];
    const muster = musterOn({
      store: memoryStore(),
      model: { baseURL: model.url },
      connect: async () => ({}) as never,
    });
    const draft = muster.draft(QUESTION, { folder, files: ['none/*.md'], model: 'planner-1' });
    await expect(draft).rejects.toThrow(/No file matches `none\/\*\.md`/);
    expect(model.asked).toEqual([]);
  });
});
