import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Change, Entry } from '../../../src/core/files/change.js';
import { standing } from '../../../src/core/integrate/files/collision.js';
import { filesOf } from '../../../src/core/integrate/files/files.js';
import { type Contribution, type MergedFiles, mergeFiles } from '../../../src/core/integrate/files/merge.js';
import { mergedFiles } from '../../../src/core/integrate/markdown/files.js';
import type { Report } from '../../../src/core/integrate/report.js';
import type { FileRule } from '../../../src/core/plan/integration.js';
import type { Plan } from '../../../src/core/plan/plan.js';

/** Content is a set of letters, so that two that change different letters of one text merge. */
const entry = (id: string, mode: Entry['mode'] = '100644'): Entry => ({ mode, id, size: id.length });
type Files = { readonly [path: string]: string };

const without = (from: string, what: string) => [...from].filter((letter) => !what.includes(letter)).join('');
const mergeText = async (before: Entry, ours: Entry, theirs: Entry): Promise<Entry | undefined> => {
  const [mine, yours] = [ours, theirs].map(({ id }) => without(id, before.id) + without(before.id, id));
  if ([...mine!].some((letter) => yours!.includes(letter))) return undefined;
  const gone = without(before.id, ours.id) + without(before.id, theirs.id);
  const added = without(ours.id, before.id) + without(theirs.id, before.id);
  return entry([...without(before.id, gone), ...added].sort().join(''));
};

/** What a brief did that began with one tree and left another. */
function did(label: string, before: Files, after: Files): Contribution {
  const changes = [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((path) => before[path] !== after[path])
    .map(
      (path): Change => ({
        path,
        ...(before[path] !== undefined && { before: entry(before[path]) }),
        ...(after[path] !== undefined && { after: entry(after[path]) }),
      }),
    );
  return { brief: label.split('[')[0]!, label, changes };
}

const merged = (
  base: Files,
  rules: readonly FileRule[],
  ...all: readonly Contribution[]
): Promise<MergedFiles> =>
  mergeFiles(all, {
    rules,
    mergeText,
    base: new Map(Object.entries(base).map(([path, id]) => [path, entry(id)])),
  });

function applied(base: Files, { changes }: MergedFiles): Files {
  const tree = new Map(Object.entries(base));
  for (const { path, after } of changes) {
    if (after) tree.set(path, after.id);
    else tree.delete(path);
  }
  return Object.fromEntries([...tree].sort(([a], [b]) => (a < b ? -1 : 1)));
}

describe('trees of workspaces', () => {
  const base = { index: 'ab', old: 'o' };

  it('become one: each with its own files, and texts that merge', async () => {
    const one = did('one', base, { ...base, index: 'abx', one: '1' });
    const two = did('two', base, { ...base, index: 'aby', two: '2' });
    const all = await merged(base, [], one, two);
    expect(applied(base, all)).toEqual({ index: 'abxy', old: 'o', one: '1', two: '2' });
    expect(all.collisions).toEqual([]);
    expect(all.changes.find(({ path }) => path === 'index')?.by).toEqual(['one', 'two']);
  });

  const X = did('x', base, { ...base, index: 'b' });
  const Y = did('y', base, { ...base, index: 'bc' });
  const Z = did('z', base, { ...base, index: 'b' });

  it.each<[FileRule[], Files, string | undefined]>([
    [[], { index: 'b', 'index~y': 'bc', old: 'o' }, undefined],
    [[{ kind: 'keep-both' }], { index: 'b', 'index~y': 'bc', old: 'o' }, 'keep-both'],
    [[{ kind: 'fail' }], { index: 'b', 'index~y': 'bc', old: 'o' }, 'fail'],
    [[{ kind: 'majority' }], { index: 'b', 'index~y': 'bc', old: 'o' }, undefined],
    [[{ kind: 'prefer', brief: 'y' }], { index: 'bc', old: 'o' }, 'prefer y'],
    [[{ kind: 'majority' }, { kind: 'prefer', brief: 'x' }], { index: 'b', old: 'o' }, 'prefer x'],
  ])('where two do not merge are decided by %j', async (rules, tree, rule) => {
    const all = await merged(base, rules, X, Y);
    expect(applied(base, all)).toEqual(tree);
    const [collision] = all.collisions;
    expect(collision).toMatchObject({ path: 'index', values: [{ by: ['x'] }, { by: ['y'] }] });
    expect(collision?.rule).toBe(rule);
    expect(collision?.lost.map(({ by }) => by)).toEqual(
      Object.hasOwn(tree, 'index~y') ? [] : [[tree.index === 'b' ? 'y' : 'x']],
    );
  });

  it('are decided by the majority of all who changed a path, whoever came first', async () => {
    for (const order of [
      [X, Y, Z],
      [Y, X, Z],
      [Z, X, Y],
    ]) {
      const all = await merged(base, [{ kind: 'majority' }], ...order);
      expect(applied(base, all).index).toBe('b');
      expect(all.collisions[0]).toMatchObject({ rule: 'majority', lost: [{ by: ['y'] }] });
    }
  });

  it('lose nothing of the side that stands: it holds the work of all who merge with it', async () => {
    const start = { index: 'abcd' };
    const [a, b, other] = [
      did('a', start, { index: 'abc' }),
      did('b', start, { index: 'abcde' }),
      did('other', start, { index: 'abcX' }),
    ];
    const all = await merged(start, [{ kind: 'prefer', brief: 'b' }], a, b, other);
    expect(applied(start, all).index).toBe('abce');
    expect(all.collisions[0]).toMatchObject({
      kept: { id: 'abce' },
      lost: [{ by: ['other'], value: { id: 'abcX' } }],
    });
  });

  it('of a file that one changed and another deleted: both are values, and of a deletion nothing is kept', async () => {
    const gone = did('gone', base, { index: 'ab' });
    const changed = did('changed', base, { ...base, old: 'new' });
    const both = await merged(base, [], gone, changed);
    expect(applied(base, both)).toEqual({ index: 'ab', old: 'new' });
    expect(both.collisions[0]?.values).toEqual([
      { value: 'deleted', by: ['gone'] },
      { value: { id: 'new', size: 3 }, by: ['changed'] },
    ]);
    expect(standing(both.collisions[0]!)?.by).toEqual(['changed']);
    const preferred = await merged(base, [{ kind: 'prefer', brief: 'gone' }], gone, changed);
    expect(applied(base, preferred)).toEqual({ index: 'ab' });
  });

  it('where one has a file and another a folder: the rules decide, and both are kept without', async () => {
    const file = did('file', base, { ...base, place: 'f' });
    const folder = did('folder', base, { ...base, 'place/in': 'i', 'place/to': 't' });
    const trees = async (...rules: FileRule[]) => applied({}, await merged(base, rules, file, folder));
    expect(await trees()).toEqual({ 'place/in': 'i', 'place/to': 't', 'place~file': 'f' });
    expect(await trees({ kind: 'prefer', brief: 'file' })).toEqual({ place: 'f' });
    const [lost] = (await merged(base, [{ kind: 'prefer', brief: 'file' }], file, folder)).collisions;
    expect(lost?.lost).toEqual([
      {
        value: 'folder',
        by: ['folder'],
        files: [
          { path: 'place/in', id: 'i' },
          { path: 'place/to', id: 't' },
        ],
      },
    ]);
    const answer = { files: { tree: 't', changes: [], collisions: [lost], strays: [] } };
    const shown = { answer, run: { id: 'r1' } } as unknown as Report;
    expect(mergedFiles(shown, { integrate: {} } as Plan).join('\n')).toContain(
      'lost: `place/in` (`i`), `place/to` (`t`)',
    );
    expect(await trees({ kind: 'prefer', brief: 'folder' })).toEqual({ 'place/in': 'i', 'place/to': 't' });
  });

  it('go on with what a brief made of a collision that it began with', async () => {
    const start = applied(base, await merged(base, [], X, Y));
    expect(start).toEqual({ index: 'b', 'index~y': 'bc', old: 'o' });
    const settled = did('settled', start, { index: 'bcd', old: 'o' });
    for (const rules of [[], [{ kind: 'fail' }]] satisfies FileRule[][]) {
      const all = await merged(base, rules, X, Y, settled);
      expect(applied(base, all)).toEqual({ index: 'bcd', old: 'o' });
      expect(all.collisions).toEqual([]);
      expect(all.changes[0]?.by).toEqual(['x', 'settled', 'y']);
    }
    // To go on with the file beside is not to settle it.
    const edited = did('edited', start, { ...start, 'index~y': 'bcz' });
    const still = await merged(base, [], X, Y, edited);
    expect(applied(base, still)).toEqual({ index: 'b', 'index~y': 'bcz', old: 'o' });
    expect(still.collisions.map(({ path }) => path)).toEqual(['index']);
    const third = did('w', base, { ...base, index: 'bd' });
    const [open] = (await merged(base, [{ kind: 'fail' }], X, Y, third, settled)).collisions;
    expect(open).toMatchObject({ rule: 'fail', values: [{ by: ['x', 'settled', 'y'] }, { by: ['w'] }] });
  });

  it('put a value beside under a name that every file system takes, whatever the length of its own', async () => {
    for (const file of ['x'.repeat(255), `${'ü'.repeat(127)}x`]) {
      const start = { [`d/${file}`]: 'ab' };
      const sides = ['b', 'bc', 'bd'].map((id, n) => did(`b${n}`, start, { [`d/${file}`]: id }));
      const paths = Object.keys(applied(start, await merged(start, [], ...sides)));
      expect(paths.length).toBeGreaterThan(1);
      for (const path of paths) {
        expect(Buffer.byteLength(path.slice(2))).toBeLessThanOrEqual(255);
        expect(path).not.toContain('\ufffd');
      }
    }
  });

  it('are none where two left the same and a third went on from it, in whatever order of the plan', async () => {
    const a = did('a', base, { ...base, index: 'b' });
    const d = did('d', base, { ...base, index: 'b' });
    const c = did('c', { ...base, index: 'b' }, { ...base, index: 'x' });
    for (const order of [
      [a, c, d],
      [a, d, c],
      [d, a, c],
    ]) {
      const all = await merged(base, [], ...order);
      expect([applied(base, all).index, all.collisions]).toEqual(['x', []]);
    }
  });

  it('let what the base has today stand, where a result of another run began with something else', async () => {
    const used = did('used', { index: 'ab' }, { index: 'abx' });
    const merges = await merged({ index: 'aby' }, [], used);
    expect([applied({ index: 'aby' }, merges), merges.collisions]).toEqual([{ index: 'abxy' }, []]);
    const clash = did('used', { index: 'ab' }, { index: 'b' });
    const all = await merged({ index: 'bcd' }, [], clash);
    expect(applied({ index: 'bcd' }, all)).toEqual({ index: 'bcd', 'index~used': 'b' });
    const deleted = await merged({ index: 'abc' }, [], did('used', { index: 'ab' }, {}));
    expect(applied({ index: 'abc' }, deleted)).toEqual({ index: 'abc' });
    expect(deleted.collisions[0]?.values.map(({ by }) => by)).toEqual([['the base'], ['used']]);
  });

  it('keep files of the base that somebody’s file or folder is in the way of, and say so', async () => {
    const tree = { 'd/a': 'a', 'd/b': 'b', f: 'f' };
    // What it deleted lies outside of what it `produces`, and is not kept.
    const file: Contribution = { ...did('file', {}, { d: 'x' }) };
    const folder: Contribution = { ...did('folder', {}, { 'f/in': 'i' }) };
    const all = await merged(tree, [], file, folder);
    expect(applied(tree, all)).toEqual({
      'd/a': 'a',
      'd/b': 'b',
      'd~file': 'x',
      'f/in': 'i',
      'f~the_base': 'f',
    });
    expect(all.collisions.map(({ path }) => path)).toEqual(['d', 'f']);
    const named = { 'index~y/in': 'i', index: 'ab' };
    const beside = await merged(
      named,
      [],
      did('x', named, { ...named, index: 'b' }),
      did('y', named, { ...named, index: 'bc' }),
    );
    expect(applied(named, beside)).toEqual({ ...named, index: 'b', 'index~y~2': 'bc' });
  });

  it('put nothing over what is there under the name it would get', async () => {
    const taken = { ...base, 'index~y': 'mine' };
    const all = await merged(
      taken,
      [],
      did('x', taken, { ...taken, index: 'b' }),
      did('y', taken, { ...taken, index: 'bc' }),
    );
    expect(applied(taken, all)).toEqual({ index: 'b', old: 'o', 'index~y': 'mine', 'index~y~2': 'bc' });
  });
});

it('the report says of every file whose it is, of every collision what stands and what lost, and of strays why', async () => {
  const base = { index: 'ab' };
  const all = await merged(
    base,
    [{ kind: 'prefer', brief: 'x' }],
    did('x', base, { index: 'b' }),
    did('y', base, { index: 'bc', 'a|b`<i>\n# c': 'n' }),
  );
  const strays = [
    { path: 'log', change: 'added' as const },
    { path: 'in/', change: 'added' as const, because: 'repository' as const },
  ];
  const files = filesOf({ ...all, tree: 't' }, [['y', { v: 1, changes: [], strays }]]);
  const report = { answer: { files }, run: { id: 'r1' } } as unknown as Report;
  const plan = { integrate: { files: [{ kind: 'prefer', brief: 'x' }] } } as unknown as Plan;
  const text = mergedFiles(report, plan).join('\n');
  expect(text).toContain('1 added, 1 modified, merged from the workspaces');
  expect(text).toContain(
    '- `index`. Rule *prefer x* decided.\n  - 1 B `b`, by `x`: **stands**\n  - 2 B `bc`, by `y`: lost',
  );
  expect(text).toContain('| `y` | `log` | added | outside what it `produces` |');
  expect(text).toContain('| `y` | `in/` | added | a repository of its own |');
  expect(text.split('\n').filter((line) => /^# |<i>(?!.*`)/.test(line))).toEqual([]);
});

describe('of any workspaces', () => {
  const content = fc.subarray([...'abcdefgh']).map((letters) => letters.join(''));
  const PATHS = ['a', 'a/b', 'a/b/c', 'd', 'd/e', 'f'];
  /** A tree: no path is a file and a folder. */
  const tree = fc.dictionary(fc.constantFrom(...PATHS), content).map((files): Files => {
    const paths = Object.keys(files).sort();
    return Object.fromEntries(
      paths
        .filter((path) => !paths.some((other) => path.startsWith(`${other}/`)))
        .map((path) => [path, files[path]!]),
    );
  });
  const rules = fc.subarray<FileRule>([
    { kind: 'majority' },
    { kind: 'prefer', brief: 'b1' },
    { kind: 'keep-both' },
    { kind: 'fail' },
  ]);
  const given = fc.record({ base: tree, after: fc.array(tree, { maxLength: 5 }), rules });
  const contributions = (base: Files, after: readonly Files[]) =>
    after.map((files, n) => did(`b${n}`, base, files));

  it('the result is a tree', () =>
    fc.assert(
      fc.asyncProperty(given, async ({ base, after, rules }) => {
        const paths = Object.keys(applied(base, await merged(base, rules, ...contributions(base, after))));
        for (const path of paths) expect(paths.filter((other) => other.startsWith(`${path}/`))).toEqual([]);
      }),
    ));

  it('what one alone changed is as that one left it, unless a file and a folder met there', () =>
    fc.assert(
      fc.asyncProperty(given, async ({ base, after, rules }) => {
        const all = contributions(base, after);
        const result = await merged(base, rules, ...all);
        const is = applied(base, result);
        const met = result.collisions.filter(({ values }) => values.some(({ value }) => value === 'folder'));
        for (const { changes } of all) {
          for (const { path, after: left } of changes) {
            const alone =
              all.filter((one) => one.changes.some((change) => change.path === path)).length === 1;
            if (alone && !met.some((one) => path === one.path || path.startsWith(`${one.path}/`)))
              expect(is[path]).toBe(left?.id);
          }
        }
      }),
    ));

  it('every path of the base is there, unless a kept change deleted it or a reported collision moved it', () =>
    fc.assert(
      fc.asyncProperty(given, fc.infiniteStream(fc.boolean()), async ({ base, after, rules }, keeps) => {
        // `produces` may leave out any part of what a brief did.
        const all = contributions(base, after).map((one) => ({
          ...one,
          changes: one.changes.filter(() => keeps.next().value),
        }));
        const result = await merged(base, rules, ...all);
        const is = applied(base, result);
        for (const path of Object.keys(is))
          expect(Object.keys(is).filter((other) => other.startsWith(`${path}/`))).toEqual([]);
        const changed = new Set(all.flatMap(({ changes }) => changes.map((change) => change.path)));
        const met = result.collisions.map((one) => one.path);
        for (const [path, content] of Object.entries(base)) {
          if (changed.has(path) || met.some((one) => path === one || path.startsWith(`${one}/`))) continue;
          expect(is[path]).toBe(content);
        }
        for (const { values } of result.collisions)
          for (const { beside, value } of values)
            if (beside !== undefined) expect(value).toMatchObject({ id: is[beside] });
      }),
    ));

  it('nothing is lost in silence: whoever changed a path is named for it, in the tree or in a collision', () =>
    fc.assert(
      fc.asyncProperty(given, async ({ base, after, rules }) => {
        const all = contributions(base, after);
        const { changes, collisions } = await merged(base, rules, ...all);
        const named = new Set([
          ...changes.flatMap(({ path, by }) => by.map((label) => `${label} ${path}`)),
          ...collisions.flatMap(({ path, values }) =>
            values.flatMap(({ by }) => by.map((label) => `${label} ${path}`)),
          ),
        ]);
        const folders = collisions.map(({ path }) => path);
        const back = new Set(Object.entries(base).map(([path, id]) => `${path} ${id}`));
        const is = applied(base, { changes, collisions });
        for (const one of all) {
          for (const { path } of one.changes) {
            // Two that undo one another leave a path as it was.
            const undone =
              is[path] !== undefined ? back.has(`${path} ${is[path]}`) : base[path] === undefined;
            const within = folders.some((folder) => path.startsWith(`${folder}/`));
            expect(named.has(`${one.label} ${path}`) || undone || within).toBe(true);
          }
        }
      }),
    ));

  it('a chain of needs ends as its last left it, without a collision', () =>
    fc.assert(
      fc.asyncProperty(fc.array(tree, { minLength: 1, maxLength: 6 }), async ([base, ...after]) => {
        const chain = after.map((files, n) => did(`b${n}`, n === 0 ? base! : after[n - 1]!, files));
        const result = await merged(base!, [{ kind: 'majority' }], ...chain);
        expect(result.collisions).toEqual([]);
        expect(applied(base!, result)).toEqual(
          applied(after.at(-1) ?? base!, { changes: [], collisions: [] }),
        );
      }),
    ));
});
