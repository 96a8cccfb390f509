import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/core/outcome/canonical.js';
import { impossible } from '../../../src/core/plan/handOffs/members.js';
import { plan, problemsOf } from './support.js';

const CLOSED =
  '{ type: object, additionalProperties: false, properties: { topics: { type: array, items: { type: string } }, by: { type: object, properties: { name: { type: string } } } } }';
/** What is wrong with a brief that says `verdict` of what `explore` delivers. */
const told = async (explore: string, verdict: string) =>
  (
    await problemsOf(
      plan(`briefs:\n  - { id: explore, ${explore} }\n  - { id: verdict, needs: [explore], ${verdict} }`),
    )
  )
    .filter(({ severity }) => severity === 'error')
    .map(({ path, message }) => `${path}: ${message}`);
const stdin = (cel: string) => `call: judge, stdin: { from: '${cel}' }`;

describe('what a brief takes of an output that cannot be there', () => {
  it.each([
    [
      `call: f, output: ${CLOSED}`,
      'explore.output.topic',
      '`explore.output.topic` is never there: `explore.output` has no `topic`. Did you mean `topics`?',
    ],
    [
      `call: f, output: ${CLOSED}`,
      'explore.output.topics.name',
      '`explore.output.topics.name` is never there: `explore.output.topics` is a list.',
    ],
    [
      `call: f, output: ${CLOSED}`,
      'explore.output.by.name.first_name',
      '`explore.output.by.name.first_name` is never there: `explore.output.by.name` is text.',
    ],
    [
      'call: f, output: { type: [string, "null"] }',
      'explore.output.topics',
      '`explore.output` is null, or text.',
    ],
    ['ask: x', 'explore.output.topics', '`explore.output` is text. Give `explore` an `output`.'],
    [
      `ask: x, samples: 3, keep: all, output: ${CLOSED}`,
      'explore.output.topics',
      '`explore.output` is a list. All samples are kept: take one, such as `explore.output[0]`.',
    ],
    [
      `call: f, forEach: { in: [1] }, output: ${CLOSED}`,
      'explore.output.topics',
      '`explore.output` is a list. It has `{key, status, output}` of each instance: `explore.output.map(one, one.output.topics)` in an expression.',
    ],
    ['gate: Good?', 'explore.output.reason', '`explore.output` has no `reason`.'],
  ])('is an error: of `%s` %s', async (explore, cel, says) => {
    const [first, ...others] = await told(explore, stdin(cel));
    expect(first).toMatch(/^briefs\[1\]\.stdin\.from: /);
    expect(first).toContain(says);
    expect(others).toEqual([]);
  });

  it('is one wherever it stands: in templates, conditions, fan-outs and fallbacks', async () => {
    const explore = `call: f, output: ${CLOSED}`;
    const found = await Promise.all(
      [
        "ask: 'About {{ explore.output.topic }}.', output: {}",
        `${stdin('explore.output')}, when: explore.output.topic != null`,
        `forEach: { in: explore.output.topic }, ${stdin('explore.output')}`,
        `${stdin('explore.output')}, retry: { then: fallback }, fallback: { call: g, stdin: { from: explore.output.topic } }`,
      ].map((verdict) => told(explore, verdict)),
    );
    expect(found.map(([one]) => one?.split(': ')[0])).toEqual([
      'briefs[1].ask',
      'briefs[1].when',
      'briefs[1].forEach.in',
      'briefs[1].fallback.stdin.from',
    ]);
  });

  it.each([
    [`call: f, output: ${CLOSED}`, 'explore.output.topics.size()'],
    [`call: f, output: ${CLOSED}`, 'explore.output.by.anything'],
    [`call: f, output: ${CLOSED}`, 'has(explore.output.topic) ? 1 : 2'],
    [`call: f, output: ${CLOSED}`, 'explore.output.topics.map(t, t)'],
    [`call: f, output: ${CLOSED}`, 'explore.output["topic"]'],
    ['call: f, output: { type: object }', 'explore.output.topics'],
    ['call: f', 'explore.output.topics'],
    ['call: f, output: { type: [object, string] }', 'explore.output.topics'],
    ['call: f, output: { oneOf: [{ type: string }, { type: object }] }', 'explore.output.topics'],
    [
      `call: f, output: { type: string }, retry: { then: fallback }, fallback: { value: x }`,
      'explore.output.size()',
    ],
  ])('is none where it may be there, or is asked for: of `%s` %s', async (explore, cel) => {
    expect(await told(explore, stdin(cel))).toEqual([]);
  });

  it.each([
    '{{ explore.output.topics.size }}',
    '{{ explore.output.topics.first }}',
    '{{ explore.output.topics[0] }}',
  ])('is none where a template counts or picks: %s', async (template) => {
    const explore = `{ id: explore, call: f, output: ${CLOSED} }`;
    const text = plan(
      `briefs:\n  - ${explore}\n  - { id: verdict, needs: [explore], ask: '${template}', output: {} }`,
    );
    expect(await problemsOf(text)).toEqual([]);
  });
});

describe('a schema', () => {
  it.each<[string, JsonObject, readonly string[], boolean]>([
    ['whose alternatives all lack it', { anyOf: [{ type: 'string' }, { type: 'array' }] }, ['a'], true],
    [
      'that refers to itself',
      { type: 'object', additionalProperties: { $ref: '#' } },
      ['a', 'b', 'c'],
      false,
    ],
    [
      'that refers to itself and ends',
      { type: 'object', additionalProperties: false, properties: { next: { $ref: '#' } } },
      ['next', 'next', 'last'],
      true,
    ],
    ['that is only itself', { $ref: '#' }, ['a'], false],
    ['that nothing fits', { allOf: [{ type: 'string' }, { type: 'object' }] }, ['a'], false],
    ['with patterns', { patternProperties: { '^a': {} }, additionalProperties: false }, ['ab'], false],
    [
      'with other patterns',
      { type: 'object', patternProperties: { '^a': {} }, additionalProperties: false },
      ['b'],
      true,
    ],
  ])('%s rules it out or not', (_, schema, path, isRuledOut) => {
    expect(impossible(schema, path) !== undefined).toBe(isRuledOut);
  });
});
