import { describe, expect, it } from 'vitest';
import { explain } from '../../../src/core/explain/explain.js';
import { compile } from '../../../src/core/plan/compile.js';
import type { Plan } from '../../../src/core/plan/plan.js';
import { render } from '../../../src/core/plan/render.js';
import { compiled, memoryFolder, plan, problemsOf } from './support.js';

const SUB = 'muster: 1\nname: sub\nbrief: A part.\nbriefs:\n  - { id: a, call: f }\n  - { id: b, call: f }\n';
const files = (text = SUB) => memoryFolder({ 'sub.yaml': text });
const one = (keys: string) => plan(`briefs:\n  - { id: n, call: f }\n  - id: a\n    needs: [n]\n${keys}`);
const FROM = '    plan: { from: n.output, params: { who: n.output.who } }\n';
const told = async (text: string, around = files(), more = {}) =>
  (await problemsOf(text, more, around)).map(
    ({ severity, path, message }) => `${severity} ${path}: ${message}`,
  );

const work = ({ briefs, ...rest }: Plan, output: object | string | number) =>
  render(
    { briefs, ...rest },
    briefs[1]!,
    { params: {}, inputs: {}, needs: { n: { status: 'succeeded', output: output as never } } },
    {
      files: new Map(),
      digest: () => '',
    },
  );

describe('a brief that runs a plan', () => {
  it('is a unit whose work is a run of its own, and has one try', async () => {
    const { plan: whole, graph } = await compiled(one(FROM));
    expect(whole.briefs[1]).toMatchObject({
      executor: { kind: 'plan', plan: { from: 'n.output' }, params: { who: 'n.output.who' } },
      retry: { attempts: 1 },
    });
    expect(graph.units.map(({ within }) => within)).toEqual([undefined, true]);
  });

  it('takes a map, or its text, with params that keep their types', async () => {
    const { plan: whole } = await compiled(one(FROM));
    expect(work(whole, { who: [1] })).toEqual({
      kind: 'plan',
      plan: { document: { who: [1] } },
      params: { who: [1] },
    });
    const { plan: text } = await compiled(one('    plan: { from: n.output }\n'));
    expect(work(text, SUB)).toMatchObject({ plan: { text: SUB }, params: {} });
    expect(() => work(text, 7)).toThrow('gives 7. A plan is a map, or its text');
  });

  it('reads a file once, by digest, and says how much is written in it', async () => {
    const text = one('    plan: { file: sub.yaml, params: { x: n.output } }\n');
    const { plan: whole, graph, files: stored } = await compiled(text, {}, files());
    const executor = whole.briefs[1]!.executor;
    if (executor.kind !== 'plan' || !('file' in executor.plan)) throw new Error('no file');
    expect(executor.plan.file).toMatchObject({ path: 'sub.yaml', briefs: 2 });
    expect(new TextDecoder().decode(stored.get(executor.plan.file.digest))).toBe(SUB);
    expect(explain(whole, graph).waves[1]![0]).toMatchObject({
      does: 'plan',
      runs: { file: 'sub.yaml', briefs: 2 },
    });
  });

  it('takes no tries, back-off or timeout from the defaults of the plan, but what follows the last try', async () => {
    const head =
      'defaults: { timeout: 5s, cache: { for: 1d }, retry: { attempts: 5, backoff: 2s..9s, then: missing } }\n';
    const { plan: whole } = await compiled(one(FROM).replace('briefs:', `${head}briefs:`));
    const { retry, timeoutMs, cacheMs } = whole.briefs[1]!;
    expect({ retry, timeoutMs, cacheMs }).toEqual({
      retry: { attempts: 1, backoff: { minMs: 1_000, maxMs: 60_000 }, then: 'missing' },
      timeoutMs: 600_000,
      cacheMs: undefined,
    });
  });
});

describe('a bad one is told', () => {
  it.each([
    [
      'that has no source',
      '    plan: {}\n',
      'briefs[1].plan: a plan comes `from` a value or is a `file`; this has neither',
    ],
    ['that has two', '    plan: { from: n.output, file: sub.yaml }\n', 'this has both'],
    [
      'that is not there',
      '    plan: { file: gone.yaml }\n',
      'briefs[1].plan.file: there is no file `gone.yaml`',
    ],
    [
      'with tries of the whole',
      `${FROM}    retry: { attempts: 2 }\n`,
      'briefs[1].retry.attempts: `attempts` means nothing to `plan`',
    ],
    ['with a timeout', `${FROM}    timeout: 1m\n`, 'briefs[1].timeout: `timeout` means nothing to `plan`'],
    ['that is kept for other runs', `${FROM}    cache: { for: 1d }\n`, '`cache` means nothing to `plan`'],
    ['that must not run twice', `${FROM}    effect: once\n`, '`effect` means nothing to `plan`'],
    [
      'with an unknown name in its params',
      '    plan: { from: n.output, params: { x: nobody } }\n',
      'briefs[1].plan.params.x: nothing here is called `nobody`',
    ],
    ['that does something else as well', `${FROM}    call: f\n`, 'has 2 executors: call, plan'],
  ])('%s', async (_, keys, message) => {
    expect(await told(one(keys))).toContainEqual(expect.stringContaining(message));
  });

  it('with every problem of the form of its file, and its line', async () => {
    const bad = files('muster: 1\nname: x\nbrief: y\nbriefs:\n  - id: a\n    cal: f\n');
    expect(await told(one('    plan: { file: sub.yaml }\n'), bad)).toContainEqual(
      expect.stringMatching(/briefs\[1\]\.plan\.file: sub\.yaml line 6: .*`cal`/),
    );
  });

  it('that is a file, of a plan that has none itself', async () => {
    const result = await compile({ text: one('    plan: { file: sub.yaml }\n') }, files());
    expect(result.ok || result.problems.map(({ message }) => message)).toContainEqual(
      expect.stringContaining('a plan that comes without a file reads no files'),
    );
  });
});
