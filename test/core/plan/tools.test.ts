import { describe, expect, it } from 'vitest';
import { offeredOf, overlap } from '../../../src/core/plan/tools.js';
import { compiled, memoryFolder, plan, problemsOf } from './support.js';

const folder = memoryFolder({
  'roles/finder.md': '---\ntools: [search, files.*]\n---\nYou find.',
  'roles/assistant.md': '---\ntools: Read, Grep, mcp__x__y(a), search\n---\nYou help.',
  'roles/reader.md': '---\ntools: Read, Grep\n---\nYou read.',
});
const asking = (more: string, rest = '') =>
  plan(`briefs:\n  - { id: a, ask: x, output: {}, ${more} }\n${rest}`);
const toolsOf = async (more: string, rest?: string) =>
  (await compiled(asking(more, rest), {}, folder)).plan.briefs[0]!.tools;
const told = async (more: string, rest?: string) =>
  (await problemsOf(asking(more, rest), {}, folder)).map(
    ({ severity, path, message }) => `${severity} ${path}: ${message}`,
  );

describe('the tools of a brief', () => {
  it('are those it names, with bounds of their own or the usual ones', async () => {
    expect(await toolsOf('tools: [search, files.*]')).toEqual({
      ...{ use: ['search', 'files.*'], turns: 20, calls: 50, parallel: 4 },
    });
    expect(await toolsOf('tools: { use: [search], turns: 200, calls: 9, parallel: 1 }')).toEqual({
      ...{ use: ['search'], turns: 200, calls: 9, parallel: 1 },
    });
  });

  it('are those of its role where it names none, and within what that allows where it does', async () => {
    const allow = ['search', 'files.*'];
    expect(await toolsOf('role: finder')).toEqual({ allow, turns: 20, calls: 50, parallel: 4 });
    expect(await toolsOf('role: finder, tools: { turns: 3 }')).toMatchObject({ allow, turns: 3 });
    expect(await toolsOf('role: finder, tools: [files.read]')).toMatchObject({ use: ['files.read'], allow });
    expect(await toolsOf('role: finder, tools: []')).toBeUndefined();
    expect(await toolsOf('role: explorer')).toBeUndefined();
  });

  it('may be the same for all that ask', async () => {
    expect(await toolsOf('model: x', 'defaults: { tools: [search] }')).toMatchObject({ use: ['search'] });
  });

  it('of the agent file of another program are those that can be one of a worker; the others are told of', async () => {
    expect(await toolsOf('role: assistant')).toMatchObject({ allow: ['search'] });
    expect(await told('role: assistant')).toEqual([
      'warning briefs[0].role: the role `assistant` names tools of another program, which no model is offered here: Read, Grep, mcp__x__y(a).',
    ]);
    expect(await toolsOf('role: reader')).toBeUndefined();
  });

  it('are a mark of its unit: what carries it out is a workflow of its own', async () => {
    const { graph } = await compiled(
      asking('tools: [search]', '  - { id: b, ask: x, output: {} }'),
      {},
      folder,
    );
    expect(graph.units.map(({ tools }) => tools ?? false)).toEqual([true, false]);
    const fallback = await compiled(
      plan(
        'briefs:\n  - { id: a, run: [node], fallback: { ask: x, tools: [search] }, retry: { then: fallback } }',
      ),
    );
    expect(fallback.graph.units[0]!.tools).toBe(true);
  });

  it.each([
    [
      'role: finder, tools: [browse]',
      'error briefs[0].tools: the role `finder` does not allow `browse`: it allows search, files.*.',
    ],
    ['role: finder, tools: [mails.*]', 'does not allow `mails.*`'],
    ['role: reader, tools: [search]', 'does not allow `search`: none that it names can be here.'],
    ['tools: [Read]', 'error briefs[0].tools[0]: a tool is a function such as `search`'],
    ['tools: { turns: 1 }', 'is below the minimum of 2'],
    ['tools: { turns: 201 }', 'is over the maximum of 200'],
    ['tools: { use: [search], limit: 3 }', 'unknown key `limit`'],
    [
      'tools: [search], vote: { samples: 3 }',
      'what is asked several times calls no tools. Remove one of the two.',
    ],
    ['tools: [search], samples: 3, keep: all', 'what is asked several times calls no tools.'],
    ['tools: [search], perspectives: [a, b]', 'what is asked several times calls no tools.'],
    ['tools: [search], effect: once', 'cannot be kept from doing a thing twice'],
  ])('that will not do are told of: %s', async (more, says) => {
    expect((await told(more)).join('\n')).toContain(says);
    expect((await told(more)).some((one) => one.startsWith('error'))).toBe(true);
  });

  describe('of a fallback', () => {
    const falls = (brief: string, fallback: string) =>
      `${brief}, retry: { then: fallback }, fallback: { ask: y, ${fallback} }`;

    it.each([
      ['vote: { samples: 3 }', 'what is asked several times calls no tools'],
      ['samples: 3, keep: all', 'what is asked several times calls no tools'],
      ['effect: once', 'cannot be kept from doing a thing twice'],
    ])('will not do where the brief that it takes the place of says %s', async (brief, says) => {
      const [found] = await told(falls(brief, 'tools: [search]'));
      expect(found).toContain('error briefs[0].fallback.tools: ');
      expect(found).toContain(says);
    });

    it('are held against the role of the brief, where it has none of its own', async () => {
      expect(await told(falls('role: finder', 'tools: [browse]'))).toEqual([
        'error briefs[0].fallback.tools: the role `finder` does not allow `browse`: it allows search, files.*. Name it there, or remove it here.',
      ]);
      expect(await told(falls('role: finder', 'tools: [search]'))).toEqual([]);
    });

    it('are offered though the brief is asked in batches: what takes its place is not', async () => {
      for (const own of ['tools: [search]', 'role: finder']) {
        const text = asking(falls('batch: true', own));
        const { fallback } = (await compiled(text, {}, folder)).plan.briefs[0]!;
        expect(fallback).toMatchObject({ tools: { turns: 20 } });
        expect(fallback!.batch).toBeUndefined();
      }
    });
  });

  it.each(['vote: { samples: 3 }', 'effect: once'])(
    'that only its role names are left out with a warning where there can be none: %s',
    async (more) => {
      expect(await toolsOf(`role: finder, ${more}`)).toBeUndefined();
      expect((await told(`role: finder, ${more}`)).join()).toMatch(
        /warning briefs\[0\]\.role: .*are not offered/,
      );
    },
  );
});

describe('a pattern of tools', () => {
  it.each([
    ['files.*', 'files.read', true],
    ['files.read', 'files.*', true],
    ['*', 'search', true],
    ['files.re*', 'files.*', true],
    ['files.re*', 'files.w*', false],
    ['files.*', 'search', false],
    ['search', 'searches', false],
  ])('%s can mean what %s does: %s', (a, b, both) => {
    expect(overlap(a, b)).toBe(both);
    expect(overlap(b, a)).toBe(both);
  });

  it('offers only what both the brief and its role mean, and says which of the brief are of none', () => {
    const names = ['search', 'files.read', 'files.write'];
    expect(offeredOf({ use: ['files.*', 'mails.*'], allow: ['files.read', 'search'] }, names)).toEqual({
      names: ['files.read'],
      missing: ['mails.*'],
    });
    expect(offeredOf({ allow: ['search', 'browse'] }, names)).toEqual({ names: ['search'], missing: [] });
  });
});
