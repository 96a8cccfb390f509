import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Json } from '../../src/core/outcome/canonical.js';
import { modelServer } from '../support/model.js';
import { endOfRun, type Place, place } from '../support/muster.js';

const INNER = `muster: 1
name: inner
brief: Which store is best?
briefs:
  - { id: dig, ask: 'Which stores are there?', output: { type: object, required: [stores], properties: { stores: { type: array } } }, forEach: { in: [files, tables], as: kind } }
integrate: { merge: { stores: { from: [dig], at: '$.stores[*]' } } }
`;
const RUNS = `${INNER.replace(/integrate.*\n/, '')}  - { id: tidy, run: [node, -e, '0'] }\n`;

let here: Place;
let model: Awaited<ReturnType<typeof modelServer>>;
let plans: string[];
beforeEach(async () => {
  here = place();
  model = await modelServer(
    ({ text }): Json =>
      text.includes('Which stores are there?')
        ? { stores: [`store ${model.asked.length}`] }
        : { plan: plans.shift()!, notes: 'Look twice.' },
  );
  here.env.OPENAI_BASE_URL = model.url;
});
afterEach(async () => {
  await here.close();
  await model.close();
});

describe('a plan that a model writes', () => {
  it('is written by `muster draft` for a person to read; nothing is started, and `muster plan` takes it as it is', async () => {
    plans = [INNER];
    const drafted = await here.muster('draft', 'Which store is best?', '--out', 'drafted.yaml');
    expect(drafted).toMatchObject({ code: 0 });
    expect(drafted.stderr).toMatch(/1 brief.*nothing was started/s);
    expect(here.read('drafted.yaml')).toBe(`# Look twice.\n${INNER}`);
    expect((await here.muster('list')).stdout).toMatch(/No run yet/);
    expect(await here.muster('plan', 'drafted.yaml')).toMatchObject({ code: 0 });
  });

  it('by the first brief of a run goes back to it until it will do, and is run within the run', async () => {
    plans = ['muster: 1\nname: inner\n', RUNS, INNER];
    const outer = here.write('outer.json', {
      muster: 1,
      name: 'outer',
      brief: 'Which store is best?',
      models: { default: 'planner-1' },
      briefs: [
        {
          id: 'draft',
          role: 'planner',
          ask: 'Plan how to find out: which store is best?',
          output: { type: 'object', required: ['plan'], properties: { plan: { type: 'string' } } },
          accept: { plan: 'output.plan' },
          retry: { attempts: 4, backoff: '10ms..10ms' },
        },
        { id: 'carried_out', needs: ['draft'], plan: { from: 'draft.output.plan' } },
      ],
    });
    await here.worker();
    expect(await here.muster('start', outer, '--id', 'drafted-within')).toMatchObject({ code: 0 });
    const { answer, run } = await endOfRun(here, 'drafted-within');
    expect(answer.ledger.map(({ status }) => status)).toEqual(['succeeded', 'succeeded']);
    expect(answer.data.carried_out).toMatchObject({ stores: [expect.anything(), expect.anything()] });
    expect(run.tries).toBe(4);
    const [, second, third] = model.asked.map(({ text }) => text);
    expect(second).toMatch(/its plan will not do: `brief`|its plan will not do: .*briefs/);
    expect(third).toMatch(/may not run commands/);
  });
});
