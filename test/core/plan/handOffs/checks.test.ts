import { describe, expect, it } from 'vitest';
import { explain } from '../../../../src/core/explain/explain.js';
import { compiled, memoryFolder, plan, problemsOf } from '../support.js';

const NAMED = '{ type: object, properties: { name: { type: string } }, required: [name] }';
/** `verdict` needs `explore`, and says what it expects of it from line 10 on. */
const two = (explore: string, verdict: string) =>
  plan(
    `briefs:\n  - ${explore}\n  - id: verdict\n    call: judge\n    needs: [explore]\n    stdin: { from: explore.output }\n${verdict}`,
  );
const expects = (schema: string) => `    expects: { explore: ${schema} }`;
const call = (output?: string) => `{ id: explore, call: f${output ? `, output: ${output}` : ''} }`;
const told = async (text: string, files = {}) =>
  (await problemsOf(text, {}, memoryFolder(files))).map(
    ({ severity, path, line, message }) => `${severity} ${path}${line ? `:${line}` : ''} ${message}`,
  );

describe('what a brief expects of a need', () => {
  it.each([
    ['what it promises', call(NAMED), NAMED],
    ['less than it promises', call(NAMED), '{ type: object }'],
    ['text of a command', '{ id: explore, run: [node] }', '{ type: string }'],
    [
      'lines of a command',
      '{ id: explore, run: [node], parse: lines }',
      '{ type: array, items: { type: string } }',
    ],
    ['the answer of a person', '{ id: explore, gate: Good?, within: 1h }', '{ required: [approved, by] }'],
    [
      'all that is kept of several samples, each as promised',
      `{ id: explore, ask: x, samples: 3, keep: all, output: ${NAMED} }`,
      `{ type: array, items: ${NAMED}, minItems: 1, maxItems: 3 }`,
    ],
    [
      'all that is kept of several texts',
      '{ id: explore, ask: x, samples: 3, keep: all, output: { type: string } }',
      '{ type: array, items: { type: string } }',
    ],
    ['of each instance', `{ id: explore, call: f, forEach: { in: [1] }, output: ${NAMED} }`, NAMED],
  ])('may be %s', async (_, explore, schema) => {
    expect(await told(two(explore, expects(schema)))).toEqual([]);
  });

  it('is read from a file, as what it promises is, and versions are named', async () => {
    const files = {
      'two.json': '{ "version": 2, "type": "object", "properties": { "topics": { "type": "array" } } }',
      'one.json': '{ "version": 1, "type": "object", "required": ["topics"] }',
    };
    const text = two(call('{ $ref: two.json }'), expects('{ $ref: one.json }'));
    expect(await told(text, files)).toEqual([
      "error briefs[1].expects.explore:10 `explore` (version 2) may deliver {}, and that is not what `verdict` (version 1) expects: $ must have required property 'topics'. Have `explore` promise it in its `output`, or expect less.",
    ]);
  });

  it('is refused with all else that is wrong, at once', async () => {
    const found = await told(`${two(call('{ type: object }'), expects(NAMED))}\n    within: soon`);
    expect(found).toHaveLength(2);
  });

  it('is refused where both call it the same version and differ', async () => {
    const text = two(call('{ version: 3, type: object }'), expects('{ version: 3, type: [object, array] }'));
    expect(await told(text)).toEqual([
      'error briefs[1].expects.explore:10 `explore` and `verdict` both call it version 3, and differ in what they mean by that. Raise `version` where it was changed.',
    ]);
  });

  it('of several samples that are kept is a list of them, and no single one', async () => {
    const kept = (more: string) => `{ id: explore, ask: x, samples: 3, keep: all, output: ${NAMED}${more} }`;
    expect((await told(two(kept(''), expects(NAMED))))[0]).toMatch(
      /^error .* `explore` may deliver \[.*\], and that is not what `verdict` expects: \$ must be object/,
    );
    const several = `{ type: array, items: ${NAMED} }`;
    const falls = kept(', retry: { then: fallback }, fallback: { value: { name: none } }');
    expect((await told(two(falls, expects(several))))[0]).toContain('may deliver {"name":');
    const asked = kept(', retry: { then: fallback }, fallback: { model: capable, ask: y }');
    expect(await told(two(asked, expects(several)))).toEqual([]);
    const self = '{ type: object, properties: { of: { $ref: "#" } }, required: [name] }';
    const nested = `{ id: explore, ask: x, samples: 3, keep: all, output: ${self} }`;
    expect((await told(two(nested, expects(`{ type: array, items: ${NAMED} }`))))[0]).toMatch(
      /^warning .* cannot be decided|^error .* `explore` may deliver/,
    );
  });

  it('by a schema that refers to nothing, or to itself without end, is refused where it stands', async () => {
    expect(await told(two(call('{ type: object }'), expects('{ $ref: "#/%zz" }')))).toEqual([
      'error briefs[1].expects.explore:10 this is no JSON Schema (2020-12): URI contains malformed percent-encoding.',
    ]);
    const endless = 'this schema refers to itself without end.';
    expect(await told(two(call('{ $ref: "#" }'), expects('{ $ref: "#" }')))).toEqual([
      `error briefs[0].output:5 ${endless}`,
      `error briefs[1].expects.explore:10 ${endless}`,
    ]);
  });

  it('of a text that has to be more than text is refused', async () => {
    expect((await told(two('{ id: explore, run: [node] }', expects(NAMED))))[0]).toContain(
      '`explore` may deliver "a", and that is not what `verdict` expects: $ must be object',
    );
  });

  it('is doubtful where that cannot be decided, and says because of what', async () => {
    const text = two(call('{ type: string, pattern: ^ab }'), expects('{ type: string, pattern: ^a }'));
    expect(await told(text)).toEqual([
      'warning briefs[1].expects.explore:10 whether all that `explore` may deliver is what `verdict` expects cannot be decided: `pattern` at $ is too much for it. It is checked when it is delivered.',
    ]);
  });

  it('is doubtful where nothing is said of what is delivered', async () => {
    expect(await told(two(call(), expects(NAMED)))).toEqual([
      'warning briefs[1].expects.explore:10 nothing is said of what `explore` delivers, so what `verdict` expects of it is checked only when it is delivered. Give `explore` an `output`.',
    ]);
  });

  it.each([
    [expects('{ type: objekt }'), 'briefs[1].expects.explore:10 this is no JSON Schema (2020-12)'],
    [
      '    expects: { explorer: {} }',
      '`explorer` is not among the needs of `verdict`. Did you mean `explore`?',
    ],
    ['    acknowledge: 5m', '`verdict` expects nothing that it could acknowledge. Say what under `expects`'],
    [`${expects(NAMED)}\n    acknowledge: 5`, 'a duration is a number and a unit'],
  ])('%s is refused', async (keys, says) => {
    expect((await told(two(call(NAMED), keys)))[0]).toContain(says);
  });

  it('is a day’s time to be acknowledged unless told', async () => {
    const { plan: one } = await compiled(two(call(NAMED), expects(NAMED)));
    expect(one.briefs[1]).toMatchObject({
      acknowledgeMs: 86_400_000,
      expects: { explore: { required: ['name'] } },
    });
    const { plan: other } = await compiled(two(call(NAMED), `${expects(NAMED)}\n    acknowledge: 5m`));
    expect(other.briefs[1]!.acknowledgeMs).toBe(300_000);
  });

  it('is among what is explained of a plan', async () => {
    const verdict = `${expects('{ pattern: x }')}\n  - { id: sum, call: g, needs: [explore], stdin: { from: explore.output }, expects: { explore: { type: string } } }`;
    const { plan: one, graph } = await compiled(
      two('{ id: explore, run: [node] }', verdict).replace('pattern: x', 'format: x'),
    );
    expect(explain(one, graph).handOffs).toEqual([
      { from: 'explore', to: 'verdict', verdict: 'compatible' },
      { from: 'explore', to: 'sum', verdict: 'compatible' },
    ]);
  });
});
