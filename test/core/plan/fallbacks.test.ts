import { describe, expect, it } from 'vitest';
import { explain } from '../../../src/core/explain/explain.js';
import { compiled, plan, problemsOf } from './support.js';

const NEED = '  - { id: n, call: f, output: { type: object } }';
const one = (keys: string) => plan(`briefs:\n${NEED}\n  - id: a\n    needs: [n]\n${keys}`);
const RUN = '    run: [node, "{{ n.output.x }}"]\n    retry: { then: fallback }\n';
const ASK = '    ask: "Say {{ n.output.x }}."\n    retry: { then: fallback }\n    output: { type: object }\n';
const fallbackOf = async (keys: string) => (await compiled(one(keys))).plan.briefs[1]!.fallback!;
const told = async (text: string) =>
  (await problemsOf(text)).map(({ severity, path, message }) => `${severity} ${path}: ${message}`);

describe('a fallback', () => {
  it('is its brief, but for what it says itself', async () => {
    const text = `${ASK}    scope: All of it.\n    context: [n]\n    model: fast\n    timeout: 30s\n    fallback: { ask: Say something., model: capable, retry: { attempts: 1, then: missing } }`;
    const { plan: whole, graph } = await compiled(one(text));
    const { fallback, ...brief } = whole.briefs[1]!;
    expect(fallback).toEqual({
      ...brief,
      executor: { kind: 'ask', text: 'Say something.' },
      model: 'capable',
      retry: { ...brief.retry, attempts: 1, then: 'missing' },
    });
    expect(brief.retry.then).toBe('fail');
    expect(graph.units[1]!.timeoutMs).toBe(30_000);
    expect(explain(whole, graph).tries.most).toBe(3 + 3 + 1);
    expect(explain(whole, graph).waves[1]![0]).toMatchObject({ id: 'a', fallback: 'ask' });
  });

  it('of another executor leaves out what that has no use for', async () => {
    const { executor, context, scope, model, parse, output, needs } = await fallbackOf(
      `${ASK}    scope: x\n    context: [n]\n    model: fast\n    fallback: { run: [node], parse: json, stdin: { from: n.output } }`,
    );
    expect({ executor, parse, output, needs }).toEqual({
      executor: { kind: 'run', argv: ['node'] },
      parse: 'json',
      output: { type: 'object' },
      needs: ['n'],
    });
    expect([context, scope, model]).toEqual([[], undefined, undefined]);
  });

  it('may be any constant, null among them', async () => {
    for (const value of ['null', '[]', '{ x: 1 }', 'false'])
      expect((await fallbackOf(`${RUN}    fallback: { value: ${value} }`)).executor.kind).toBe('constant');
  });

  it('is given the time that it needs by the service', async () => {
    const { graph } = await compiled(
      one(`${RUN}    timeout: 10s\n    fallback: { run: [node], timeout: 2m }`),
    );
    expect(graph.units[1]!.timeoutMs).toBe(120_000);
  });

  it('may be what uses a need', async () => {
    const keys = `    run: [node]\n    retry: { then: fallback }\n    fallback: { run: [node, "{{ n.output.x }}"] }`;
    expect(await told(one(keys))).toEqual([]);
  });

  it.each([
    [
      'that nothing leads to',
      '    run: [node, "{{ n.output }}"]\n    fallback: { value: 1 }',
      'briefs[1].fallback: nothing leads to it',
    ],
    ['that is not there', RUN, 'briefs[1].retry.then: `a` has no `fallback`'],
    ['that is two things', `${RUN}    fallback: { value: 1, run: [node] }`, 'has value and run'],
    [
      'that is nothing',
      `${RUN}    fallback: { timeout: 1m }`,
      'briefs[1].fallback: a fallback is one of `value`, `run`, `ask`, `http`, `call`; this has none',
    ],
    [
      'with a key of another executor',
      `${RUN}    fallback: { run: [node], model: fast }`,
      'briefs[1].fallback.model: `model` means nothing to `run`',
    ],
    [
      'that times a constant',
      `${RUN}    fallback: { value: 1, timeout: 1m }`,
      'briefs[1].fallback.timeout: `timeout` means nothing to a constant',
    ],
    [
      'with one of its own',
      `${RUN}    fallback: { run: [node], retry: { then: fallback } }`,
      'briefs[1].fallback.retry.then: a fallback has none of its own',
    ],
    [
      'with what belongs to the brief',
      `${RUN}    fallback: { run: [node], needs: [n] }`,
      'briefs[1].fallback.needs: unknown key `needs`',
    ],
    [
      'that does not fit its output',
      `${ASK}    fallback: { value: 7 }`,
      'briefs[1].fallback.value: it does not fit the `output` of `a`: $ must be object',
    ],
    [
      'that uses what its brief does not need',
      `${RUN}    fallback: { run: [node, "{{ b.output }}"] }`,
      'briefs[1].fallback.run[1]: nothing here is called `b`',
    ],
    [
      'that is shown what its brief does not need',
      `${RUN}    fallback: { ask: x, context: [m] }`,
      'briefs[1].fallback.context[0]: `m` is not among the needs of `a`',
    ],
    [
      'that is given a file there is not',
      `${RUN}    fallback: { ask: x, files: [notes] }`,
      'briefs[1].fallback.files[0]: no input is called `notes`',
    ],
    [
      'with a command there is not',
      `${RUN}    fallback: { run: [nodee] }`,
      'briefs[1].fallback.run[0]: there is no command `nodee`',
    ],
    [
      'with an address that is none',
      `${RUN}    fallback: { http: 'GET nowhere' }`,
      'briefs[1].fallback.http',
    ],
    [
      'with a silence longer than its time',
      `${RUN}    fallback: { run: [node], timeout: 5s, stall: 9s }`,
      'briefs[1].fallback.stall: `stall` (9s) never comes before `timeout` (5s)',
    ],
    [
      'that leaves no files',
      `${RUN}    workspace: copy\n    produces: [x]\n    fallback: { value: 1 }`,
      'briefs[1].fallback: `a` has to leave files',
    ],
  ])('%s is refused where it stands', async (_, keys, says) => {
    const found = await told(one(keys));
    expect(found.filter((line) => line.startsWith('error')).join('\n')).toContain(says);
    expect(found).toHaveLength(1);
  });
});
