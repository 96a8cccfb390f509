import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compile } from '../../../src/core/plan/compile.js';
import { compiled, memoryFolder, plan, problemsOf } from './support.js';

const design = readFileSync(new URL('./design.yaml', import.meta.url), 'utf8');
const around = memoryFolder({
  'notes/b.md': 'second',
  'notes/a.md': 'first',
  'schemas/finding.json': '{ "type": "object", "required": ["sources"] }',
});
const given = { params: { vendors: ['x', 'y'] } };

describe('the example of the format', () => {
  it('compiles without a warning', async () => {
    expect(await problemsOf(design, given, around)).toEqual([]);
  });

  it('keeps briefs in plan order, each with its place in the graph', async () => {
    const { plan, graph } = await compiled(design, given, around);
    expect(plan.briefs.map(({ id }) => id)).toEqual(['explore', 'dig', 'licences', 'verdict']);
    expect(graph.units.map(({ kind, label }) => [kind, label])).toEqual([
      ['brief', 'explore'],
      ['fan', 'dig'],
      ['brief', 'licences'],
      ['brief', 'verdict'],
    ]);
    expect(graph.sets).toEqual([
      { success: [0] },
      { success: [2], clauses: [{ of: [1], when: 0.9, byMs: 5_400_000 }] },
    ]);
    expect(graph).toMatchObject({
      concurrency: 20,
      deadlineMs: 7_200_000,
      waves: 'rolling',
      onFailure: 'continue',
    });
  });

  it('has its files by digest, sorted, and hands over their bytes', async () => {
    const { plan, files } = await compiled(design, given, around);
    expect(plan.inputs.notes?.map(({ path, size }) => [path, size])).toEqual([
      ['notes/a.md', 5],
      ['notes/b.md', 6],
    ]);
    const texts = plan.inputs.notes?.map(({ digest }) => new TextDecoder().decode(files.get(digest)));
    expect(texts).toEqual(['first', 'second']);
  });

  it('has schemas read from their files', async () => {
    const { plan } = await compiled(design, given, around);
    expect(plan.briefs[1]?.output).toEqual({ type: 'object', required: ['sources'] });
  });

  it('is the same whether it comes as text or as a document', async () => {
    const { parse } = await import('yaml');
    const fromText = await compiled(design, given, around);
    const fromValue = await compile({ document: parse(design), folder: '/plans', ...given }, around);
    expect(fromValue.ok && fromValue.plan).toEqual(fromText.plan);
  });

  it('is the same as JSON, tabs and all', async () => {
    const { parse } = await import('yaml');
    const json = await compiled(JSON.stringify(parse(design), null, '\t'), given, around);
    expect(json.plan).toEqual((await compiled(design, given, around)).plan);
  });
});

describe('defaults', () => {
  const briefOf = async (text: string) => (await compiled(plan(text))).plan.briefs[0]!;

  it('of the format hold where nothing is said', async () => {
    const { plan: small } = await compiled(plan('briefs: [{ id: a, run: [node] }]'));
    expect(small.limits).toEqual({ concurrency: 10 });
    expect(small.briefs[0]).toMatchObject({
      timeoutMs: 600_000,
      heartbeatMs: 15_000,
      retry: { attempts: 3, backoff: { minMs: 1_000, maxMs: 60_000 }, then: 'fail' },
      parse: 'text',
      okExit: [0],
    });
  });

  it('of the plan merge map by map; what a brief says itself wins, and lists replace', async () => {
    const brief = await briefOf(
      [
        'defaults: { timeout: 2m, retry: { attempts: 5, backoff: 10ms..2s }, okExit: [0, 1] }',
        'briefs: [{ id: a, run: [node], retry: { attempts: 2, then: missing }, okExit: [3] }]',
      ].join('\n'),
    );
    expect(brief).toMatchObject({
      timeoutMs: 120_000,
      retry: { attempts: 2, backoff: { minMs: 10, maxMs: 2_000 }, then: 'missing' },
      okExit: [3],
    });
  });

  it('of retries merge type by type', async () => {
    const brief = await briefOf(
      [
        'defaults: { retry: { on: { ModelRateLimited: { attempts: 8 }, CommandFailed: { attempts: 1 } } } }',
        'briefs: [{ id: a, run: [node], retry: { on: { CommandFailed: { attempts: 2, backoff: 1s..2s } } } }]',
      ].join('\n'),
    );
    expect(brief.retry).toEqual({
      attempts: 3,
      backoff: { minMs: 1_000, maxMs: 60_000 },
      on: {
        ModelRateLimited: { attempts: 8 },
        CommandFailed: { attempts: 2, backoff: { minMs: 1_000, maxMs: 2_000 } },
      },
      then: 'fail',
    });
  });

  it('say nothing of how often to try what must not run twice: that the brief says itself', async () => {
    const defaults =
      'defaults: { retry: { attempts: 5, backoff: 2s..3s, on: { HttpFailed: { attempts: 9 } } } }';
    const retry = { attempts: 1, backoff: { minMs: 2_000, maxMs: 3_000 }, then: 'fail' };
    const pays = (more = '') => briefOf(`${defaults}\nbriefs: [{ id: a, run: [node], effect: once${more} }]`);
    expect((await pays()).retry).toEqual(retry);
    expect((await pays(', retry: { attempts: 2 }')).retry).toEqual({ ...retry, attempts: 2 });
  });

  it('limit silence too, in all that does not say otherwise', async () => {
    const limited =
      'defaults: { stall: 90s }\nbriefs: [{ id: a, run: [node] }, { id: b, run: [node], stall: 5s }]';
    const { briefs } = (await compiled(plan(limited))).plan;
    expect(briefs.map(({ stallMs }) => stallMs)).toEqual([90_000, 5_000]);
  });

  it('that a brief has no use for do not reach it', async () => {
    const brief = await briefOf('defaults: { model: fast, scope: x }\nbriefs: [{ id: a, run: [node] }]');
    expect(brief).not.toHaveProperty('model');
    expect(brief).not.toHaveProperty('scope');
  });

  it('of the params schema are filled in, inside templates of inputs too', async () => {
    const text = plan(
      "params: { type: object, properties: { ext: { type: string, default: md } } }\ninputs: { all: { glob: 'notes/*.{{ params.ext }}' } }\nbriefs: [{ id: a, run: [node] }]",
    );
    const { plan: filled } = await compiled(text, {}, around);
    expect(filled.params).toEqual({ ext: 'md' });
    expect(filled.inputs.all).toHaveLength(2);
  });

  it('read an answer with a schema as JSON, one without as text', async () => {
    const { plan: two } = await compiled(
      plan('briefs: [{ id: a, ask: x, output: { type: object } }, { id: b, ask: y }]'),
    );
    expect(two.briefs.map(({ parse }) => parse)).toEqual(['json', 'text']);
  });
});

describe('every form of', () => {
  it.each([
    ['forEach.in, an expression', 'in: params.xs', { kind: 'in', cel: 'params.xs' }],
    ['forEach.in, a list', 'in: [1, two]', { kind: 'list', items: [1, 'two'] }],
    [
      'forEach.matrix',
      'matrix: { x: [1, 2] }, exclude: [{ x: 2 }]',
      { kind: 'matrix', axes: { x: [1, 2] }, exclude: [{ x: 2 }] },
    ],
    ['forEach.each', 'each: other', { kind: 'each', brief: 'other' }],
  ])('%s', async (_, source, expected) => {
    const text = plan(
      `params: { type: object, properties: { xs: {} } }\nbriefs:\n  - { id: other, call: f, forEach: { in: [1] } }\n  - { id: a, call: f, forEach: { ${source}, as: x } }`,
    );
    const { plan: fan } = await compiled(text);
    expect(fan.briefs[1]?.forEach?.source).toEqual(expected);
  });

  it('accept', async () => {
    const text = plan(
      'briefs:\n  - { id: a, run: [node], accept: { cel: output != "" } }\n  - { id: b, run: [node], accept: [{ command: [node, check.mjs] }, { cel: "true" }] }\n  - { id: c, run: [node], accept: { judge: capable, says: It is short. } }',
    );
    const { plan: accepting } = await compiled(text);
    expect(accepting.briefs.map(({ accept }) => accept)).toEqual([
      [{ kind: 'cel', cel: 'output != ""' }],
      [
        { kind: 'command', argv: ['node', 'check.mjs'] },
        { kind: 'cel', cel: 'true' },
      ],
      [{ kind: 'judge', model: 'capable', says: 'It is short.' }],
    ]);
  });

  it('a check', async () => {
    const checks = [
      "{ covers: params.xs, in: '$.rows[*].x' }",
      '{ schema: { type: object } }',
      "{ count: { min: 1 }, in: '$.rows[*]' }",
      "{ matches: '^a', in: '$.rows[*].x' }",
      '{ cel: data.rows.size() > 0 }',
      "{ unique: true, in: '$.rows[*].x' }",
      "{ range: { max: 9 }, in: '$.rows[*].x' }",
      "{ reconcile: params.xs.size(), in: '$.rows' }",
    ];
    const text = plan(
      `params: { type: object, properties: { xs: {} } }\nrequirements:\n${checks
        .map((check, i) => `  - { id: r${i}, says: x, check: ${check} }\n`)
        .join('')}briefs: [{ id: a, run: [node] }]`,
    );
    const { plan: checked } = await compiled(text);
    expect(checked.requirements.map(({ check }) => check)).toEqual([
      { kind: 'covers', covers: 'params.xs', in: '$.rows[*].x' },
      { kind: 'schema', schema: { type: 'object' } },
      { kind: 'count', min: 1, in: '$.rows[*]' },
      { kind: 'matches', matches: '^a', in: '$.rows[*].x' },
      { kind: 'cel', cel: 'data.rows.size() > 0' },
      { kind: 'unique', in: '$.rows[*].x' },
      { kind: 'range', max: 9, in: '$.rows[*].x' },
      { kind: 'reconcile', reconcile: 'params.xs.size()', in: '$.rows' },
    ]);
  });

  it('merge, with what holds where nothing is said', async () => {
    const text = plan(
      'briefs: [{ id: a, run: [node] }]\nintegrate:\n  merge:\n    rows: { from: [a], at: $.rows, key: [x, y], match: normalised, conflicts: [prefer: a, majority, keep-both] }\n    rest: { from: [a] }',
    );
    const { plan: merged } = await compiled(text);
    expect(merged.integrate.merge).toEqual([
      {
        name: 'rows',
        from: ['a'],
        at: '$.rows',
        key: ['x', 'y'],
        match: 'normalised',
        conflicts: [{ kind: 'prefer', brief: 'a' }, { kind: 'majority' }, { kind: 'keep-both' }],
      },
      { name: 'rest', from: ['a'], at: '$', key: [], match: 'exact', conflicts: [] },
    ]);
  });

  it('merge, with all that can be said of it', async () => {
    const text = plan(`briefs: [{ id: a, run: [node] }, { id: b, run: [node] }]
integrate:
  merge:
    rows:
      from: [a, b]
      key: vendor
      deep: true
      compare: { name: normalised, price: { within: 2 % }, weight: { unit: kg, within: 0.1 } }
      conflicts: [prefer: [b, a], prefer: { source: [official, press] }, consensus: 2, highest: sure, newest: asOf, fail]
      rank: { by: score, top: 3 }
      group: region
    notes: { from: [a], near: 0.8 }`);
    const { plan: merged } = await compiled(text);
    expect(merged.integrate.merge).toMatchObject([
      {
        deep: true,
        compare: {
          name: { match: 'normalised' },
          price: { within: { kind: 'relative', by: 0.02 } },
          weight: { unit: 'kg', within: { kind: 'absolute', by: 0.1 } },
        },
        conflicts: [
          { kind: 'prefer', brief: 'b' },
          { kind: 'prefer', brief: 'a' },
          { kind: 'prefer-where', field: 'source', order: ['official', 'press'] },
          { kind: 'consensus', quorum: 2 },
          { kind: 'highest', field: 'sure' },
          { kind: 'newest', field: 'asOf' },
          { kind: 'fail' },
        ],
        rank: { by: 'score', order: 'descending', top: 3 },
        group: ['region'],
      },
      { near: 0.8 },
    ]);
  });
});

describe('no problem is made of', () => {
  it.each([
    ['a comment behind a quoted text', "briefs:\n  - id: a\n    run: [node]\n    title: 'x' # why"],
    ['a comment behind what is no prose', 'briefs:\n  - id: a # first\n    run: [node] # second'],
    [
      'a comment on its own line below prose',
      'briefs:\n  - id: a\n    run: [node]\n    title: one\n      two\n      # three\n    # four\n',
    ],
    [
      'a need whose files are read',
      'briefs:\n  - { id: a, run: [node], writes: [out/x] }\n  - { id: b, run: [node], needs: [a], reads: [out/x] }',
    ],
    [
      'a reader that mirrors what another writes',
      'briefs:\n  - { id: a, run: [node], writes: [out/x] }\n  - { id: b, run: [node], reads: [out/x], mirrors: [out/*] }',
    ],
    [
      'writers with an order between them, through a third',
      'briefs:\n  - { id: a, run: [node], writes: [x] }\n  - { id: b, run: [node], needs: [a], reads: [x] }\n  - { id: c, run: [node], needs: [b], writes: [x], when: b.status == "succeeded" }',
    ],
    [
      'a fan that writes by its key',
      "briefs:\n  - { id: a, run: [node], forEach: { in: [1] }, writes: ['out/{{ key }}.md'] }",
    ],
    [
      'paths told apart by parameters',
      "params: { type: object, properties: { x: { default: one } } }\nbriefs:\n  - { id: a, run: [node], writes: ['{{ params.x }}/f'] }\n  - { id: b, run: [node], writes: [two/f] }",
    ],
    [
      'a dash that the author wrote',
      "params: { type: object, properties: { x: { default: rf } } }\nbriefs: [{ id: a, run: [node, '-{{ params.x }}'] }]",
    ],
    [
      'a dash that the author allows',
      "params: { type: object, properties: { x: { default: '-rf' } } }\nbriefs: [{ id: a, run: [node, '{{ params.x }}'], allowDash: true }]",
    ],
    [
      'one anchor in many briefs',
      `briefs:\n${Array.from({ length: 500 }, (_, i) => `  - { id: b${i}, run: ${i === 0 ? '&cmd [node, x]' : '*cmd'} }\n`).join('')}`,
    ],
    [
      'names bound by an expression itself',
      "briefs: [{ id: a, run: [node], when: '[1, 2].exists(n, n > 1)' }]",
    ],
    [
      'names bound by a template itself',
      "briefs: [{ id: a, run: [node, 'x{% assign n = 1 %}{{ n }}{% for m in (1..2) %}{{ m }}{% endfor %}'] }]",
    ],
    [
      'types of CEL',
      'params: { type: object, properties: { x: {} } }\nbriefs: [{ id: a, run: [node], when: type(params.x) == string }]',
    ],
  ])('%s', async (_, text) => {
    expect(await problemsOf(plan(text))).toEqual([]);
  });
});

describe('workspaces', () => {
  const source = `defaults: { workspace: copy }
briefs:
  - { id: a, run: [node], produces: ['src/{{ params.x }}'] }
  - { id: b, run: [node], needs: [a] }
  - { id: c, run: [node], workspace: shared, reads: [x] }
  - { id: d, ask: Think., output: { type: object } }
integrate: { files: { conflicts: [{ prefer: a }, majority, fail] } }
params: { type: object, properties: { x: { default: y } } }`;

  it('are had by those that run and do not share, begin with one base, and pass files by their needs', async () => {
    const { plan: compiledPlan, files, warnings } = await compiled(plan(source));
    expect(compiledPlan.briefs.map(({ workspace }) => workspace)).toEqual([
      { produces: ['src/{{ params.x }}'] },
      {},
      undefined,
      undefined,
    ]);
    const { base, integrate } = compiledPlan;
    expect(base).toMatchObject({ kind: 'copy', within: '', tree: '1'.repeat(40) });
    expect(files.has(base!.pack.digest)).toBe(true);
    expect(integrate.files).toEqual([{ kind: 'prefer', brief: 'a' }, { kind: 'majority' }, { kind: 'fail' }]);
    expect(warnings).toEqual([]);
  });

  it('are not looked for where no brief has one', async () => {
    const around = { ...memoryFolder(), base: () => Promise.reject(new Error('asked')) };
    expect((await compiled(plan('briefs: [{ id: a, run: [node] }]'), {}, around)).plan.base).toBeUndefined();
  });
});
