import { describe, expect, it } from 'vitest';
import { Problems } from '../../../src/core/plan/problems.js';
import { readRole } from '../../../src/core/plan/role.js';
import { compiled, memoryFolder, plan, problemsOf } from './support.js';

const HOUSE = `---
name: sceptic
description: Doubts.
strengths: [doubt, proof]
best for: claims, figures
model: capable
---

You doubt what you are told. {{ this }} stays as it is.
`;
/** As coding assistants write them: no YAML, for the description, and keys that Muster has no use for. */
const AGENT = `---
name: code-reviewer
description: Use this agent after a change. Examples: <example>user: "review this"</example>
  and: "is it good?"
tools: Read, Grep, Glob
model: opus
color: purple
---

You are an expert reviewer.
`;

function read(text: string) {
  const problems = new Problems();
  const role = readRole(text, 'it', problems);
  return { role, told: problems.list().map(({ line, message }) => `${line ?? '-'} ${message}`) };
}

describe('a role', () => {
  it('is Markdown: what it is in front, what a model is told below, as it stands', () => {
    expect(read(HOUSE)).toEqual({
      role: {
        name: 'it',
        description: 'Doubts.',
        strengths: ['doubt', 'proof'],
        bestFor: ['claims', 'figures'],
        model: 'capable',
        prompt: 'You doubt what you are told. {{ this }} stays as it is.',
      },
      told: [],
    });
  });

  it('may be an agent file of a coding assistant as it is', () => {
    expect(read(AGENT)).toEqual({
      role: {
        name: 'it',
        description:
          'Use this agent after a change. Examples: <example>user: "review this"</example>\n  and: "is it good?"',
        tools: ['Read', 'Grep', 'Glob'],
        model: 'capable',
        prompt: 'You are an expert reviewer.',
      },
      told: [],
    });
    for (const [alias, tier] of [
      ['haiku', 'fast'],
      ['sonnet', 'default'],
      ['inherit', undefined],
      ['gpt-5', 'gpt-5'],
    ])
      expect(read(`---\nmodel: ${alias}\n---\nX`).role?.model).toBe(tier);
  });

  it('that begins without `---` is all prompt, whatever lines are in it', () => {
    for (const prompt of [
      'You review.\nNever lie.\n\n---\n\nRules: be brief\n\n---\n\nGoodbye.',
      '# R\n---\nmodel: capable\n---\nEnd.',
    ])
      expect(read(prompt)).toEqual({ role: { name: 'it', prompt }, told: [] });
    expect(read('\uFEFF---\nmodel: fast\nX').told).toEqual([
      '1 its front matter begins with `---` and has no end. Close it with another `---`.',
    ]);
  });

  it('whose tools are written in another way is read without them', () => {
    const { role, told } = read('---\ntools: { write: false }\n---\nX');
    expect(role).toEqual({ name: 'it', prompt: 'X' });
    expect(told).toEqual(['2 its `tools` are neither text nor a list of texts, and are not read.']);
  });

  it('may have no front matter, and lines that end as on other systems', () => {
    expect(read('You doubt.').role).toEqual({ name: 'it', prompt: 'You doubt.' });
    expect(read('---\r\nmodel: fast\r\n---\r\nYou doubt.\r\n').role).toEqual({
      name: 'it',
      model: 'fast',
      prompt: 'You doubt.',
    });
  });

  it.each([
    ['that has no prompt', '---\nmodel: fast\n---\n \n', '- it has no prompt'],
    ['whose front matter has no end', '---\nmodel: fast\nYou doubt.', '1 its front matter begins with `---`'],
    ['whose front matter is no YAML', '---\nmodel: [fast\n---\nYou doubt.', '3 this is not YAML'],
    ['whose model is a list', '---\ntools: x\nmodel: [fast]\n---\nYou doubt.', '3 `model` wants text.'],
    ['that is a book', 'x'.repeat(50_001), '- it has 50,001 characters, over the maximum of 50,000'],
  ])('%s is refused where that is', (_, text, says) => {
    const { role, told } = read(text);
    expect(role).toBeUndefined();
    expect(told.join('\n')).toContain(says);
  });

  it('is read with a word of doubt about a key that was meant to be another', () => {
    expect(read('---\nmodle: fast\n---\nYou doubt.').told).toEqual([
      '2 `modle` is not read. Did you mean `model`?',
    ]);
  });
});

describe('a plan', () => {
  const asking = (role: string) =>
    plan(`briefs:\n  - { id: a, ask: Is it so?, role: ${role}, output: { type: string } }`);
  const folder = memoryFolder({
    'roles/sceptic.md': HOUSE,
    'agents/r.md': AGENT,
    'roles/writer.md': 'Mine.',
  });

  it('finds a role beside it, by a path, or among those of Muster: its own goes first', async () => {
    for (const [name, prompt] of [
      ['sceptic', 'You doubt'],
      ['agents/r.md', 'You are an expert'],
      ['explorer', 'You are the explorer.'],
      ['writer', 'Mine.'],
    ] as const) {
      const { plan } = await compiled(asking(name), {}, folder);
      expect(plan.roles![name]!.prompt, name).toContain(prompt);
      expect(plan.briefs[0]!.role).toBe(name);
    }
  });

  it('keeps each role once, and none where it names none', async () => {
    const text = plan(
      'defaults: { role: sceptic }\nbriefs:\n  - { id: a, ask: x, output: {} }\n  - { id: b, ask: y, output: {}, role: writer }\n  - { id: c, run: [node] }',
    );
    const { plan: whole } = await compiled(text, {}, folder);
    expect(Object.keys(whole.roles!)).toEqual(['sceptic', 'writer']);
    expect(whole.briefs.map(({ role }) => role)).toEqual(['sceptic', 'writer', undefined]);
    expect('roles' in (await compiled(plan('briefs: [{ id: a, run: [node] }]'))).plan).toBe(false);
  });

  it.each([
    [
      'revewer',
      "there is no role `revewer`: no `roles/revewer.md` beside the plan, and Muster's own are explorer, writer.",
    ],
    ['explroer', 'Did you mean `explorer`?'],
    ['__proto__', 'a role is a name of letters, digits'],
    ['agents/x.md', "there is no file `agents/x.md` in the plan's folder."],
  ])('is refused where nobody knows the role %s', async (name, says) => {
    const problems = await problemsOf(asking(name), {}, folder);
    expect(problems).toMatchObject([{ severity: 'error', path: 'briefs[0].role', line: 5 }]);
    expect(problems[0]!.message).toContain(says);
  });

  it('says which file of a role is wrong, and where', async () => {
    const wrong = memoryFolder({ 'roles/sceptic.md': '---\nmodel: [\n---\nX' });
    const [problem] = await problemsOf(asking('sceptic'), {}, wrong);
    expect(problem).toMatchObject({ path: 'briefs[0].role', line: 5 });
    expect(problem!.message).toMatch(/^roles\/sceptic\.md line 3: this is not YAML/);
  });

  it('says of tools of another program that no model is offered them', async () => {
    expect(await problemsOf(asking('agents/r.md'), {}, folder)).toMatchObject([
      {
        severity: 'warning',
        path: 'briefs[0].role',
        message: expect.stringContaining('no model is offered here: Read, Grep, Glob.'),
      },
    ]);
  });

  it('that comes without a folder has the roles of Muster only', async () => {
    const inline = { folder: undefined } as unknown as object;
    expect((await problemsOf(asking('explorer'), inline, folder)).length).toBe(0);
    const [problem] = await problemsOf(asking('agents/r.md'), inline, folder);
    expect(problem!.message).toContain('reads no files of the machine');
  });

  it('prefers what a role says, of several the first that said something', async () => {
    const text = plan(
      'briefs:\n  - { id: a, ask: x, output: {}, role: explorer }\n  - { id: b, ask: x, output: {}, role: writer }\n  - { id: c, run: [node] }\nintegrate: { merge: { rows: { from: [a, b, c], key: k, conflicts: [{ role: [writer, explorer] }] } } }',
    );
    const { plan: whole } = await compiled(text);
    expect(whole.integrate.merge[0]!.conflicts).toEqual([
      { kind: 'prefer-role', role: 'writer', briefs: ['b'] },
      { kind: 'prefer-role', role: 'explorer', briefs: ['a'] },
    ]);
    const [problem] = await problemsOf(text.replace('role: [writer, explorer]', 'role: sceptic'));
    expect(problem).toMatchObject({ path: 'integrate.merge.rows.conflicts[0].role' });
    expect(problem!.message).toContain('none of the briefs under `from` has the role `sceptic`');
  });

  it('has its answer written by a role, with the model that it is for', async () => {
    const text = plan(
      'models: { fast: s-1, default: m-1 }\nbriefs: [{ id: a, run: [node] }]\nintegrate: { synthesize: { role: writer } }',
    );
    const { plan: whole } = await compiled(text, {}, memoryFolder());
    expect(whole.integrate.synthesize).toMatchObject({ role: 'writer', model: 'fast' });
    expect(whole.roles!.writer!.prompt).toBe('You are the writer.');
  });
});
