import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMuster, definePlan, type RunEvent } from '../../src/index.js';
import { executions, NOTING, type Place, place } from '../support/muster.js';

let here: Place;
let muster: Awaited<ReturnType<typeof createMuster>>;
beforeAll(async () => {
  here = place();
  await here.worker();
  const { MUSTER_HOME = '', TEMPORAL_ADDRESS = '' } = here.env;
  muster = await createMuster({ settings: { MUSTER_HOME, TEMPORAL_ADDRESS } });
});
afterAll(async () => {
  await muster.close();
  await here.close();
});

const greet = (word: string) =>
  definePlan({
    muster: 1,
    name: 'greet',
    brief: 'Greet everybody.',
    params: { type: 'object', properties: { names: { type: 'array', items: { type: 'string' } } } },
    briefs: [{ id: 'greet', forEach: { in: 'params.names', as: 'name' }, run: ['echo', word, '{{ name }}'] }],
  });
const ids = () => `lib-${Math.random().toString(36).slice(2)}`;

describe('Muster from code', () => {
  it('starts a plan, tells what happens, and gives its report', async () => {
    const { id } = await muster.start(greet('hello'), { params: { names: ['Ada', 'Alan'] } });
    const events: RunEvent[] = [];
    for await (const event of muster.watch(id, { everyMs: 20 })) events.push(event);
    expect(events.at(-1)).toMatchObject({ event: 'ended', status: 'complete' });
    expect(events.map(({ event }) => event)).toContain('phase');
    const result = await muster.result(id);
    expect(result?.report.answer.ledger.map(({ key, status }) => [key, status])).toEqual([
      ['Ada', 'succeeded'],
      ['Alan', 'succeeded'],
    ]);
    expect((await muster.list()).map((run) => run.id)).toContain(id);
    expect(await muster.status(id)).toMatchObject({ phase: 'complete', answered: true });
  });

  it('refuses a plan that is not one, with every problem, and starts nothing', async () => {
    const plan = { ...greet('hello'), briefs: [{ id: 'a', run: ['echo'], needs: ['nobody'] }, { id: 'b' }] };
    const failure = await muster.start(plan, { id: 'never' }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ type: 'InvalidPlan' });
    expect((failure as Error).message).toContain('briefs[0].needs[0]: no brief is called `nobody`');
    expect((failure as Error).message).toContain('briefs[1]: `b` has no executor');
    expect(await muster.status('never')).toBeUndefined();
  });

  it('asked to start or attach, any number of times at once, starts one run', async () => {
    here.write('noting.mjs', NOTING);
    here.write('log', '');
    const plan = definePlan({
      muster: 1,
      name: 'once',
      brief: 'Be carried out once.',
      briefs: [{ id: 'a', run: ['node', 'noting.mjs', 'log', 'a', '300'] }],
    });
    const id = ids();
    const asked = await Promise.all(
      Array.from({ length: 5 }, () => muster.startOrAttach(plan, { id, folder: here.folder })),
    );
    expect(asked.filter(({ attached }) => !attached)).toHaveLength(1);
    expect(new Set(asked.map(({ first }) => first)).size).toBe(1);
    for await (const _ of muster.watch(id));
    expect(executions(here.read('log'))).toHaveLength(1);
    // Long over, it is still that run; another plan does not pass for it.
    expect(await muster.startOrAttach(plan, { id, folder: here.folder })).toMatchObject({ attached: true });
    await expect(muster.startOrAttach(greet('hi'), { id, params: { names: [] } })).rejects.toThrow(
      'has another plan',
    );
  });

  it('attaches to a patched run by the plan it began with, and by the one it goes by now', async () => {
    const planBy = (word: string) =>
      definePlan({
        muster: 1,
        name: 'patched',
        brief: 'Be patched.',
        briefs: [
          { id: 'wait', run: ['sh', '-c', 'until test -e patched; do sleep 0.1; done'] },
          { id: 'say', needs: ['wait'], run: ['printf', word] },
        ],
      });
    const id = ids();
    const attach = (word: string) => muster.startOrAttach(planBy(word), { id, folder: here.folder });
    const { first } = await attach('old');
    await expect.poll(async () => (await muster.status(id))?.phase, { timeout: 20_000 }).toBe('running');
    await muster.patch(id, planBy('new'));
    for (const word of ['old', 'new']) expect(await attach(word)).toEqual({ id, first, attached: true });
    await expect(attach('other')).rejects.toThrow('has another plan');
    here.write('patched', '');
    for await (const _ of muster.watch(id));
    expect((await muster.result(id))?.report.answer.data).toMatchObject({ say: 'new' });
  });

  it('cancels, and starts anew what that left', async () => {
    const plan = definePlan({
      muster: 1,
      name: 'long',
      brief: 'Take long.',
      briefs: [
        { id: 'quick', run: ['true'] },
        { id: 'long', needs: ['quick'], run: ['sh', '-c', 'test -e go || sleep 60'] },
      ],
    });
    const { id } = await muster.start(plan, { folder: here.folder });
    await expect
      .poll(async () => (await muster.status(id))?.progress?.active.length, { timeout: 20_000 })
      .toBe(1);
    expect(await muster.cancel(id)).toBe(true);
    for await (const _ of muster.watch(id));
    expect((await muster.result(id))?.report.run.status).toBe('cancelled');
    here.write('go', '');
    const again = await muster.rerun(id);
    for await (const _ of muster.watch(again.id));
    const { report } = (await muster.result(again.id))!;
    expect(report.run).toMatchObject({ status: 'complete', rerunOf: id, reused: 1, tries: 1 });
  });
});
